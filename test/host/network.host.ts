/** The perceptual loss on images, through the demo's network file: asked for, evaluated, changed in the panel. */
import assert from 'node:assert/strict';
import { browser, closeEditors, evaluateIn, openView } from './browser.ts';
import { asks, compareImages, showsValue } from './questions.ts';

async function enter(parameter: string, text: string): Promise<void> {
  await browser.click('webview', `[data-parameter="${parameter}"] .text-entry`);
  // Control+A goes by way of the editor, and may come back when the text is half typed.
  await browser.press('End');
  await browser.press('Shift+Home');
  await browser.type(text);
  await browser.press('Enter');
}

describe('network', () => {
  let done: Thenable<unknown>;

  beforeEach(async () => {
    ({ done } = await compareImages());
  });

  after(closeEditors);

  it('compares the arrays as they are where they are feature maps', async () => {
    await browser.press('Enter');
    await done;
    // Sixteen pixels are wrong.
    await showsValue('16');
    await openView('Elements');
    await browser.waitFor('webview', '.table:has-text("prediction")');
  });

  it('asks for the file and its layers, and shows the distance that torch gives', async () => {
    await browser.type('Images');
    await browser.press('Enter');
    await asks('Network file');
    await browser.waitFor('workbench', '.quick-input-list:has-text("edges.onnx"):has-text("Browse…")');
    await browser.screenshot('network-file');
    await browser.press('Enter');
    await asks('Layers to compare');
    await browser.waitFor('workbench', '.quick-input-list:has-text("max_pool2d"):has-text("output")');
    await browser.screenshot('network-layers');
    await browser.press('Enter');
    await done;
    // What torch 2.13 prints when the file is run.
    await showsValue('0.1675');
    const shown = (parameter: string): Promise<string> =>
      evaluateIn(
        'webview',
        (name) => document.querySelector<HTMLInputElement>(`[data-parameter="${name}"] .text-entry`)!.value,
        parameter,
      );
    assert.equal(await shown('network'), 'networks/edges.onnx');
    assert.equal(await shown('layers'), 'relu_1');
    await browser.waitFor('webview', '.section-value:has-text("gradient by prediction")');
    await browser.waitFor('webview', '.formula .katex-html');
    await browser.screenshot('network-panel');

    await enter('layers', 'relu, max_pool2d');
    await showsValue('29.25');
    await openView('Elements');
    await browser.waitFor('webview', '.rows td:has-text("29")');
    await enter('layers', 'max_pol');
    await browser.waitFor('webview', '[data-parameter="layers"] .field-problem:has-text("\'max_pool2d\'")');
    await browser.screenshot('network-refused');
    await enter('layers', 'max_pool2d');
    await showsValue('0.25');
    await enter('network', 'networks/none.onnx');
    await browser.waitFor('webview', '[data-parameter="network"] .field-problem:has-text("cannot be read")');
  });
});
