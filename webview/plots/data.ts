/** The numbers of a plot as tables: to read, to hear, to compare. */
import { t } from '@vscode/l10n';
import { columnsOf, type FigureColumn } from '../../engine/presentation/plots/columns.ts';
import type { Figure } from '../../extension/panel/protocol.ts';
import { h } from '../dom.ts';
import { grouped, short } from '../format.ts';

/** More rows are read in the file that is saved. */
const mostRows = 100;

export interface DataView {
  readonly element: HTMLElement;
  /** Without any there is nothing to open. */
  show(figures: readonly Figure[]): void;
}

/** Closed at first; its rows are made where it is open. */
export function dataView(): DataView {
  const place = h('div', { class: 'data-tables' });
  const element = h('details', { class: 'data' }, h('summary', {}, t('Numbers of this plot')), place);
  let shown: readonly Figure[] = [];
  const fill = (): void => {
    if (element.open) place.replaceChildren(...shown.map(tableOf));
  };
  element.addEventListener('toggle', fill);
  element.hidden = true;
  return {
    element,
    show(figures) {
      shown = figures;
      element.hidden = figures.length === 0;
      fill();
    },
  };
}

function tableOf(figure: Figure): HTMLElement {
  const columns = columnsOf(figure);
  const count = columns[0]?.values.length ?? 0;
  const shown = Math.min(count, mostRows);
  const cell = (value: FigureColumn['values'][number]): HTMLElement =>
    h(
      'td',
      { class: typeof value === 'number' ? 'data-number' : undefined },
      typeof value === 'number' ? short(value, 'float64', 6) : value,
    );
  const left = count > shown ? ` (${t`the first ${grouped(shown)} of ${grouped(count)} rows`})` : '';
  return h(
    'div',
    { class: 'data-frame', role: 'region', tabindex: '0', 'aria-label': t`Numbers: ${figure.caption}` },
    h(
      'table',
      {},
      h('caption', {}, `${figure.caption}${left}`),
      h('thead', {}, h('tr', {}, ...columns.map(({ label }) => h('th', { scope: 'col' }, label)))),
      h(
        'tbody',
        {},
        ...Array.from({ length: shown }, (_, row) =>
          h('tr', {}, ...columns.map(({ values }) => cell(values[row]!))),
        ),
      ),
    ),
  );
}
