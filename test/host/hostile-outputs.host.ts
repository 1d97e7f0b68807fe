/** Names in a notebook's outputs and code: in questions, in what is said under the mouse, in a cell's status bar. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { alive, icon, image, link, picture, restOn } from './alive.ts';
import { browser, closeEditors, says } from './browser.ts';
import { answer, asks } from './questions.ts';

const hostile = `${link} ${picture} ${image} ${icon}`;
const asHtml = (text: string): string => text.replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A table as pandas displays it: one column of numbers, one of words. */
const table = `<table border="1" class="dataframe">
  <thead><tr style="text-align: right;"><th></th><th>${asHtml(hostile)}</th><th>${asHtml(`words ${hostile}`)}</th></tr></thead>
  <tbody><tr><th>0</th><td>1.5</td><td>a</td></tr><tr><th>1</th><td>2.5</td><td>b</td></tr></tbody>
</table>`;

const call = `nn.MSELoss()(net(d["${hostile}"]), y)`;
/** Code, and what it gave. */
const cells: readonly (readonly [code: string, given: Readonly<Record<string, string>>])[] = [
  ['df', { 'text/plain': '…', 'text/html': table }],
  ['y', { 'text/plain': 'tensor([1., 2.])' }],
  [`from torch import nn\n${call}`, {}],
  [`nn.L1Loss()(net(d["${hostile}"]), y)\nnn.HuberLoss()(net(d["${hostile}"]), y)`, {}],
];

const list = '.quick-input-widget:visible';
const row = (text: string): string => `${list} .monaco-list-row:has-text("${text}")`;
/** A piece of the hostile name that stands as it is. */
const piece = 'workbench.action.toggleZenMode';

describe('hostile names', function () {
  this.timeout(120_000);
  let uri: vscode.Uri;
  let notebook: vscode.NotebookDocument;

  before(async () => {
    await vscode.extensions.getExtension('loss-lens.loss-lens')!.activate();
    await closeEditors();
    await vscode.commands.executeCommand('notifications.clearAll');
    const name = `${hostile.replaceAll('/', '')}.ipynb`;
    uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);
    const saved = {
      cells: cells.map(([source, data]) => ({
        cell_type: 'code',
        execution_count: 1,
        metadata: {},
        outputs:
          Object.keys(data).length === 0
            ? []
            : [{ data, execution_count: 1, metadata: {}, output_type: 'execute_result' }],
        source: [source],
      })),
      metadata: { language_info: { name: 'python' } },
      nbformat: 4,
      nbformat_minor: 2,
    };
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(JSON.stringify(saved)));
    notebook = await vscode.workspace.openNotebookDocument(uri);
  });

  after(async () => {
    await closeEditors();
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.workspace.fs.delete(uri);
  });

  const evaluate = async (index: number): Promise<{ readonly done: Thenable<unknown> }> => {
    await vscode.window.showNotebookDocument(notebook, {
      selections: [new vscode.NotebookRange(index, index + 1)],
      viewColumn: vscode.ViewColumn.One,
    });
    return { done: vscode.commands.executeCommand('lossLens.evaluateCell', notebook.cellAt(index)) };
  };

  /** Escape would first close what is shown under the mouse, if it is still there. */
  const leave = async (done: Thenable<unknown>): Promise<void> => {
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await done;
  };

  const nothingLives = async (): Promise<void> => {
    assert.deepEqual(await alive('workbench', '.quick-input-widget'), []);
    assert.deepEqual(await alive('workbench', '.monaco-hover'), []);
  };

  it('of arrays in an output, where it is asked which one to take, and in the panel', async () => {
    const { done } = await evaluate(2);
    await answer('Enter evaluates', 'input');
    await asks('input:');
    await browser.waitFor('workbench', row(piece));
    await browser.screenshot('hostile-outputs-list');
    await nothingLives();
    await browser.fill('workbench', `${list} input.input`, piece);
    await browser.press('Enter');
    await asks('Enter evaluates');
    await browser.waitFor('workbench', row(piece));
    await browser.press('Enter');
    await done;
    await browser.waitFor('webview', '.section-value .value');
    assert.deepEqual(await alive('webview', 'body'), []);
    assert.deepEqual(await alive('workbench', '.tabs-container, .breadcrumbs-control'), []);
  });

  it('of arrays that were remembered, where they are confirmed, and under the mouse there', async () => {
    const { done } = await evaluate(2);
    await asks('Enter evaluates');
    await browser.waitFor('workbench', row(piece));
    await nothingLives();
    await restOn(`${row('Evaluate with these')} .label-description`, `.monaco-hover:has-text("${piece}")`);
    await browser.screenshot('hostile-outputs-hover');
    await nothingLives();
    await leave(done);
  });

  it('of columns that are left out: in the list, and in what is said when one is chosen', async () => {
    const { done } = await evaluate(2);
    await answer('Enter evaluates', 'input');
    await asks('input:');
    await browser.waitFor('workbench', row('left out: words'));
    await nothingLives();
    await answer('input:', 'left out');
    await asks('Enter evaluates');
    await nothingLives();
    await browser.press('Enter');
    await done;
    await says(piece);
    assert.deepEqual(await alive('workbench', '.notifications-center'), []);
  });

  it('in the code of a cell: in the question which loss is meant, and in the item of its status bar', async () => {
    const { done } = await evaluate(3);
    await asks('Which of the losses in this cell');
    await restOn(`${row('HuberLoss')} .label-description`, `.monaco-hover:has-text("${piece}")`);
    await nothingLives();
    await leave(done);
    await restOn(
      '.code-cell-row:has-text("HuberLoss") .cell-status-item:has-text("Evaluate loss")',
      '.monaco-hover:has-text("with the arrays in this notebook")',
    );
    assert.deepEqual(await alive('workbench', '.monaco-hover, .cell-statusbar-container'), []);
  });
});
