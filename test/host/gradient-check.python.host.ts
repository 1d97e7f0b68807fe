/** `Check Gradient of a Loss…` on functions of a notebook, run by a real kernel. See `test/kernel/README.md`. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { violationsOfCopy } from './axe.ts';
import { allThemes, browser, closeEditors, says, until, withTheme } from './browser.ts';
import { grant, openNotebook, runCell, standIn } from './notebooks.ts';
import { assertPolicyWithoutScripts } from './policy.ts';
import { answer, asks } from './questions.ts';

const cells = [
  `import torch
pred = torch.tensor([0.0, 3.0, -0.25])
target = torch.tensor([1.0, 1.0, 0.5])`,
  `def my_huber(pred, target):  # loss: huber
    error = (pred - target).abs()
    return torch.where(error < 1, 0.5 * error**2, error - 0.5).sum()`,
  `def clamped(pred, target):
    return ((pred.clamp(0, 1) - target) ** 2).mean()`,
  `def broken(pred, target):
    raise ValueError('not today')`,
  `x = 1`,
];

describe('gradient check', function () {
  this.timeout(120_000);
  let notebook: vscode.NotebookDocument;

  before(async () => {
    await closeEditors();
    await vscode.extensions.getExtension('loss-lens.loss-lens')!.activate();
    notebook = await openNotebook(cells);
    for (const index of [0, 1, 2, 3]) await runCell(notebook, index);
  });

  beforeEach(() => vscode.commands.executeCommand('notifications.clearAll'));
  after(async () => {
    await closeEditors();
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  const check = (index: number): Thenable<unknown> =>
    vscode.commands.executeCommand('lossLens.checkGradient', notebook.cellAt(index));

  async function answerPoints(): Promise<void> {
    await asks('pred: the point');
    await browser.waitFor('workbench', '.quick-input-list .monaco-list-row.focused:has-text("pred")');
    await browser.press('Enter');
    await asks('target: the point');
    await browser.waitFor('workbench', '.quick-input-list .monaco-list-row.focused:has-text("target")');
    await browser.press('Enter');
  }

  /** The first of the arguments is ticked. */
  async function answerBy(): Promise<void> {
    await asks('The gradient by which');
    await browser.press('Enter');
  }

  /** The page is another document for each result, so its tab says when it is there. */
  async function shows(name: string): Promise<void> {
    const isThere = (): boolean =>
      vscode.window.tabGroups.all.some(({ activeTab }) => activeTab?.label === `Gradient of ${name}`);
    await until(isThere, `no page shows ${name}`);
    await until(
      async () => (await browser.count('webview', `h1:has-text("${name}")`).catch(() => 0)) > 0,
      `the page of ${name} is empty`,
    );
  }

  it('a right one agrees with its differences and with the loss that its comment names, by the reduction it has', async () => {
    (await standIn()).forgetAccess();
    void check(1);
    await grant('Allow');
    await answerPoints();
    await answerBy();
    await shows('my_huber');
    const text = (await browser.text('webview', 'main')).replaceAll(/\s+/g, ' ');
    assert.match(text, /The value of Huber loss with reduction sum\./);
    assert.match(text, /Autograd and finite differences agree at 3 of 3 elements/);
    assert.match(text, /Autograd and Huber loss agree at 3 of 3 elements/);
    await assertPolicyWithoutScripts();
    for (const theme of allThemes) {
      await withTheme(theme, async () => {
        await browser.screenshot(`gradient-check-${theme}`);
        assert.deepEqual(await violationsOfCopy(), [], theme);
      });
    }
  });

  it('one that cuts its gradient off differs from the loss that it claims to be, element by element', async () => {
    void check(2);
    await answerPoints();
    await answer('Which loss of the catalogue', 'A loss of');
    await answer('Loss, by title', 'mse');
    await answerBy();
    await shows('clamped');
    const text = (await browser.text('webview', 'main')).replaceAll(/\s+/g, ' ');
    assert.match(text, /under none of its reductions/);
    assert.match(text, /Autograd and finite differences agree at 3 of 3 elements \(1 at kinks/);
    assert.match(text, /squared.error differ at 2 of 3 elements/);
    await withTheme('light', () => browser.screenshot('gradient-check-differs-light'));
    assert.deepEqual(await violationsOfCopy(), []);
    await browser.screenshot('gradient-check-differs-dark');
  });

  it('what the function raises is told as it is', async () => {
    void check(3);
    await answerPoints();
    await answer('Which loss of the catalogue', 'None');
    await answerBy();
    await says('broken raised ValueError in line 2 of broken: not today');
  });

  it('a cell without a function says what it needs', async () => {
    void check(4);
    await says('This cell defines no function.');
  });
});
