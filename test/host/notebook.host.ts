/** Evaluating from the saved outputs of a notebook: nothing in it is run. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { browser, closeEditors, says, withTheme } from './browser.ts';
import { answer, asks, showsValue } from './questions.ts';

/** The item in the status bar of the cell whose code holds this. */
const item = (code: string): string =>
  `.code-cell-row:has-text("${code}") .cell-status-item:has-text("Evaluate loss")`;

/** As they are saved: code, and what it gave. */
type Cells = readonly (readonly [code: string, ...given: string[]])[];

const written: vscode.Uri[] = [];

async function open(name: string, cells: Cells): Promise<vscode.NotebookEditor> {
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, `${name}.ipynb`);
  const saved = {
    cells: cells.map(([source, ...given]) => ({
      cell_type: 'code',
      execution_count: 1,
      metadata: {},
      outputs: given.map((text) => ({
        data: { 'text/plain': [text] },
        execution_count: 1,
        metadata: {},
        output_type: 'execute_result',
      })),
      source: [source],
    })),
    metadata: { language_info: { name: 'python' } },
    nbformat: 4,
    nbformat_minor: 2,
  };
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(JSON.stringify(saved)));
  written.push(uri);
  return vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(uri));
}

async function openDemo(cell: number): Promise<void> {
  const [file] = await vscode.workspace.findFiles('losses.ipynb');
  assert(file, 'the workspace is not the demo');
  const editor = await vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(file));
  editor.revealRange(new vscode.NotebookRange(cell, cell + 1), vscode.NotebookEditorRevealType.InCenter);
}

async function evaluate(
  { notebook }: vscode.NotebookEditor,
  index: number,
): Promise<{ readonly done: Thenable<unknown> }> {
  await vscode.window.showNotebookDocument(notebook, {
    selections: [new vscode.NotebookRange(index, index + 1)],
  });
  return { done: vscode.commands.executeCommand('lossLens.evaluateCell') };
}

const bce = 7;

