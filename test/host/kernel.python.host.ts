/** From a notebook's cells, run on a real kernel, to the value in the panel. See `test/kernel/README.md`. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { StandIn } from '../kernel/jupyter/extension.ts';
import { browser, closeEditors, says, withTheme } from './browser.ts';
import { grant, openNotebook, runCell, standIn } from './notebooks.ts';
import { answer, showsValue } from './questions.ts';

const cells = [
  `import numpy as np
scores = (np.arange(6.0).reshape(2, 3) ** 2 / 10).astype('float32')
labels = np.arange(0, 4, 2)
other = np.zeros((4, 4))
shifted = other + 2
large = np.zeros(300_000_000, dtype='uint8')`,
  `import torch.nn.functional as F
loss = F.cross_entropy(scores, labels)`,
  'F.mse_loss(shifted, other)',
  'F.mse_loss(large, other)',
];

/** log Σ exp − the score of the label, by hand. */
const expected = (() => {
  const rows = [
    [0, 0.1, 0.4],
    [0.9, 1.6, 2.5],
  ];
  const loss = (row: number[], label: number): number =>
    Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0)) - row[label]!;
  return (loss(rows[0]!, 0) + loss(rows[1]!, 2)) / 2;
})().toPrecision(5);

describe('kernel variables', function () {
  this.timeout(120_000);
  let notebook: vscode.NotebookDocument;
  let jupyter: StandIn;

  before(async () => {
    await closeEditors();
    await vscode.extensions.getExtension('loss-lens.loss-lens')!.activate();
    jupyter = await standIn();
    jupyter.forgetAccess();
    notebook = await openNotebook(cells);
  });

  beforeEach(() => vscode.commands.executeCommand('notifications.clearAll'));
  after(async () => {
    await closeEditors();
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  /** Evaluates the call of a cell: of cross-entropy in the second one. */
  function evaluate(cell = 1): Thenable<unknown> {
    const { document } = notebook.cellAt(cell);
    const place = document.positionAt(document.getText().indexOf('F.', 20 * Number(cell === 1)) + 5);
    return vscode.commands.executeCommand('lossLens.evaluate', {
      uri: document.uri.toString(),
      line: place.line,
      character: place.character,
    });
  }

  it('before any cell ran there is no kernel, and the message says what to do', async () => {
    void evaluate();
    await answer('input:', 'From the kernel');
    await says('This notebook has no running kernel.');
  });

  it('access that is denied is told, with the command that grants it', async () => {
    await runCell(notebook, 0);
    void evaluate();
    await answer('input:', 'From the kernel');
    await grant('Deny');
    await says('Manage Access To Jupyter Kernels');
    jupyter.forgetAccess();
  });

  it('allowed once, the variables are listed and the value is that of the kernel’s numbers', async () => {
    void evaluate();
    await answer('input:', 'From the kernel');
    await grant('Allow');
    await browser.waitFor('workbench', '.quick-input-list:visible .monaco-list-row:has-text("scores")');
    await withTheme('light', () => browser.screenshot('kernel-variables-light'));
    await browser.screenshot('kernel-variables-dark');
    await browser.type('scores');
    await browser.press('Enter');
    await answer('target:', 'From the kernel');
    await browser.waitFor('workbench', '.quick-input-list:visible .monaco-list-row:has-text("labels")');
    await browser.type('labels');
    await browser.press('Enter');
    await showsValue(expected);
  });

  it('then those that a call passes are taken', async () => {
    const panels = vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ input }) => input instanceof vscode.TabInputWebview);
    await vscode.window.tabGroups.close(panels);
    void evaluate(2);
    await showsValue('4');
    await browser.waitFor('webview', ':text("torch.nn.functional.mse_loss")');
  });

  it('neither the counter nor the outputs of the notebook have changed', () => {
    assert.equal(notebook.cellAt(0).executionSummary?.executionOrder ?? undefined, undefined);
    assert.equal(notebook.cellAt(0).outputs.length, 0);
  });

  it('a kernel that dies while an array is read gives one clear message', async () => {
    void evaluate(3);
    setTimeout(() => jupyter.kill(notebook.uri), 400);
    await says('The kernel ended while');
    await browser.screenshot('kernel-died');
  });
});
