/** Measured inside a real VS Code, which editor.ts starts; the times go to the file that BENCH_RESULTS names. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { hoverAt } from '../../extension/hover/hover.ts';
import { browser, evaluateIn } from '../host/browser.ts';
import type { EditorTimes } from './editor.ts';
import { pause } from './statistics.ts';

const lines = 10_000;
const elements = 10_000;
const manyElements = 100_000;
const times: Record<keyof EditorTimes, number[]> = {
  activation: [],
  hoverFirst: [],
  hoverAtOnce: [],
  constantAtOnce: [],
  providerAtOnce: [],
  hoverCold: [],
  scriptCold: [],
  scriptEdited: [],
  hoverWarm: [],
  hoverEdited: [],
  providerEdited: [],
  providerWarm: [],
  nothingWarm: [],
  frameAlone: [],
  panelFirst: [],
  paintedFirst: [],
  panelNew: [],
  paintedNew: [],
  panelAgain: [],
  largeNew: [],
  paintedLarge: [],
  largeAgain: [],
  seeing: [],
};

const extension = vscode.extensions.getExtension('loss-lens.loss-lens')!;

async function measure<R>(what: keyof EditorTimes, run: () => PromiseLike<R>): Promise<R> {
  const start = performance.now();
  const result = await run();
  times[what].push(performance.now() - start);
  return result;
}

/** A file of the workspace, which is a copy made for this launch. */
async function open(name: string, content: string): Promise<vscode.TextEditor> {
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(content));
  return vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One, preview: false });
}

/** Training scripts one after the other, each with a loss every tenth line. */
function longFile(): string {
  const text = ['import torch', 'from torch import nn', 'import torch.nn.functional as F'];
  for (let part = 0; text.length < lines; part++) {
    text.push(
      `def step_${part}(model, batch, optimizer, weight=0.${part}):`,
      '    """One step of training, with the loss that it came to."""',
      '    x, y = batch["x"], batch["y"]',
      `    criterion = nn.HuberLoss(delta=${1 + (part % 7) / 10})`,
      '    out = model(x).squeeze(-1)',
      '    loss = criterion(out, y) + weight * F.mse_loss(out, y)',
      '    optimizer.zero_grad()',
      '    loss.backward()',
      '    optimizer.step()',
      '    return loss.item()',
    );
  }
  return text.slice(0, lines).join('\n');
}

/** The same in TypeScript. */
function longScript(): string {
  const text = ["import * as tf from '@tensorflow/tfjs';"];
  for (let part = 0; text.length < lines; part++) {
    text.push(
      `export function step${part}(model: tf.LayersModel, batch: Batch, weight = 0.${part}): number {`,
      '  // One step of training, with the loss that it came to.',
      '  const { x, y } = batch;',
      `  const criterion = tf.losses.huberLoss;`,
      '  const out = model.predict(x) as tf.Tensor;',
      `  const first = criterion<tf.Tensor, tf.Scalar>(y, out, undefined, ${1 + (part % 7) / 10});`,
      '  const loss = first.add(tf.losses.meanSquaredError(y, out).mul(weight));',
      '  optimizer.step();',
      '  return loss.dataSync()[0]!;',
      '}',
    );
  }
  return text.slice(0, lines).join('\n');
}

const hovered = (document: vscode.TextDocument, at: vscode.Position): Thenable<vscode.Hover[]> =>
  vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, at);

/**
 * Prediction and target that differ by `off` everywhere: the mean squared error is off², exactly. Short numbers, for a
 * file of more than a million characters is looked through for losses no more.
 */
function evaluated(off: number, count = elements): string {
  const target = Array.from({ length: count }, (_, i) => (i * 37) % 10);
  const prediction = target.map((y, i) => (i % 2 ? y + off : y - off));
  return `import torch.nn.functional as F\npred = [${prediction}]\ny = [${target}]\nloss = F.mse_loss(pred, y)\n`;
}

/**
 * Evaluates in this file and waits until the value is in view.
 * @param painted what the page says itself of a new panel: from outside it is asked again and again, while it draws the
 *   rest
 */
async function showValue(
  what: keyof EditorTimes,
  { document }: vscode.TextEditor,
  off: number,
  painted?: keyof EditorTimes,
): Promise<void> {
  const { line, character } = document.positionAt(document.getText().indexOf('mse_loss'));
  // The editor is done with the file when somebody comes to evaluate.
  await pause(500);
  const seen = (): Promise<void> => browser.waitFor('webview', `.section-value:has-text("${off * off}")`);
  const asked = performance.timeOrigin + performance.now();
  await measure(what, async () => {
    await vscode.commands.executeCommand('lossLens.evaluate', {
      uri: document.uri.toString(),
      line,
      character,
    });
    await seen();
  });
  await measure('seeing', seen);
  if (painted) times[painted].push((await paintedAt()) - asked);
}

/** By the clock that the page and this process share. */
async function paintedAt(): Promise<number> {
  const marks = await evaluateIn('webview', () =>
    performance.getEntriesByName('painted').map(({ startTime }) => performance.timeOrigin + startTime),
  );
  assert.equal(marks.length, 1, 'not a new panel');
  return marks[0]!;
}

