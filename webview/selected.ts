/** The element that is looked at, in a line of its own: what it holds, and where to see more of it. */
import { t } from '@vscode/l10n';
import type { Outcome } from '../extension/panel/protocol.ts';
import { linkButton } from './controls/index.ts';
import { h } from './dom.ts';
import { grouped, indexOf, short } from './format.ts';
import { latest } from './latest.ts';
import type { Stage } from './views/view.ts';

export interface SelectedView {
  readonly element: HTMLElement;
  /** Until the element of this outcome is there. */
  show(outcome: Outcome): Promise<void>;
}

export function selectedView(
  { selection, rows, open }: Pick<Stage, 'selection' | 'rows' | 'open'>,
  places: readonly { readonly id: string; readonly title: string }[],
): SelectedView {
  const facts = h('p', { class: 'selected-facts', role: 'status' });
  const element = h(
    'div',
    { class: 'selected' },
    facts,
    h(
      'p',
      { class: 'selected-links' },
      ...places.map(({ id, title }) => linkButton({ label: title, onPress: () => open(id) })),
      linkButton({
        label: t('Clear'),
        title: t('Look at no single element'),
        onPress: () => selection.choose(undefined),
      }),
    ),
  );
  element.hidden = true;
  let shown: Outcome | undefined;

  const read = latest<{ outcome: Outcome; row: number }>(async ({ outcome, row }) => {
    try {
      const { columns } = await rows(outcome.run, row, 1);
      facts.replaceChildren(...factsOf(outcome.table, row, columns));
    } catch {
      // The run was replaced, and the outcome of the next one comes here as well.
    }
  });
  const update = async (): Promise<void> => {
    const { row } = selection;
    const total = shown?.table.shape.reduce((product, extent) => product * extent, 1) ?? 0;
    element.hidden = row === undefined || row >= total;
    if (!element.hidden) await read({ outcome: shown!, row: row! });
  };
  selection.onChange(() => void update());
  return {
    element,
    show(outcome) {
      shown = outcome;
      return update();
    },
  };
}

function factsOf(
  { shape, columns }: Outcome['table'],
  row: number,
  values: readonly ArrayLike<number | bigint>[],
): HTMLElement[] {
  const fact = (label: string, text: string): HTMLElement =>
    h('span', { class: 'fact' }, h('span', { class: 'fact-label' }, `${label} `), h('span', {}, text));
  return [
    h('strong', {}, t`Element ${indexOf(row, shape)}`),
    ...columns.map(({ label, dtype, extent }, i) => {
      const numbers = Array.from(values[i]!, (value) => short(value, dtype, 5));
      if (extent > numbers.length) numbers.push(`… ${grouped(extent)}`);
      return fact(label, extent === 1 ? numbers[0]! : `[${numbers.join(', ')}]`);
    }),
  ];
}
