import type { ParameterValue } from '../evaluation.ts';

/** How the elements became the value, in words that stand under it: `mean over 6 elements`. */
export function reductionInWords(facts: {
  readonly reduction: ParameterValue;
  readonly elements: number;
  readonly denominator: number;
  /** Whether the value is one number. */
  readonly reduced: boolean;
}): string {
  const { elements, denominator, reduced } = facts;
  const all = `${count(elements)} ${elements === 1 ? 'element' : 'elements'}`;
  if (!reduced) return `not reduced: ${all}`;
  if (facts.reduction === 'sum') return `sum over ${all}`;
  if (Number.isNaN(denominator)) return `one number from ${all}`;
  if (facts.reduction === 'batchmean')
    return `sum over ${all}, divided by the batch of ${count(denominator)}`;
  if (denominator === elements) return `mean over ${all}`;
  if (denominator === 1) return `sum over ${all}`;
  return `sum over ${all}, divided by ${count(denominator)}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 7 });
}
