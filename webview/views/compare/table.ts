/** A column for each loss, a row for each number. */
import { t } from '@vscode/l10n';
import type { ComparedView } from '../../../extension/panel/protocol.ts';
import { linkButton } from '../../controls/index.ts';
import { h } from '../../dom.ts';
import { fullMessage } from '../../failure.ts';
import { grouped, shapeText, short } from '../../format.ts';

export interface Column extends ComparedView {
  readonly title: string;
  readonly onRemove?: () => void;
}

const number = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '—' : short(value, 'float64', 6);

const rows = (): readonly (readonly [title: string, text: (column: Column) => string, isText?: true])[] => [
  [
    t('value'),
    ({ quotient, shape }) =>
      quotient && Number.isNaN(quotient[0]) && !Number.isNaN(quotient[1])
        ? t`not reduced: ${shapeText(shape!)}`
        : exactly(quotient?.[0]),
  ],
  [t('sum'), ({ quotient }) => exactly(quotient?.[1])],
  [t('divided by'), ({ quotient }) => number(quotient?.[2])],
  [t('how'), ({ reduction }) => reduction ?? '', true],
  [t('gradient norm'), ({ gradient }) => exactly(gradient?.[0])],
  [t('gradient least'), ({ gradient }) => exactly(gradient?.[1])],
  [t('gradient greatest'), ({ gradient }) => exactly(gradient?.[2])],
  [
    t('gradient zeros'),
    ({ gradient }) => (gradient ? t`${grouped(gradient[3]!)} of ${grouped(gradient[4]!)}` : '—'),
  ],
  [t('elements differ by'), ({ difference }) => number(difference?.[0])],
  [t('gradient differs by'), ({ difference }) => number(difference?.[1])],
];

/** NaN is a value of its own here, not a missing one. */
function exactly(value: number | undefined): string {
  return value === undefined ? '—' : short(value, 'float64', 6);
}

export function comparisonTable(columns: readonly Column[]): HTMLElement {
  const frame = h(
    'div',
    { class: 'compare-frame' },
    h(
      'table',
      { class: 'facts-table compare-table', 'aria-label': t('Losses side by side') },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, h('span', { class: 'unseen' }, t('number'))),
          ...columns.map(({ title, onRemove, left, written }) =>
            h(
              'th',
              { scope: 'col' },
              h('span', { class: 'compare-title' }, title),
              written !== '' && h('code', { class: 'compare-written' }, written),
              left.length > 0 && h('span', { class: 'muted' }, ` ${t`without ${left.join(', ')}`}`),
              onRemove &&
                h(
                  'span',
                  {},
                  ' ',
                  linkButton({ label: t('Remove'), title: t`Remove ${title}`, onPress: onRemove }),
                ),
            ),
          ),
        ),
      ),
      h(
        'tbody',
        {},
        ...rows().map(([title, text, isText], i) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, title),
            ...columns.map((column) =>
              column.failure
                ? h('td', { class: 'muted' }, i === 0 ? fullMessage(column.failure) : '—')
                : h('td', { class: isText ? 'muted' : 'number-cell' }, text(column)),
            ),
          ),
        ),
      ),
    ),
  );
  // What scrolls must be reachable by keyboard.
  new ResizeObserver(() => {
    if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
    else frame.removeAttribute('tabindex');
  }).observe(frame);
  return h(
    'div',
    {},
    frame,
    h(
      'p',
      { class: 'muted' },
      t('By how much they differ at most from the first; — where shapes are not the same.'),
    ),
  );
}
