/** The panel on the GPU of the machine that shows it: who evaluates, that it agrees, and what happens when it is lost. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { array, evaluate } from '../../engine/index.ts';
import { browser, evaluateIn, until } from './browser.ts';

const [prediction, target] = [
  [21.4, 18.9, 25.1, 16.0, 30.2, 12.7],
  [21.0, 19.5, 24.8, 27.5, 29.9, 13.1],
];

const source = `from torch import nn, tensor
loss = nn.HuberLoss()(tensor([${prediction}]), tensor([${target}]))
`;

const setting = (backend: string | undefined): Thenable<void> =>
  vscode.workspace.getConfiguration('lossLens').update('backend', backend, vscode.ConfigurationTarget.Global);

async function huber(delta: number): Promise<number> {
  const inputs = {
    input: array(prediction!, { dtype: 'float32' }),
    target: array(target!, { dtype: 'float32' }),
  };
  const { value } = await evaluate({ loss: 'torch.nn.HuberLoss', inputs, parameters: { delta } });
  return Number(value.data[0]);
}

async function typeDelta(text: string): Promise<void> {
  await browser.click('webview', '[data-parameter="delta"] >> role=textbox');
  await browser.press('End');
  for (let i = 0; i < 8; i++) await browser.press('Backspace');
  await browser.type(text);
}

async function shown(value: number): Promise<void> {
  let seen = '';
  await until(async () => {
    seen = await browser.text('webview', '.value');
    return Math.abs(Number(seen) - value) <= 1e-5 * value;
  }, `the value is not ${value}`).catch((error) => {
    throw new Error(`${error.message} but ${seen}`);
  });
}

const backend = (): Promise<string> => browser.text('webview', '.status span:first-child');
const notes = (): Promise<string[]> =>
  evaluateIn('webview', () =>
    [...document.querySelectorAll('.note')].map(({ textContent }) => textContent ?? ''),
  );
const settled = (): Promise<number> =>
  evaluateIn('webview', () => performance.getEntriesByName('settled').length);

describe('panel on the GPU', function () {
  this.timeout(90_000);
  let place: { uri: string; line: number; character: number };
  const evaluateThere = () => vscode.commands.executeCommand('lossLens.evaluate', place);

  before(async () => {
    await vscode.extensions.getExtension('loss-lens.loss-lens')!.activate();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const document = await vscode.workspace.openTextDocument({ language: 'python', content: source });
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    place = { uri: document.uri.toString(), line: 1, character: 12 };
  });

  after(async () => {
    await setting(undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('is left alone where the setting says so, and by default for so little', async () => {
    await setting('cpu');
    await evaluateThere();
    await shown(await huber(1));
    const first = await backend();
    assert.notEqual(first, 'webgpu');
    // The device that the panel will open is kept in reach, to be lost later.
    await evaluateIn('webview', () => {
      const { prototype } = GPUAdapter;
      const own = prototype.requestDevice;
      prototype.requestDevice = async function (...parameters) {
        const device = await own.apply(this, parameters);
        Object.assign(globalThis, { device });
        return device;
      };
    });
    await setting(undefined);
    await evaluateThere();
    await until(async () => (await settled()) === 2, 'the panel does not settle');
    await typeDelta('0.5');
    await shown(await huber(0.5));
    assert.equal(await backend(), first);
    assert.equal(await evaluateIn('webview', () => 'device' in globalThis), false);
  });

  it('evaluates what a moved parameter asks for, with the numbers of the host', async () => {
    await setting('webgpu');
    await evaluateThere();
    await until(async () => (await settled()) === 3, 'the data does not arrive', 30_000);
    assert.notEqual(await backend(), 'webgpu');
    await browser.click('webview', '[data-parameter="delta"] .number-slider');
    await browser.press('Home');
    await shown(await huber(0.01));
    assert.equal(await backend(), 'webgpu');
    await typeDelta('0.5');
    await shown(await huber(0.5));
    assert.equal(await backend(), 'webgpu');
    assert.deepEqual(await notes(), []);
    // Elements and gradient are read from where they are.
    const row = await browser.text('webview', '.rows tbody tr:nth-child(4)');
    assert.match(row, /^3\s+16\s+27\.5\s+5\.625\s+-0\.08333(333)?$/);
    await browser.screenshot('panel-webgpu');
  });

  it('takes another reduction there, and rows of it', async () => {
    await browser.click('webview', '[data-parameter="reduction"] >> role=combobox');
    await browser.press('ArrowDown');
    await browser.press('Enter');
    await until(
      async () => /sum over|not reduced/.test(await browser.text('webview', '.derivation')),
      'no change',
    );
    assert.equal(await backend(), 'webgpu');
    await browser.click('webview', 'text=Reset to defaults');
    await shown(await huber(1));
    assert.equal(await backend(), 'webgpu');
  });

  it('hands over to the host when the device is lost, and says so', async () => {
    await evaluateIn('webview', () => (globalThis as unknown as { device: GPUDevice }).device.destroy());
    await typeDelta('2');
    await shown(await huber(2));
    assert.notEqual(await backend(), 'webgpu');
    const [note, ...others] = await notes();
    assert.match(note!, /^The CPU evaluates, not the GPU\. .*lost/);
    assert.deepEqual(others, []);
    await browser.screenshot('panel-webgpu-lost');
    await browser.click('webview', 'text=Reset to defaults');
    await shown(await huber(1));
    assert.deepEqual(await notes(), [note]);
    const row = await browser.text('webview', '.rows tbody tr:nth-child(4)');
    assert.match(row, /^3\s+16\s+27\.5\s+11\s/);
  });
});
