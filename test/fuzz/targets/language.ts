/**
 * The loss language: any program over any shapes, dtypes and repeated dimensions, on the interpreter and as WebAssembly,
 * its gradients against differences of its value. A program is built once, and run on many sets of numbers.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cast, type DType, type TypedArray } from '../../../engine/array.ts';
import type { Execution, Problem } from '../../../engine/backends/backend.ts';
import { reference } from '../../../engine/backends/reference/interpreter.ts';
import { wasm } from '../../../engine/backends/wasm/backend.ts';
import { describeLoss, disagreementsOf } from '../../engine/backends/agreement.ts';
import { problemOf, type TestLoss } from '../../engine/language/graphs.ts';
import { randomLosses } from '../../engine/language/random-graphs.ts';
import { type Target, target } from '../target.ts';

/** Sets of numbers for each program. */
const sets = 50;

interface Program {
  readonly loss: TestLoss;
  readonly dtype: Problem['dtype'];
  readonly seed: number;
}

/** Whole numbers from 0 to 255 in no order, others for every seed. */
const scattered = (i: number, seed: number): number => {
  const mixed = Math.imul(Math.imul(i + 1, 0x9e37_79b1) ^ (seed * 0x85eb_ca6b), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 15)) & 255;
};

/**
 * The arrays of a loss with other numbers in what is differentiated by: multiples of 1/64 from −2 to 2, of which sums and
 * halves are exact, so that every backend takes the same branches; where `moved` is given, from beside those, away from
 * where comparisons tie, moved by so much along a direction.
 */
function numbered({ arrays, inputs }: TestLoss, seed: number, moved?: number): TestLoss['arrays'] {
  const renewed = { ...arrays };
  for (const { name } of inputs) {
    const { data, strides } = arrays[name]!;
    const own = seedOf(name, seed);
    const numbers = Float64Array.from({ length: data.length }, (_, i) => {
      const number = scattered(i, own) / 64 - 2;
      if (moved === undefined) return number;
      return number + (scattered(i, own + 7) + 0.5) / 2 ** 17 + moved * directionAt(i, own);
    });
    renewed[name] = { data: moved === undefined ? cast(numbers, dtypeOf(data)) : numbers, strides };
  }
  return renewed;
}

const seedOf = (input: string, seed: number): number => seed + 1000 * input.charCodeAt(1);
const directionAt = (i: number, seed: number): number => scattered(i, seed + 11) / 128 - 1;

const dtypeOf = (data: TypedArray): DType =>
  data instanceof BigInt64Array
    ? 'int64'
    : (data.constructor.name.replace('Array', '').toLowerCase() as DType);

/** The gradient along a direction, and how the value changes there. */
async function assertSlope(loss: TestLoss, problem: Problem, seed: number): Promise<void> {
  const at = async (shift: number) => {
    const arrays = numbered(loss, seed, shift);
    const result = await reference.prepare({ ...problem, arrays }).run(loss.uniforms);
    return { ...result, value: result.numerator / result.denominator };
  };
  const here = await at(0);
  let slope = 0;
  for (const { name } of loss.inputs) {
    const gradient = here.gradients[name] ?? [];
    for (const [i, entry] of gradient.entries()) slope += Number(entry) * directionAt(i, seedOf(name, seed));
  }
  if (!Number.isFinite(here.value) || Math.abs(here.value) > 1e6) return;
  const sides = async (step: number) => {
    const [more, less] = [(await at(step)).value, (await at(-step)).value];
    return { right: (more - here.value) / step, left: (here.value - less) / step };
  };
  const [wide, near] = [await sides(2 ** -17), await sides(2 ** -20)];
  const allowed = 1e-6 * (1 + Math.abs(here.value) + Math.abs(slope));
  if ([wide, near].some(({ left, right }) => Math.abs(slope - (left + right) / 2) <= allowed)) return;
  // Where the value bends or jumps, the slopes of both sides do not approach each other as the step shrinks.
  const bend = ({ left, right }: { left: number; right: number }): number => Math.abs(right - left);
  if (bend(near) > allowed && bend(near) > bend(wide) / 4) return;
  assert.fail(`the slope is ${slope}, differences give ${JSON.stringify({ wide, near })}`);
}

async function examine({ loss, dtype, seed }: Program): Promise<void> {
  const problem = problemOf(loss, dtype, true);
  let execution: Execution | undefined;
  try {
    for (let set = 0; set < sets; set++) {
      const given = set === 0 ? problem : { ...problem, arrays: numbered(loss, seed + set) };
      execution = wasm.prepare(given, execution);
      const found = await disagreementsOf(given, loss.uniforms, await execution.run(loss.uniforms));
      assert.ok(found.length === 0, `set ${set}: ${found.join('\n')}`);
      if (dtype === 'float64') await assertSlope(loss, problem, seed + set);
    }
  } catch (error) {
    throw new Error(`${describeLoss(loss)}\nin ${dtype}, seed ${seed}: ${(error as Error).message}`);
  } finally {
    execution?.dispose();
  }
}

export const languageTarget: Target = target({
  name: 'loss-language',
  slice: 20 * sets,
  each: sets,
  inputs: fc.record({
    loss: fc.oneof(
      { weight: 30, arbitrary: randomLosses(40, { stops: false }) },
      { weight: 10, arbitrary: randomLosses(300, { stops: false }) },
    ),
    dtype: fc.constantFrom('float32', 'float64'),
    seed: fc.nat(0xffff),
  }),
  examine,
});
