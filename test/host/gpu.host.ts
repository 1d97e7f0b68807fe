/** The engine inside a real webview, on the GPU that it finds there. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type * as Engine from '../../engine/index.ts';
import { evaluateIn, runScriptIn } from './browser.ts';

describe('the engine in a webview', () => {
  let panel: vscode.WebviewPanel;

  before(async () => {
    panel = vscode.window.createWebviewPanel('gpu', 'GPU', vscode.ViewColumn.One, { enableScripts: true });
    panel.webview.html = `<!doctype html>
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-gpu'">
      <p>The engine is brought in by the test.</p>`;
    // Beside the bundle that this is in: run.ts puts both there.
    const script = await readFile(path.join(__dirname, 'engine-in-page.js'), 'utf8');
    await runScriptIn('webview', `${script}\nglobalThis.LossLens = LossLens;`);
  });

  after(() => panel.dispose());

  it('evaluates a loss on navigator.gpu, and again with another parameter', async () => {
    const seen = await evaluateIn('webview', async () => {
      const { LossLens } = globalThis as unknown as { LossLens: typeof Engine };
      const length = 100_000;
      const prediction = LossLens.array(Float32Array.from({ length }, (_, i) => (i % 8) / 2));
      const target = LossLens.array(new Float32Array(length));
      LossLens.configure({ gpu: navigator.gpu });
      const inputs = { prediction, target };
      const request = { loss: 'huber', inputs, gradients: true, backend: 'webgpu' } as const;
      const prepared = LossLens.prepare(request);
      const answers = [];
      for (const delta of [1, 2]) {
        const { value, gradients, backend } = await prepared.run({ delta });
        answers.push({
          value: Number(value.data[0]),
          last: Number(gradients.prediction!.data.at(-1)),
          backend,
        });
      }
      prepared.dispose();
      LossLens.dispose();
      return { length, answers };
    });
    // Residuals 0, ½ … 3½: half their squares up to delta, then delta times what is beyond half of it.
    const residuals = [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5];
    for (const [i, delta] of [1, 2].entries()) {
      const { value, last, backend } = seen.answers[i]!;
      const losses = residuals.map((r) => (r <= delta ? (r * r) / 2 : delta * (r - delta / 2)));
      const expected = losses.reduce((sum, x) => sum + x) / losses.length;
      assert.equal(backend, 'webgpu');
      assert(Math.abs(value - expected) < 1e-5 * expected, `${value} instead of ${expected}`);
      assert(Math.abs(last - delta / seen.length) < 1e-5 * (delta / seen.length), `${last}`);
    }
  });
});
