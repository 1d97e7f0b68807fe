/** The engine in the browser: what the libraries gave, on its kernels, its threads and in the panel. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { browser, closeEditors, showText } from './browser.ts';

interface Case {
  readonly symbol: string;
  readonly note: string;
  readonly inputs: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly data: readonly number[] }>
  >;
  readonly value?: { readonly data: readonly number[] };
}

async function caseOf(symbol: string, note: string): Promise<Case> {
  const { extensionUri } = vscode.extensions.getExtension('loss-lens.loss-lens')!;
  const response = await fetch(extensionUri.with({ path: '/golden/torch.json' }).toString(true));
  const { cases } = (await response.json()) as { cases: readonly Case[] };
  const found = cases.find((each) => each.symbol === symbol && each.note === note);
  assert(found?.value, `no golden ${symbol}, ${note}`);
  return found;
}

/** Rows in brackets, as the data's shape has them. */
function literal({ shape, data }: Case['inputs'][string]): string {
  const [length, ...inner] = shape;
  if (length === undefined) return String(data[0]);
  const size = data.length / length;
  const parts = Array.from({ length }, (_, i) =>
    literal({ shape: inner, data: data.slice(i * size, (i + 1) * size) }),
  );
  return `[${parts.join(', ')}]`;
}

describe('the engine in the browser', () => {
  after(closeEditors);

  it('gives the value that torch gave, in the panel', async () => {
    const golden = await caseOf('torch.nn.HuberLoss', '[3, 4], default');
    const { input, target } = golden.inputs;
    const content = `import torch\ntorch.nn.HuberLoss()(torch.tensor(${literal(input!)}), torch.tensor(${literal(target!)}))\n`;
    const editor = await showText(content, 'python');
    editor.selection = new vscode.Selection(1, 12, 1, 12);
    await vscode.commands.executeCommand('lossLens.evaluate');
    const expected = golden.value!.data[0]!.toPrecision(7).replace(/0+$/, '');
    await browser.waitFor('webview', `.section-value:has-text("${expected}")`);
    assert.equal(await browser.text('webview', 'header code'), 'torch.nn.HuberLoss');
    await browser.screenshot('web-panel');
  });
});