/** A page of one word in a panel: what VS Code and the window take for any. */
async function showFrame(word: string): Promise<void> {
  const panel = vscode.window.createWebviewPanel('bench', word, vscode.ViewColumn.Two);
  panel.webview.html = `<!DOCTYPE html><p>${word}</p>`;
  await browser.waitFor('webview', `p:has-text("${word}")`);
}

async function rewrite(editor: vscode.TextEditor, text: string): Promise<void> {
  const all = new vscode.Range(0, 0, editor.document.lineCount, 0);
  await editor.edit((edit) => edit.replace(all, text));
}

describe('times in the editor', function () {
  this.timeout(200_000);
  // What is measured happens once a launch.
  this.retries(0);

  it('are taken', async () => {
    assert(!extension.isActive, 'Something has activated the extension before it could be measured.');
    await measure('activation', () => extension.activate());

    const content = longFile();
    const atOnce = async (what: keyof EditorTimes, name: string): Promise<vscode.Hover[]> => {
      const { document } = await open(name, content);
      const last = document.positionAt(content.lastIndexOf('HuberLoss') + 1);
      return measure(what, () => hovered(document, last));
    };
    const constant = vscode.languages.registerHoverProvider('ruby', {
      provideHover: (_, at) => new vscode.Hover('constant', new vscode.Range(at, at)),
    });
    await atOnce('hoverFirst', 'first.py');
    for (let i = 0; i < 5; i++) {
      assert.equal((await atOnce('constantAtOnce', `at_once_${i}.rb`)).length, 1);
      assert.equal((await atOnce('hoverAtOnce', `at_once_${i}.py`)).length, 1);
    }
    constant.dispose();
    for (let i = 0; i < 5; i++) {
      const { document } = await open(`alone_${i}.py`, content);
      const last = document.positionAt(content.lastIndexOf('HuberLoss') + 1);
      await measure('providerAtOnce', () => hoverAt(document, last));
    }
    const editor = await open('long.py', content);
    const { document } = editor;
    const names: vscode.Position[] = [];
    for (const { index } of content.matchAll(/HuberLoss|mse_loss/g))
      names.push(document.positionAt(index + 1));
    const spread = (i: number): vscode.Position => names[(i * 7919) % names.length]!;
    // As long as it takes somebody to find a name and put the pointer there.
    await pause(2000);
    const found = await measure('hoverCold', () => hovered(document, spread(1)));
    assert.equal(found.length, 1);
    await hoverAt(document, spread(1));
    for (let i = 2; i < 42; i++) {
      await measure('hoverWarm', () => hovered(document, spread(i)));
      await measure('nothingWarm', () => hovered(document, spread(i).with({ character: 1 })));
      await measure('providerWarm', () => hoverAt(document, spread(i)));
    }
    for (let i = 0; i < 10; i++) {
      await editor.edit((edit) => edit.insert(new vscode.Position(lines - 2, 0), '#'));
      await measure('hoverEdited', () => hovered(document, spread(i)));
      await editor.edit((edit) => edit.insert(new vscode.Position(lines - 2, 0), '#'));
      await measure('providerEdited', () => hoverAt(document, spread(i)));
    }

    const text = longScript();
    const script = await open('long.ts', text);
    await pause(2000);
    const last = text.lastIndexOf('meanSquaredError') + 1;
    const place = (): vscode.Position => script.document.positionAt(last);
    const inScript = await measure('scriptCold', () => hovered(script.document, place()));
    const shownThere = inScript
      .flatMap(({ contents }) => (contents as vscode.MarkdownString[]).map(({ value }) => value))
      .join();
    assert(shownThere.includes('Mean squared error'), `Not our hover: ${shownThere.slice(0, 300)}`);
    for (let i = 0; i < 10; i++) {
      await script.edit((edit) => edit.insert(new vscode.Position(lines - 1, 0), ' '));
      await measure('scriptEdited', () => hovered(script.document, place()));
    }

    for (const off of [0.5, 1.5, 2.5, 3.5]) {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      const opened = await open(`off_by_${off}.py`, evaluated(off));
      if (off === 0.5) await showValue('panelFirst', opened, off, 'paintedFirst');
      else await showValue('panelNew', opened, off, 'paintedNew');
    }
    for (const word of ['one', 'two', 'three', 'four']) {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await measure('frameAlone', () => showFrame(word));
    }
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await showValue('panelNew', await open('off_by_4.5.py', evaluated(4.5)), 4.5, 'paintedNew');
    const shown = vscode.window.visibleTextEditors[0]!;
    for (const off of [5.5, 6.5, 7.5]) {
      await rewrite(shown, evaluated(off));
      await showValue('panelAgain', shown, off);
    }
    for (const off of [8.5, 9.5, 10.5, 11.5, 12.5]) {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      const opened = await open(`off_by_${off}.py`, evaluated(off, manyElements));
      await showValue('largeNew', opened, off, 'paintedLarge');
    }
    const large = vscode.window.visibleTextEditors[0]!;
    for (const off of [13.5, 14.5, 15.5]) {
      await rewrite(large, evaluated(off, manyElements));
      await showValue('largeAgain', large, off);
    }
    await writeFile(process.env.BENCH_RESULTS!, JSON.stringify(times));
  });
});