describe('the outputs of a notebook', () => {
  before(closeEditors);

  afterEach(async () => {
    await closeEditors();
    for (const uri of written.splice(0)) await vscode.workspace.fs.delete(uri);
  });

  it('are evaluated with the call of a cell, from its status bar', async () => {
    await openDemo(bce);
    await browser.waitFor('workbench', item('nn.BCELoss()'));
    await browser.screenshot('notebook-status-dark');
    await withTheme('light', () => browser.screenshot('notebook-status-light'));
    await browser.click('workbench', item('nn.BCELoss()'));
    await asks('Enter evaluates');
    await browser.waitFor('workbench', '.quick-input-list .monaco-list-row:has-text("input ← probability")');
    await browser.press('Enter');
    // What PyTorch printed when it was run: tensor(0.6135).
    await showsValue('0.6135');
    await browser.screenshot('notebook-evaluated');
  });

  it('say that they were printed rounded', async () => {
    await openDemo(bce);
    await browser.click('workbench', item('nn.BCELoss()'));
    await asks('Enter evaluates');
    await browser.waitFor(
      'workbench',
      '.quick-input-list .monaco-list-row:has-text("printed to 4 decimals")',
    );
    await browser.screenshot('notebook-rounded');
    await browser.press('Enter');
    await browser.waitFor('webview', ':text("input was printed to 4 decimals")');
  });

  it('are evaluated at once where they are exact and the call names them', async () => {
    const editor = await open('exact', [
      ['x', 'tensor([1., 2.])'],
      ['y', 'tensor([3., 5.])'],
      ['from torch import nn\nnn.MSELoss()(x, y)'],
    ]);
    await evaluate(editor, 2);
    await showsValue('6.5');
  });

  it('are asked about where their name was assigned again since', async () => {
    const editor = await open('assigned', [
      ['x', 'tensor([1., 2.])'],
      ['x = 2 * x'],
      ['y', 'tensor([3., 5.])'],
      ['from torch import nn\nnn.MSELoss()(x, y)'],
    ]);
    await evaluate(editor, 3);
    await asks('Enter evaluates');
    await browser.waitFor(
      'workbench',
      '.quick-input-list .monaco-list-row:has-text("assigned again in cell 2")',
    );
    await browser.press('Escape');
  });

  it('are confirmed where their names only resemble the inputs, and remembered', async () => {
    const editor = await open('resembling', [
      ['y_hat', 'array([0.5, 2. ])'],
      ['y_true', 'array([1., 1.])'],
      ['from torch import nn\nnn.MSELoss()(net(x), y)'],
    ]);
    await evaluate(editor, 2);
    await asks('Enter evaluates');
    await browser.waitFor('workbench', '.quick-input-list .monaco-list-row:has-text("input ← y_hat")');
    await browser.screenshot('notebook-confirm');
    await browser.press('Enter');
    // ((0.5 − 1)² + (2 − 1)²) / 2
    await showsValue('0.625');
    await evaluate(editor, 2);
    await asks('Enter evaluates');
    await browser.waitFor('workbench', '.quick-input-list .monaco-list-row:has-text("input ← y_hat")');
    await browser.press('Escape');
  });

  it('can be given another role before they are evaluated', async () => {
    const editor = await open('roles', [
      ['logits', 'tensor([[2., 0.], [0., 2.]])'],
      ['labels', 'tensor([0, 0])'],
      ['other', 'tensor([0, 1])'],
      ['from torch import nn\nnn.CrossEntropyLoss()(out, labels)'],
    ]);
    await evaluate(editor, 3);
    await asks('Enter evaluates');
    await browser.type('target');
    await browser.press('Enter');
    await answer('target:', 'other');
    await asks('Enter evaluates');
    await browser.press('Enter');
    // log(1 + e⁻²)
    await showsValue('0.1269');
  });

  it('are refused where they are not whole, with the way to get all of it', async () => {
    const editor = await open('not-whole', [
      ['x', 'tensor([-3.0000, -2.9988,  ...,  2.9988,  3.0000])'],
      ['y', 'tensor([1., 2., 3.])'],
      ['from torch import nn\nnn.MSELoss()(x, y)'],
    ]);
    const { done } = await evaluate(editor, 2);
    await asks('Enter evaluates');
    await browser.waitFor('workbench', '.quick-input-list .monaco-list-row:has-text("not whole")');
    await browser.press('Enter');
    await done;
    await says('x in the output of cell 1: This is not the whole array');
    await browser.screenshot('notebook-not-whole');
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('say which columns of a table they leave out, and why', async () => {
    const editor = await open('left-out', [
      ['df', '  name  score when\n0   ab    1.5   x1\n1   cd    2.5   x2'],
      ['y', 'tensor([1., 2.])'],
      ['from torch import nn\nnn.MSELoss()(score, y)'],
    ]);
    const { done } = await evaluate(editor, 2);
    await asks('Enter evaluates');
    await browser.type('input');
    await browser.press('Enter');
    await answer('input:', 'left out');
    await asks('Enter evaluates');
    await browser.waitFor(
      'workbench',
      '.quick-input-list .monaco-list-row:has-text("2 columns left out: name, when")',
    );
    await browser.press('Enter');
    await done;
    await says('2 columns of this table do not surely hold numbers: name, when');
    await browser.screenshot('notebook-left-out');
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('are found in a notebook of 2000 cells, one of them with a long output', async () => {
    const long = `tensor([${'0.1234, 0.5678, '.repeat(400_000)}1.])`;
    const cells: [string, ...string[]][] = Array.from({ length: 1996 }, (_, index) => [
      `v${index}`,
      `array([${index}., 1.])`,
    ]);
    const editor = await open('many', [
      ['far', 'tensor([1., 2.])'],
      ...cells,
      ['long', long],
      ['near', 'tensor([3., 5.])'],
      ['from torch import nn\nnn.MSELoss()(near, near)'],
      ['nn.MSELoss()(long, long)'],
    ]);
    await evaluate(editor, 1999);
    await showsValue('0');
  });
});
