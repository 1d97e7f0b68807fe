/**
 * Every golden case on WebGPU, against the reference, which golden.test.ts holds to the libraries' answers. Inputs are
 * rounded to float32, for both. What the GPU refuses must have a reason: numbers that are not finite, or that float32
 * has no normal number for; no elements at all; float64 asked for; a kernel that it has not got.
 */

import assert from 'node:assert/strict';
import { interpret } from '../../../engine/backends/reference/interpreter.ts';
import { isPlainCtc } from '../../../engine/backends/webgpu/ctc.ts';
import { completeParameters } from '../../../engine/definition.ts';
import type { Reduction } from '../../../engine/evaluation.ts';
import { runKernel } from '../../../engine/kernels/index.ts';
import { type KernelPlan, kernelRequest } from '../../../engine/kernels/plan.ts';
import { cast, configure, evaluate, LossLensError, type NdArray, symbols } from '../../../engine/node.ts';
import { build } from '../../../engine/problem.ts';
import { numbersOf, resolve } from '../../../engine/request.ts';
import { type Golden, goldensBySymbol } from '../../golden/goldens.ts';
import { closeWebGpu, openWebGpu } from './adapter.ts';
import { distances, tooFar } from './tolerance.ts';

const single = (array: NdArray): NdArray =>
  array.dtype === 'float64' ? { ...array, dtype: 'float32', data: cast(array.data, 'float32') } : array;

const isSafe = (numbers: ArrayLike<number>): boolean =>
  Array.from(numbers, Math.fround).every((x) => Number.isFinite(x) && (x === 0 || Math.abs(x) >= 2 ** -126));

/** The largest number on the way to an answer; undefined where there is something that the GPU promises nothing about. */
function largestOnTheWay(
  { symbol, parameters }: Golden,
  inputs: Readonly<Record<string, NdArray>>,
): number | undefined {
  const { definition } = resolve(symbol);
  const all = completeParameters(definition, parameters);
  const wanted = { reduction: 'mean' as Reduction, gradients: true, elements: false };
  const { plan } = build(definition, inputs, all, wanted);
  if (plan.kind === 'kernel') return ofKernel(plan.kernel, numbersOf(all));
  if (plan.problem.dtype === 'float64' || plan.problem.sizes.includes(0)) return undefined;
  const { numerator, denominator, gradients } = plan.problem;
  const roots = [numerator, denominator, ...Object.values(gradients)];
  const values = [...interpret(plan.problem, roots, numbersOf(all)).values()];
  if (!values.every(isSafe)) return undefined;
  return Math.max(...values.map((numbers) => numbers.reduce((most, x) => Math.max(most, Math.abs(x)), 0)));
}

/** The same of a hand-written kernel, of which the GPU has CTC; its loss is a sum of positive terms. */
function ofKernel(plan: KernelPlan, uniforms: Record<string, number>): number | undefined {
  const { kernel, arrays, facts, weighting } = plan.body;
  if (kernel !== 'ctc' || !isPlainCtc(facts) || weighting) return undefined;
  const { request } = kernelRequest(plan, uniforms);
  // What fits no alignment shows as what it is, not as the 0 that may be asked for.
  const { elements, gradients } = runKernel({ ...request, facts: { ...facts, zeroInfinity: false } });
  const numbers = [elements, ...Object.values(gradients), ...Object.values(arrays).map(({ data }) => data)];
  const isAnswered =
    arrays['inputLength']!.data.every((length) => Number(length) > 0) &&
    !hasBlanks(arrays, uniforms['blank']!) &&
    numbers.every((each) => isSafe(Array.from(each, Number)));
  return isAnswered ? 0 : undefined;
}

/** Whether a target has the blank among its labels. */
function hasBlanks({ target, targetLength }: KernelPlan['body']['arrays'], blank: number): boolean {
  const [samples, width] = target!.shape as [number, number];
  for (let n = 0; n < samples; n++) {
    const row = Array.from(target!.data.slice(n * width, n * width + Number(targetLength!.data[n])), Number);
    if (row.includes(blank)) return true;
  }
  return false;
}

