/** What an answer of the GPU may be away from the right one. */
import type { NdArray } from '../../../engine/array.ts';
import type { Evaluation } from '../../../engine/evaluation.ts';

const relative = 1e-5;
/** The smallest normal float32: what is below may be 0. */
const smallest = 2 ** -126;

const sumOfSizes = ({ data }: NdArray): number =>
  Array.from(data, Number).reduce((sum, x) => sum + Math.abs(x), 0);

const largestOf = (data: ArrayLike<number | bigint>): number =>
  Array.from(data, Number).reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** How far two arrays are apart, as a share of `size`. */
function distance(actual: NdArray, expected: NdArray, size: number): number {
  if (actual.shape.join() !== expected.shape.join()) return Number.POSITIVE_INFINITY;
  return Array.from(expected.data, Number).reduce((most, x, i) => {
    const away = Math.abs(Number(actual.data[i]) - x);
    return away <= smallest ? most : Math.max(most, Number.isNaN(away) ? Number.POSITIVE_INFINITY : away / size);
  }, 0);
}

/**
 * Every part of an evaluation with its distance from `expected`: of the value, as a share of Σ|terms|; of a gradient,
 * of its largest entry. `reference` has the elements.
 */
export function distances(
  actual: Evaluation,
  expected: Pick<Evaluation, 'value' | 'gradients'>,
  reference: Evaluation,
): [part: string, distance: number][] {
  const terms = sumOfSizes(reference.elements!) / Math.abs(reference.denominator);
  const isWhole = expected.value.shape.length > 0;
  const size = isWhole ? largestOf(expected.value.data) : terms;
  return [
    ['value', distance(actual.value, expected.value, size)],
    ...Object.entries(expected.gradients).map(([name, gradient]): [string, number] => [
      `gradient by ${name}`,
      actual.gradients[name]
        ? distance(actual.gradients[name], gradient, largestOf(gradient.data))
        : Number.POSITIVE_INFINITY,
    ]),
  ];
}

export const tooFar = ([, distance]: [string, number]): boolean => !(distance <= relative);
