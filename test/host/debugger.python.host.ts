/** Variables of a paused Python program, by the real debugpy. See `test/debugger/README.md`. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { LossLensError } from '../../engine/errors.ts';
import { debuggerSource } from '../../extension/arrays/debugger/source.ts';
import { browser, closeEditors, putCursor, showHover, withTheme } from './browser.ts';
import { ended, numbersOf, stoppedAt } from './debugging.ts';
import { answer, asks, showsValue } from './questions.ts';

const source = `import numpy as np
import torch
import torch.nn.functional as F

exec = None


class Model:
    def __init__(self):
        self.bias = np.array([[1, 2], [3, 4]], dtype='>i2').T


def train(step):
    scores = torch.tensor([[2.0, -1.0], [0.5, 1.5]])
    logits = scores.to(torch.bfloat16).requires_grad_()
    labels = torch.arange(2)
    batch = {'labels': labels, 'text': "it's"}
    large = np.random.default_rng(0).random(2_500_000)
    model = Model()
    rows = [[1, 2.5], [3, 4]]
    wrong = np.array([1j])
    loss = F.cross_entropy(logits, labels)
    return loss, batch, large, model, rows, wrong


print(train(3))
`;

/** [log(e² + e⁻¹) − 2 + log(e^½ + e^1½) − 1½] / 2 */
const expected = (
  (Math.log(Math.exp(2) + Math.exp(-1)) - 2 + Math.log(Math.exp(0.5) + Math.exp(1.5)) - 1.5) /
  2
).toPrecision(4);

describe('debugger: Python', function () {
  this.timeout(120_000);
  let editor: vscode.TextEditor;

  before(async () => {
    await closeEditors();
    await vscode.extensions.getExtension('loss-lens.loss-lens')!.activate();
    editor = await stoppedAt('paused.py', source, 'loss = F', {
      type: 'debugpy',
      name: 'paused.py',
      request: 'launch',
      console: 'internalConsole',
      justMyCode: false,
    });
  });

  after(async () => {
    await ended();
    await closeEditors();
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('workbench.view.explorer');
    await vscode.commands.executeCommand('workbench.action.closePanel');
  });

  it('the arrays in sight are listed with dtype and shape', async () => {
    const offers = await debuggerSource()!.offers();
    const shown = new Map(offers.map(({ name, dtype, shape }) => [name, `${dtype} ${shape}`]));
    assert.equal(shown.get('logits'), 'bfloat16 2,2');
    assert.equal(shown.get('batch["labels"]'), 'int64 2');
    assert.equal(shown.get('large'), 'float64 2500000');
    assert.equal(shown.get('rows'), 'list 2,2');
    assert(!shown.has('step') && !shown.has('model'));
  });

  it('their numbers come exactly, those behind attributes and expressions too', async () => {
    const logits = await numbersOf('logits');
    assert.deepEqual([logits.dtype, logits.origin, logits.shape], ['float32', 'bfloat16', [2, 2]]);
    assert.deepEqual([...logits.data], [2, -1, 0.5, 1.5]);
    assert.deepEqual([...(await numbersOf('model.bias')).data], [1, 3, 2, 4]);
    assert.deepEqual([...(await numbersOf('batch["labels"][1:]')).data], [1n]);
    const rows = await numbersOf('rows');
    assert.deepEqual([rows.weak, [...rows.data]], [true, [1, 2.5, 3, 4]]);
  });

  it('20 MB come whole, in parts', async () => {
    const fractions: number[] = [];
    const start = performance.now();
    const { data } = await numbersOf('large', (fraction) => fractions.push(fraction));
    console.log(`      ${(data.byteLength / 1e3 / (performance.now() - start)).toFixed(0)} MB/s`);
    assert(fractions.length > 2 && fractions.at(-1) === 1);
    const digest = createHash('sha256').update(Buffer.from(data.buffer)).digest('hex');
    const frame = vscode.debug.activeStackItem as vscode.DebugStackFrame;
    const { result } = (await frame.session.customRequest('evaluate', {
      expression: '__import__("hashlib").sha256(large).hexdigest()',
      frameId: frame.frameId,
      context: 'clipboard',
    })) as { result: string };
    assert.equal(digest, result.replaceAll("'", ''));
  });

  it('what is no array, or none that can be read exactly, is refused', async () => {
    const refusal = (code: string, words: string) => (error: unknown) =>
      error instanceof LossLensError && error.code === code && error.message.includes(words);
    await assert.rejects(numbersOf('step'), refusal('unreadable', 'step is no array'));
    await assert.rejects(numbersOf('wrong'), refusal('unreadable', 'complex128'));
    await assert.rejects(numbersOf('nowhere'), refusal('process-error', 'nowhere'));
  });

  it('Evaluate Loss while paused preselects what the call passes', async () => {
    const place = editor.document.positionAt(source.indexOf('cross_entropy') + 2);
    void vscode.commands.executeCommand('lossLens.evaluate', {
      uri: editor.document.uri.toString(),
      line: place.line,
      character: place.character,
    });
    await asks('input:');
    await browser.waitFor('workbench', '.quick-input-list .monaco-list-row.focused:has-text("logits")');
    await withTheme('light', () => browser.screenshot('debugger-question-light'));
    await browser.screenshot('debugger-question-dark');
    await browser.press('Enter');
    await asks('target:');
    await browser.waitFor('workbench', '.quick-input-list .monaco-list-row.focused:has-text("labels")');
    await browser.press('Enter');
    await showsValue(expected);
  });

  it('a hover says what an array is now, and leads to its loss', async () => {
    await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    await putCursor(editor, editor.document.positionAt(source.lastIndexOf('logits, labels') + 2));
    await showHover('.monaco-hover:visible:has-text("logits: bfloat16 [2, 2]")');
    await browser.screenshot('debugger-hover');
    await browser.click('workbench', '.monaco-hover:visible a:has-text("Evaluate loss")');
    await asks('Loss, by title');
    await browser.press('Escape');
  });

  it('a variable of the Variables view is evaluated from its context menu', async () => {
    await vscode.commands.executeCommand('workbench.debug.action.focusVariablesView');
    const rowOf = (text: string): string => `.debug-view-content .monaco-list-row:has-text("${text}")`;
    if ((await browser.count('workbench', rowOf('logits'))) === 0)
      await browser.click('workbench', rowOf('Locals'));
    await browser.click('workbench', rowOf('logits'));
    await browser.press('Shift+F10');
    await browser.waitFor('workbench', '.monaco-menu .action-item:has-text("Evaluate Loss with Variable")');
    await browser.screenshot('debugger-menu');
    await browser.click('workbench', '.monaco-menu .action-item:has-text("Evaluate Loss with Variable")');
    await answer('Loss, by title', 'torch.nn.functional.cross_entropy');
    await answer('input:', 'logits');
    await asks('target:');
    await browser.waitFor('workbench', '.quick-input-list .monaco-list-row:has-text("labels")');
    await answer('target:', 'labels int64');
    await showsValue(expected);
    await browser.screenshot('debugger-evaluated');
  });
});
