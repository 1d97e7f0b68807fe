/** How far an answer of the GPU is from that of the reference, in the measure of the design's bounds. */
import type { NdArray } from '../../../engine/array.ts';
import type { Evaluation } from '../../../engine/evaluation.ts';

/** The bound: of Σ|terms| for a value, of its largest entry for a gradient. */
const bound = 1e-5;
/** What is smaller than a normal float32 may be 0. */
const smallest = 2 ** -126;

const numbersOf = ({ data }: NdArray): number[] => Array.from(data as ArrayLike<number | bigint>, Number);

const largestOf = (numbers: readonly number[]): number =>
  numbers.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** The largest difference, as a share of `size`. */
function distance(actual: NdArray | undefined, expected: NdArray, size: number): number {
  if (actual?.shape.join() !== expected.shape.join()) return Number.POSITIVE_INFINITY;
  const numbers = numbersOf(actual!);
  return numbersOf(expected).reduce((most, x, i) => {
    if (Object.is(x, numbers[i]) || x === numbers[i]) return most;
    const away = Math.abs(numbers[i]! - x);
    if (Number.isNaN(away)) return Number.POSITIVE_INFINITY;
    return away <= smallest ? most : Math.max(most, away / size);
  }, 0);
}

/**
 * The parts of an evaluation with their distances. `reference` has the elements; `onTheWay` is the largest number that
 * it comes across: where nothing but roundings is left of such numbers, they are the measure.
 */
export function distances(
  actual: Evaluation,
  reference: Evaluation,
  onTheWay: number,
): [part: string, distance: number][] {
  const measure = (size: number): number => (size < bound * onTheWay ? 0.1 * onTheWay : size);
  const terms = numbersOf(reference.elements!);
  const isWhole = reference.value.shape.length > 0;
  const sum = terms.reduce((total, x) => total + Math.abs(x), 0) / Math.abs(reference.denominator);
  const value = isWhole ? largestOf(terms) : sum;
  return [
    ['value', distance(actual.value, reference.value, measure(value))],
    ...Object.entries(reference.gradients).map(([name, gradient]): [string, number] => {
      // A weight's gradient is a difference of losses: (loss − weighted mean) / Σ weight.
      const ofLosses = /weights?$/.test(name) ? largestOf(numbersOf(reference.value)) : 0;
      const size = measure(Math.max(largestOf(numbersOf(gradient)), ofLosses));
      return [`gradient by ${name}`, distance(actual.gradients[name], gradient, size)];
    }),
  ];
}

export const tooFar = ([, distance]: [string, number]): boolean => !(distance <= bound);
