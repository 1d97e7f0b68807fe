/** The panel's session on a million elements, without a window: how many moves of a slider a second, and what an open plot adds. */
import { array, type NdArray } from '../../engine/array.ts';
import type { ParameterValue } from '../../engine/evaluation.ts';
import * as engine from '../../engine/node.ts';
import { Session } from '../../engine/presentation/session.ts';
import type { PlotId } from '../../engine/presentation/shown.ts';
import { table, write } from './report.ts';
import { digits, median } from './statistics.ts';

const elements = 1_000_000;
/** A person drags for about so many. */
const moves = 40;

interface Subject {
  readonly title: string;
  readonly loss: string;
  readonly inputs: Readonly<Record<string, NdArray>>;
  /** The parameters at each move. */
  readonly at: (move: number) => Readonly<Record<string, ParameterValue>>;
}

const numbers = (of: (i: number) => number): NdArray =>
  array(Float32Array.from({ length: elements }, (_, i) => of(i)));
const logits = numbers((i) => 4 * Math.sin(i * 12.9898));
const classes = numbers((i) => (i * 7919) % 2);
const values = numbers((i) => 3 * Math.cos(i * 78.233));

const subjects: readonly Subject[] = [
  {
    title: 'MSE, `reduction` (it has no number to move)',
    loss: 'torch.nn.MSELoss',
    inputs: { input: logits, target: values },
    at: (move) => ({ reduction: move % 2 === 0 ? 'sum' : 'mean' }),
  },
  {
    title: 'BCE with logits, `label_smoothing`',
    loss: 'tf.compat.v1.losses.sigmoid_cross_entropy',
    inputs: { multi_class_labels: classes, logits },
    at: (move) => ({ label_smoothing: 0.1 + move / 100 }),
  },
  {
    title: 'focal, `gamma`',
    loss: 'torchvision.ops.sigmoid_focal_loss',
    inputs: { inputs: logits, targets: classes },
    at: (move) => ({ gamma: 1 + move / 20, reduction: 'mean' }),
  },
  {
    title: 'Huber, `delta`',
    loss: 'torch.nn.HuberLoss',
    inputs: { input: logits, target: values },
    at: (move) => ({ delta: 0.5 + move / 20 }),
  },
];

const open: readonly (PlotId | undefined)[] = [undefined, 'gradient-histogram', 'classes'];

export async function slidersPerSecond(): Promise<void> {
  write(
    `${elements.toLocaleString('en').replaceAll(',', ' ')} elements, ${moves} moves one after the other as the panel makes them: the next is asked for when the one before has been answered, with its rows, its curve, and its plot where one is open. Median / slowest of a move in milliseconds, moves a second, and the processor's time of all threads, which a busy machine does not stretch. What the window adds is below.`,
  );
  const rows: string[][] = [];
  for (const { title, loss, inputs, at } of subjects) {
    for (const plot of open) {
      const session = new Session(engine, { loss, inputs }, { title: '', keep: '', backend: 'cpu' });
      const first = await session.evaluate(at(-1));
      if (plot && !first.plots.some(({ id }) => id === plot)) {
        session.dispose();
        continue;
      }
      const times: number[] = [];
      const before = process.cpuUsage();
      for (let move = 0; move < moves; move++) {
        const start = performance.now();
        const { run } = await session.evaluate(at(move));
        if (plot) await session.plot({ run, id: plot, slice: 0 });
        times.push(performance.now() - start);
      }
      const { user, system } = process.cpuUsage(before);
      session.dispose();
      const total = times.reduce((sum, time) => sum + time, 0);
      rows.push([
        title,
        plot ?? 'loss and gradient',
        `${digits(median(times))} / ${digits(Math.max(...times))}`,
        digits((1000 * moves) / total),
        digits((user + system) / 1000 / moves),
      ]);
    }
  }
  table(['loss and what moves', 'open plot', 'ms', 'moves a second', 'processor ms a move'], rows);
}
