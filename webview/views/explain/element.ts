/** One element worked through, and its part in the value. */
import { t } from '@vscode/l10n';
import type { ElementExplained, Outcome } from '../../../extension/panel/protocol.ts';
import { type Child, h } from '../../dom.ts';
import { short } from '../../format.ts';
import { linesView } from './lines.ts';

export function elementView(
  { lines, loss, counted = loss, weight, gradient, unexplained }: ElementExplained,
  { quotient, reduction }: Outcome,
): readonly Child[] {
  if (unexplained) return [h('p', {}, unexplained)];
  const [numerator, denominator] = [quotient[0]!, quotient[1]!];
  const share = (100 * counted[0]!) / numerator;
  const parts: string[] = [];
  if (Number.isFinite(share) && numerator !== 0) {
    const [percent, sum] = [short(share, 'float64', 3), short(numerator, 'float64', 5)];
    parts.push(
      denominator === 1
        ? t`That is ${percent} % of the sum ${sum}.`
        : t`That is ${percent} % of the sum ${sum}, and ${short(counted[0]! / denominator, 'float64', 5)} of the value (${reduction}).`,
    );
  }
  if (weight) parts.push(t`It counts with the weight ${short(weight[0]!, 'float64')}.`);
  return [
    linesView(lines, t('The loss of this element, step by step')),
    parts.length > 0 && h('p', { class: 'muted' }, parts.join(' ')),
    gradient &&
      h(
        'details',
        { class: 'gradient-lines' },
        h('summary', {}, t`Its gradient by ${gradient.by}, step by step`),
        linesView(gradient.lines, t('The gradient, step by step')),
      ),
  ];
}