/** Every third number a float32 up, every third one down. */
const nudged = (inputs: Readonly<Record<string, NdArray>>): Record<string, NdArray> =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, array]) => [
      name,
      array.data instanceof Float32Array
        ? { ...array, data: array.data.map((x, i) => x * (1 + ((i % 3) - 1) * 2 ** -23)) }
        : array,
    ]),
  );

/** How far the answer is away at most, unless it was rightly refused. @throws where it is wrong */
async function distanceOf(
  golden: Golden,
): Promise<number | 'refused by every backend' | 'refused' | 'undecided'> {
  const inputs = Object.fromEntries(
    Object.entries(golden.inputs).map(([name, array]) => [name, single(array)]),
  );
  const request = { loss: golden.symbol, inputs, parameters: golden.parameters, gradients: true };
  const answer = (backend: 'reference' | 'webgpu') =>
    evaluate({ ...request, backend, elements: backend === 'reference' }).catch((error: unknown) => {
      if (error instanceof LossLensError) return error;
      throw error;
    });
  const expected = await answer('reference');
  const actual = await answer('webgpu');
  if (expected instanceof LossLensError) {
    assert.equal(actual instanceof LossLensError ? actual.code : 'an answer', expected.code);
    return 'refused by every backend';
  }
  if (actual instanceof LossLensError) {
    const isRight = actual.code === 'backend-unsupported' && largestOnTheWay(golden, inputs) === undefined;
    assert(isRight, `${actual.code}: ${actual.message}`);
    return 'refused';
  }
  const all = distances(actual, expected, largestOnTheWay(golden, inputs) ?? 0);
  if (all.some(tooFar)) {
    const moved = await evaluate({
      ...request,
      inputs: nudged(inputs),
      backend: 'reference',
      elements: true,
    });
    // The reference itself jumps that far at the next float32 numbers: which side it is on is for rounding to say.
    if (distances(moved, expected, largestOnTheWay(golden, inputs) ?? 0).some(tooFar)) return 'undecided';
  }
  const far = all.filter(tooFar).map(([part, distance]) => `${part} is ${distance.toExponential(1)} away`);
  assert.equal(far.join(), '');
  return Math.max(...all.map(([, distance]) => distance));
}

describe('golden values on WebGPU', () => {
  let taken = 0;
  let refused = 0;
  let undecided = 0;
  let furthest = 0;

  before(async function () {
    this.timeout(180_000);
    configure({ gpu: await openWebGpu() });
  });
  after(closeWebGpu);

  const bound = new Set(symbols.map(({ name }) => name));
  for (const [symbol, cases] of goldensBySymbol()) {
    if (!bound.has(symbol)) continue;
    it(`${symbol}, ${cases.length} cases`, async function () {
      this.timeout(120_000);
      const failing: string[] = [];
      const judge = async (golden: Golden): Promise<void> => {
        try {
          const distance = await distanceOf(golden);
          if (distance === 'refused') refused++;
          if (distance === 'undecided') undecided++;
          if (typeof distance !== 'number') return;
          taken++;
          furthest = Math.max(furthest, distance);
        } catch (error) {
          failing.push(`${golden.note}: ${error instanceof Error ? error.message : error}`);
        }
      };
      // At once: most of the time goes into compiling, which the device does on threads of its own.
      await Promise.all(cases.map(judge));
      if (failing.length > 0) assert.fail(`${symbol}:\n  ${failing.join('\n  ')}`);
    });
  }

  it('takes most of the cases', () => {
    console.log(
      `      ${taken} taken, ${refused} refused, ${undecided} undecided by rounding; the furthest is ${furthest.toExponential(1)} away`,
    );
    assert(taken > 2 * refused);
    assert(undecided <= 5);
  });
});
