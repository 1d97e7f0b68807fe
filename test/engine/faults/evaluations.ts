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

/** Milliseconds until whoever waits is told: a second, and what a loaded machine adds. */
const soon = 5000;

/** How it ended, and that it did so soon after `since`. */
export async function endOf(running: Promise<unknown>, since: number): Promise<string> {
  const end = await running.then(
    () => 'a result',
    (error) => String((error as { code?: unknown }).code ?? error),
  );
  const taken = performance.now() - since;
  assert.ok(taken < soon, `${end}, after ${taken.toFixed(0)} ms`);
  return end;
}
