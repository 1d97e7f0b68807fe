import { t } from '@vscode/l10n';
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
  const all = elements === 1 ? t('1 element') : t`${count(elements)} elements`;
  if (!reduced) return t`not reduced: ${all}`;
  if (facts.reduction === 'sum') return t`sum over ${all}`;
  if (Number.isNaN(denominator)) return t`one number from ${all}`;
  if (facts.reduction === 'batchmean')
    return t`sum over ${all}, divided by the batch of ${count(denominator)}`;
  if (denominator === elements) return t`mean over ${all}`;
  if (denominator === 1) return t`sum over ${all}`;
  return t`sum over ${all}, divided by ${count(denominator)}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 7 });
}
