/** The panel on the GPU of the machine that shows it: who evaluates, that it agrees, and what happens when it is lost. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { array, evaluate } from '../../engine/index.ts';
import { browser, closeEditors, evaluateIn, openView, showText, until } from './browser.ts';

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
const timesSettled = (): Promise<number> =>
  evaluateIn('webview', () => performance.getEntriesByName('settled').length);

/** Waits until the panel has decided so many times who evaluates. */
const settled = (times: number): Promise<void> =>
  evaluateIn(
    'webview',
    (wanted) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (performance.getEntriesByName('settled').length >= wanted) resolve();
        };
        new PerformanceObserver(look).observe({ type: 'mark' });
        look();
      }),
    times,
  );

/** A cell shows as many digits as there is room for, four at least; its title has all. */
async function fourthRowIs(...expected: readonly number[]): Promise<void> {
  await openView('Elements');
  await browser.waitFor('webview', '.rows tbody tr:nth-child(4) td:not(.cell-waiting)');
  const cells = await evaluateIn('webview', () =>
    [...document.querySelector('.rows tbody tr:nth-child(4)')!.children].map((cell) => ({
      text: cell.textContent ?? '',
      exact: (cell as HTMLElement).title || cell.textContent,
    })),
  );
  const near = (text: string | null, value: number, relative: number): boolean =>
    Math.abs(Number(text) - value) <= relative * Math.abs(value);
  assert.deepEqual(
    cells.map(({ text, exact }, i) => near(text, expected[i]!, 5e-4) && near(exact, expected[i]!, 1e-6)),
    expected.map(() => true),
    `${JSON.stringify(cells)} instead of ${expected.join(', ')}`,
  );
}

describe('panel on the GPU', function () {
  this.timeout(90_000);
  let place: { uri: string; line: number; character: number };
  const evaluateThere = () => vscode.commands.executeCommand('lossLens.evaluate', place);
  const evaluateAgain = async () => {
    const before = await timesSettled();
    await evaluateThere();
    await settled(before + 1);
  };

  before(async () => {
    await vscode.extensions.getExtension('loss-lens.loss-lens')!.activate();
    await closeEditors();
    const { document } = await showText(source, 'python');
    place = { uri: document.uri.toString(), line: 1, character: 12 };
  });

  after(async () => {
    await setting(undefined);
    await closeEditors();
  });

  it('is left alone where the setting says so, and by default for so little', async () => {
    await setting('cpu');
    await evaluateThere();
    await shown(await huber(1));
    await settled(1);
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
    await evaluateAgain();
    await typeDelta('0.5');
    await shown(await huber(0.5));
    assert.equal(await backend(), first);
    assert.equal(await evaluateIn('webview', () => 'device' in globalThis), false);
  });

  it('evaluates what a moved parameter asks for, with the numbers of the host', async () => {
    await setting('webgpu');
    await evaluateAgain();
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
    await fourthRowIs(3, 16, 27.5, 5.625, -0.5 / 6);
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
    await fourthRowIs(3, 16, 27.5, 11, -1 / 6);
  });
});
