/** What the tests of faults evaluate, and what it comes to. */
import assert from 'node:assert/strict';
import { array, evaluate } from '../../../engine/node.ts';

/** Cross-entropy from equal scores: the logarithm of how many classes there are, whatever the labels. */
export function scores(rows: number, classes: number) {
  return {
    loss: 'torch.nn.CrossEntropyLoss',
    inputs: {
      input: array(new Float32Array(rows * classes).fill(0.5), { shape: [rows, classes] }),
      target: array(BigInt64Array.from({ length: rows }, (_, i) => BigInt(i % classes))),
    },
    gradients: true,
  } as const;
}

/** Small enough to be over at once, too large for the interpreter. */
export const short = scores(2000, 40);
/** About a second on one thread. */
export const long = scores(400_000, 40);
export const expected = Math.log(40);

/** That the next evaluation is right. */
export async function assertWorks(backend: 'auto' | 'wasm' | 'webgpu' = 'wasm'): Promise<void> {
  const { value, gradients } = await evaluate({ ...short, backend });
  assert.ok(Math.abs(Number(value.data[0]) - expected) < 1e-5, `${value.data[0]} instead of ${expected}`);
  const own = Number(gradients['input']!.data[0]);
  assert.ok(Math.abs(own - (1 / 40 - 1) / 2000) < 1e-8, `a gradient of ${own}`);
}

/** When something went wrong: by the clock, and by the processor time that the process had taken by then. */
export interface Moment {
  readonly clock: number;
  readonly processor: NodeJS.CpuUsage;
}

export const now = (): Moment => ({ clock: performance.now(), processor: process.cpuUsage() });

/** Milliseconds. Other processes delay it by the clock, but take none of our processor time. */
const soon = { processor: 1000, clock: 10_000 };

/** How it ended, and that it did so soon after `since`. */
export async function endOf(running: Promise<unknown>, since: Moment): Promise<string> {
  const end = await running.then(
    () => 'a result',
    (error) => String((error as { code?: unknown }).code ?? error),
  );
  assertSoon(since, end);
  return end;
}

/** That less than a second has passed, as far as it is up to this process. */
export function assertSoon(since: Moment, what: string): void {
  const { user, system } = process.cpuUsage(since.processor);
  const taken = { processor: (user + system) / 1000, clock: performance.now() - since.clock };
  const words = `${what}, after ${taken.clock.toFixed(0)} ms, ${taken.processor.toFixed(0)} of the processor`;
  assert.ok(taken.processor < soon.processor && taken.clock < soon.clock, words);
}
