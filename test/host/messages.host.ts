/** Messages about losses in a real terminal and under real notebook cells. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { browser, closeEditors } from './browser.ts';

const outOfBounds = 'IndexError: Target 3 is out of bounds.';

/** A cell with an error output, as a notebook file holds it. */
const failedCell = (id: string, ename: string, evalue: string) => ({
  cell_type: 'code',
  id,
  execution_count: 1,
  metadata: {},
  source: ['loss = criterion(output, y)'],
  outputs: [
    {
      output_type: 'error',
      ename,
      evalue,
      traceback: [`\u001b[31m${ename}\u001b[0m`, `${ename}: ${evalue}`],
    },
  ],
});

describe('messages of the libraries', () => {
  before(() => vscode.extensions.getExtension('loss-lens.loss-lens')!.activate());
  beforeEach(closeEditors);
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closePanel');
    await closeEditors();
  });

  it('lead from the cell that failed to the page about them', async () => {
    const cells = [
      failedCell('one', 'IndexError', 'Target 3 is out of bounds.'),
      failedCell('two', 'KeyError', "'labels'"),
    ];
    const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'failed.ipynb');
    const text = JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    try {
      await vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(uri));
      const item = '.cell-statusbar-container >> text=A label is outside the classes';
      await browser.waitFor('workbench', item);
      assert.equal(await browser.count('workbench', '.cell-statusbar-container .codicon-lightbulb'), 1);
      await browser.screenshot('messages-notebook');
      await browser.click('workbench', item);
      await browser.waitFor('webview', 'h1:text-is("A label is outside the classes")');
      await browser.screenshot('messages-page');
    } finally {
      await closeEditors();
      await vscode.workspace.fs.delete(uri);
    }
  });

  it('are links in the terminal', async () => {
    // Drawn as elements, a line can be found in the page; drawn by the GPU, it is a picture.
    const settings = vscode.workspace.getConfiguration('terminal.integrated');
    await settings.update('gpuAcceleration', 'off', vscode.ConfigurationTarget.Global);
    const terminal = vscode.window.createTerminal({
      name: 'training',
      shellPath: process.execPath,
      shellArgs: ['-e', `console.log(${JSON.stringify(outOfBounds)}); setTimeout(() => {}, 60000)`],
    });
    try {
      terminal.show();
      const line = '.xterm-rows > div:has-text("out of bounds")';
      await browser.hover('workbench', line, 'out of bounds');
      await browser.waitFor('workbench', '.monaco-hover >> text=Loss Lens: A label is outside the classes');
      await browser.screenshot('messages-terminal');
      await browser.follow('workbench', line, 'out of bounds');
      await browser.waitFor('webview', 'h1:text-is("A label is outside the classes")');
    } finally {
      terminal.dispose();
      await settings.update('gpuAcceleration', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
