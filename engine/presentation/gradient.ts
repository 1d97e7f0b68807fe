/** A gradient in a few words, where the table has no place for it. */
import type { Evaluation } from '../evaluation.ts';
import type { Outcome } from './shown.ts';

/** Of the first gradient there is. */
export function summaryOf(gradients: Evaluation['gradients']): Pick<Outcome, 'gradient'> {
  const [first] = Object.entries(gradients);
  if (!first) return {};
  const [by, { data, shape }] = first;
  let zeros = 0;
  let largest = 0;
  let place = 0;
  for (let i = 0; i < data.length; i++) {
    const entry = Number(data[i]);
    if (entry === 0) zeros++;
    // Once one is not finite, none is larger.
    if (!Number.isFinite(largest) || Math.abs(entry) <= Math.abs(largest)) continue;
    largest = entry;
    place = i;
  }
  const at: number[] = [];
  for (let axis = shape.length - 1, rest = place; axis >= 0; axis--) {
    at.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return { gradient: { by, shape, largest: Float64Array.of(largest), at, zeros } };
}
