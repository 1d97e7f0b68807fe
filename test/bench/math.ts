/** Nanoseconds an element of each function of the wasm backend's mathematics: one thread, data that stays in the second-level cache. */
import type * as math from '../../engine/backends/wasm/math/index.ts';
import { mul, sigmoid, softplus, sub } from '../../engine/language/expression.ts';
import { applied, type Body } from '../engine/wasm-math-module.ts';
import { asKernel, functions } from '../engine/wasm-math-reference.ts';
import { table } from './report.ts';

const length = 1 << 14;

/** Value and gradient of binary cross-entropy from logits, as a loss's loop would have them. */
const crossEntropy = asKernel((x, y) => [sub(softplus(x!), mul(x!, y!)), sub(sigmoid(x!), y!)]);

const measured: [name: string, body: Body][] = [
  ...Object.entries(functions).map(([name, { body }]): [string, Body] => [name, body]),
  ['BCE with logits', crossEntropy],
];

function nanoseconds(lanes: math.Lanes, name: string, body: Body): number {
  const { inputs, run } = applied(lanes, 2, length, body);
  for (let i = 0; i < length; i++) {
    const share = (i * 0.6180339887498949) % 1;
    inputs[0]![i] =
      name === 'log' || name === 'pow' ? share : name === 'expOfNonPositive' ? -20 * share : 20 * share - 0.9;
    inputs[1]![i] = 2.3 * share;
  }
  const until = performance.now() + 200;
  while (performance.now() < until) run();
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 30; round++) {
    const start = performance.now();
    for (let i = 0; i < 20; i++) run();
    best = Math.min(best, (performance.now() - start) / 20);
  }
  return (best * 1e6) / length;
}

export function mathematics(): void {
  table(
    ['ns an element, one thread', 'float32', 'float64'],
    measured.map(([name, body]) => [
      name,
      ...(['f32x4', 'f64x2'] as const).map((lanes) => nanoseconds(lanes, name, body).toFixed(2)),
    ]),
  );
}
