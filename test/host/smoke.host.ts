/** The host itself: while these fail, no other host test means anything. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { allThemes, browser, evaluateIn, withTheme } from './browser.ts';

describe('host', () => {
  it('activates the extension in a trusted workspace', async () => {
    const extension = vscode.extensions.getExtension('loss-lens.loss-lens');
    assert(extension, 'the extension is not there');
    await extension.activate();
    assert(extension.isActive);
    assert(vscode.workspace.isTrusted);
  });

  it('registers the command that evaluates', async () => {
    const commands = await vscode.commands.getCommands(true);
    assert(commands.includes('lossLens.evaluate'));
  });

  it('takes a screenshot of the window', async () => {
    const image = await readFile(await browser.screenshot('smoke'));
    assert.equal(image.subarray(1, 4).toString('latin1'), 'PNG');
    // The width is in the first chunk, after the signature, its length and its name.
    assert.equal(image.readUInt32BE(16), 1280);
    assert(image.length > 10_000, `${image.length} bytes show no workbench`);
  });

  it('changes the colour theme, and changes it back', async () => {
    const background = () =>
      evaluateIn(
        'workbench',
        () => getComputedStyle(document.querySelector('.monaco-workbench')!).backgroundColor,
      );
    const before = await background();
    const seen = new Set<string>();
    for (const theme of allThemes) seen.add(await withTheme(theme, background));
    assert.equal(seen.size, allThemes.length);
    assert.equal(await background(), before);
  });

  describe('webview', () => {
    let panel: vscode.WebviewPanel;

    before(() => {
      panel = vscode.window.createWebviewPanel('smoke', 'Smoke', vscode.ViewColumn.One, {
        enableScripts: true,
      });
      panel.webview.html = `<!doctype html>
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-smoke'">
        <input aria-label="delta" value="1"><button>Evaluate</button><output></output>
        <script nonce="smoke">
          document.querySelector('button').addEventListener('click', () => {
            document.querySelector('output').textContent = 'delta is ' + document.querySelector('input').value;
          });
        </script>`;
    });

    after(() => panel.dispose());

    it('is typed into and read', async () => {
      await browser.click('webview', 'role=textbox[name="delta"]');
      await browser.press('End');
      await browser.type('.5');
      await browser.click('webview', 'role=button[name="Evaluate"]');
      assert.equal(await browser.text('webview', 'output'), 'delta is 1.5');
    });

    it('has a WebGPU adapter that computes', async () => {
      const sum = await evaluateIn(
        'webview',
        async (numbers: readonly number[]) => {
          const adapter = await navigator.gpu.requestAdapter();
          const device = await adapter!.requestDevice();
          const code = `@group(0) @binding(0) var<storage, read_write> x: array<f32>;
            @compute @workgroup_size(1) fn main() {
              for (var i = 1u; i < arrayLength(&x); i++) { x[0] += x[i]; }
            }`;
          const pipeline = device.createComputePipeline({
            layout: 'auto',
            compute: { module: device.createShaderModule({ code }) },
          });
          // Usages and map modes, by their numbers in the standard: their names are no types of TypeScript's DOM.
          const [mapRead, copySource, copyTarget, storage] = [0x1, 0x4, 0x8, 0x80];
          const size = numbers.length * 4;
          const data = device.createBuffer({ size, usage: storage | copySource | copyTarget });
          const result = device.createBuffer({ size: 4, usage: copyTarget | mapRead });
          device.queue.writeBuffer(data, 0, new Float32Array(numbers));
          const commands = device.createCommandEncoder();
          const pass = commands.beginComputePass();
          pass.setPipeline(pipeline);
          const entries = [{ binding: 0, resource: { buffer: data } }];
          pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
          pass.dispatchWorkgroups(1);
          pass.end();
          commands.copyBufferToBuffer(data, 0, result, 0, 4);
          device.queue.submit([commands.finish()]);
          await result.mapAsync(0x1);
          return new Float32Array(result.getMappedRange())[0];
        },
        [1, 2, 3.5],
      );
      assert.equal(sum, 6.5);
    });
  });
});
