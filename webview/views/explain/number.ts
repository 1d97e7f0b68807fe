/** How the elements became the value: who counted, and what other reductions would give. */
import { t } from '@vscode/l10n';
import type { Outcome, ReductionExplained, ValueExplained } from '../../../extension/panel/protocol.ts';
import { linkButton } from '../../controls/index.ts';
import { type Child, h } from '../../dom.ts';
import { fullMessage } from '../../failure.ts';
import { grouped, indexOf, shapeText, short } from '../../format.ts';

export function numberView(
  { elements, shape, weights, reductions }: ValueExplained,
  { quotient, reduction, valueShape, value, dtype }: Outcome,
  go: { readonly toRow: (row: number) => void; readonly toReduction: (reduction: string | null) => void },
): readonly Child[] {
  const [numerator, denominator] = [quotient[0]!, quotient[1]!];
  const whole = valueShape.length === 0 && !Number.isNaN(denominator);
  return [
    whole &&
      h(
        'p',
        { class: 'total-line' },
        h('strong', {}, short(value[0]!, dtype)),
        ` = ${short(numerator, dtype)} ÷ ${short(denominator, dtype)}`,
      ),
    h(
      'p',
      {},
      `${reduction[0]!.toUpperCase()}${reduction.slice(1)}. `,
      ...countedOf(elements, shape, weights, go.toRow),
    ),
    reductions.length > 0 &&
      h(
        'table',
        { class: 'facts-table', 'aria-label': t('What each reduction gives') },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ...[t('reduction'), t('value'), t('how')].map((title) => h('th', { scope: 'col' }, title)),
          ),
        ),
        h('tbody', {}, ...reductions.map((each) => row(each, go.toReduction))),
      ),
  ];
}

function countedOf(
  elements: number,
  shape: readonly number[],
  weights: ValueExplained['weights'],
  toRow: (row: number) => void,
): Child[] {
  if (!weights) return [elements === 1 ? t('It counts in full.') : t('All of them count in full.')];
  const [least, greatest, sum] = weights.range as unknown as [number, number, number];
  const parts: Child[] = [];
  if (weights.ignored > 0) {
    parts.push(
      t`${grouped(elements - weights.ignored)} of ${grouped(elements)} count, ${grouped(weights.ignored)} weigh 0`,
    );
    if (weights.first.length > 0) {
      parts.push(': ');
      weights.first.forEach((place, i) => {
        if (i > 0) parts.push(', ');
        parts.push(
          linkButton({
            label: indexOf(place, shape),
            title: t('Look at this element'),
            onPress: () => toRow(place),
          }),
        );
      });
      if (weights.ignored > weights.first.length) parts.push(' …');
    }
    parts.push('. ');
  } else parts.push(t('All of them count.'), ' ');
  if (least !== greatest)
    parts.push(
      t`Weights from ${short(least, 'float64')} to ${short(greatest, 'float64')}, ${short(sum, 'float64')} in all.`,
    );
  return parts;
}

function row(
  { reduction, isOwn, quotient, shape, failure }: ReductionExplained,
  toReduction: (reduction: string | null) => void,
): HTMLElement {
  const name = reduction === null ? 'None' : String(reduction);
  const [value, numerator, denominator] = [...(quotient ?? [])];
  const how = failure
    ? fullMessage(failure)
    : shape
      ? t`not reduced: shape ${shapeText(shape)}`
      : denominator === 1 || Number.isNaN(denominator!)
        ? t('the sum')
        : `${short(numerator!, 'float64')} ÷ ${short(denominator!, 'float64')}`;
  return h(
    'tr',
    { class: isOwn ? 'own' : undefined },
    h(
      'th',
      { scope: 'row' },
      isOwn
        ? h('span', {}, `${name} `, h('span', { class: 'muted' }, t('(in force)')))
        : linkButton({
            label: name,
            title: t('Take this reduction'),
            onPress: () => toReduction(reduction as string | null),
          }),
    ),
    h('td', { class: 'number-cell' }, failure || shape ? '' : short(value!, 'float64')),
    h('td', { class: 'muted' }, how),
  );
}
