/** Frames that a real window draws while a slider of the panel is dragged over a million elements; started by frames.ts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { browser, closeEditors, evaluateIn, openView } from '../host/browser.ts';
import { answer } from '../host/questions.ts';
import type { Drag } from './frames.ts';
import { pause } from './statistics.ts';

const milliseconds = 3000;
const moves = 30;
const elements = 1_000_000;
const classes = 10;

interface Subject {
  readonly loss: string;
  readonly inputs: Readonly<Record<string, readonly [shape: readonly number[], of: (i: number) => number]>>;
  readonly parameter: string;
  /** Of the table of choices. */
  readonly reduction?: string;
}

const logit = (i: number): number => 4 * Math.sin(i * 12.9898);
const value = (i: number): number => 3 * Math.cos(i * 78.233);

const subjects: readonly Subject[] = [
  {
    loss: 'torch.nn.HuberLoss',
    inputs: { input: [[elements], logit], target: [[elements], value] },
    parameter: 'delta',
  },
  {
    loss: 'tf.compat.v1.losses.sigmoid_cross_entropy',
    inputs: { multi_class_labels: [[elements], (i) => (i * 7919) % 2], logits: [[elements], logit] },
    parameter: 'label_smoothing',
  },
  {
    loss: 'torch.nn.CrossEntropyLoss',
    inputs: {
      input: [[elements / classes, classes], logit],
      target: [[elements / classes], (i) => (i * 7919) % classes],
    },
    parameter: 'label_smoothing',
  },
  {
    loss: 'torchvision.ops.sigmoid_focal_loss',
    inputs: { inputs: [[elements], logit], targets: [[elements], (i) => (i * 7919) % 2] },
    parameter: 'gamma',
    reduction: 'mean',
  },
];

/** Numbers of a loss's input, as NumPy saves them: class numbers of cross-entropy as int64, all else as float32. */
function npy(shape: readonly number[], of: (i: number) => number, isClasses: boolean): Uint8Array {
  const count = shape.reduce((product, extent) => product * extent, 1);
  const data = isClasses
    ? BigInt64Array.from({ length: count }, (_, i) => BigInt(of(i)))
    : Float32Array.from({ length: count }, (_, i) => of(i));
  const header = `{'descr': '${isClasses ? '<i8' : '<f4'}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }\n`;
  const start = `\x93NUMPY\x01\x00${String.fromCharCode(header.length & 255, header.length >> 8)}${header}`;
  return Buffer.concat([Buffer.from(start, 'latin1'), new Uint8Array(data.buffer)]);
}

/** Counts, from now on, the frames in which the value and what is in the view were written anew. */
const watch = (): Promise<void> =>
  evaluateIn('webview', () => {
    const counts = { value: 0, shown: 0 };
    Object.assign(globalThis, { counts });
    const count = (selector: string, which: keyof typeof counts): void => {
      let asked = false;
      new MutationObserver(() => {
        if (asked) return;
        asked = true;
        requestAnimationFrame(() => {
          asked = false;
          counts[which]++;
        });
      }).observe(document.querySelector(selector)!, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
      });
    };
    count('.section-value .value', 'value');
    count('.views .tabs', 'shown');
  });

const counted = (): Promise<Pick<Drag, 'value' | 'shown'>> =>
  evaluateIn('webview', () => {
    const { counts } = globalThis as unknown as { counts: { value: number; shown: number } };
    const now = { ...counts };
    Object.assign(counts, { value: 0, shown: 0 });
    return now;
  });

/** Moves the slider by itself to as many places, each when the one before is there and painted. */
const step = (parameter: string, moves: number): Promise<void> =>
  evaluateIn(
    'webview',
    async (name, count) => {
      const slider = document.querySelector<HTMLInputElement>(`[data-parameter="${name}"] .number-slider`)!;
      const panel = document.getElementById('panel')!;
      for (let move = 0; move < count; move++) {
        const place = Math.round(Number(slider.max) * (0.25 + 0.25 * (((move * 7) % 30) / 30)));
        // Where it is already, nothing would be evaluated.
        slider.value = String(place === Number(slider.value) ? place + 1 : place);
        const answered = new Promise<void>((resolve) => {
          new MutationObserver((_, observer) => {
            if (panel.hasAttribute('aria-busy')) return;
            observer.disconnect();
            resolve();
          }).observe(panel, { attributeFilter: ['aria-busy'] });
        });
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        await answered;
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      }
    },
    parameter,
    moves,
  );

const drags: Drag[] = [];

async function measure({ loss, parameter }: Subject, view: string): Promise<void> {
  await pause(700);
  await counted();
  const began = performance.now();
  await browser.drag('webview', `[data-parameter="${parameter}"] .number-slider`, milliseconds);
  const seconds = (performance.now() - began) / 1000;
  const drawn = await counted();
  await pause(700);
  const [before, start] = [process.cpuUsage(), await browser.spent()];
  await step(parameter, moves);
  const [{ user, system }, end] = [process.cpuUsage(before), await browser.spent()];
  const each = (name: keyof typeof end): number => (end[name] - start[name]) / moves;
  drags.push({
    loss,
    parameter,
    view,
    seconds,
    ...drawn,
    move: {
      host: (user + system) / 1000 / moves,
      scripts: each('scripts'),
      layout: each('layout'),
      tasks: each('tasks'),
      pages: each('pages'),
      pictures: each('pictures'),
    },
  });
}

describe('frames', function () {
  this.timeout(500_000);
  const folder = mkdtempSync(join(tmpdir(), 'loss-lens-'));
  before(async () => {
    await vscode.extensions.getExtension('loss-lens.loss-lens')!.activate();
    await vscode.workspace
      .getConfiguration('lossLens')
      .update('backend', 'cpu', vscode.ConfigurationTarget.Global);
  });
  after(async () => {
    await closeEditors();
    rmSync(folder, { recursive: true });
    await writeFile(process.env.BENCH_RESULTS!, JSON.stringify(drags));
  });

  for (const subject of subjects) {
    it(`of ${subject.loss}`, async () => {
      const files = Object.entries(subject.inputs).map(([name, [shape, of]]) => {
        const file = join(folder, `${name}.npy`);
        writeFileSync(
          file,
          npy(shape, of, name === 'target' && subject.loss === 'torch.nn.CrossEntropyLoss'),
        );
        return vscode.Uri.file(file);
      });
      await closeEditors();
      const done = vscode.commands.executeCommand('lossLens.evaluateFiles', files[0], files);
      await answer('Loss, by title', subject.loss);
      await done;
      await browser.waitFor('webview', '.section-value .value');
      await browser.waitFor('webview', '.plot .points');
      await browser.waitFor('webview', '.formula .katex-html');
      if (subject.reduction) {
        await browser.click('webview', '[data-parameter="reduction"] >> role=combobox');
        await browser.click('webview', `vscode-option:visible:text-is("${subject.reduction}")`);
        await browser.waitFor('webview', `.derivation:has-text("${subject.reduction}")`);
      }
      await watch();
      const plots = await evaluateIn('webview', () =>
        [...document.querySelectorAll('.plots-tab .pick-option')].map(({ textContent }) => textContent ?? ''),
      );
      for (const plot of plots.filter((each) => each !== 'Sweep')) {
        await browser.click('webview', `.pick-option:text-is("${plot}")`);
        await measure(subject, plot);
      }
      for (const view of ['Elements', 'Explain']) {
        await openView(view);
        await measure(subject, view);
      }
    });
  }
});
