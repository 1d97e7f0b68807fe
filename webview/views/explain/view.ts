/** Explain this number: where it is not finite, how it came about, one element step by step, and by other rules. */
import { t } from '@vscode/l10n';
import type { Outcome } from '../../../extension/panel/protocol.ts';
import { button, entryControl } from '../../controls/index.ts';
import { h } from '../../dom.ts';
import { grouped, indexOf, rowOf } from '../../format.ts';
import { patience } from '../../recorder.ts';
import { answered, part } from '../section.ts';
import type { Stage, View } from '../view.ts';
import { elementView } from './element.ts';
import { numberView } from './number.ts';
import { rulesView } from './rules.ts';
import { troubleView } from './trouble.ts';

/** Up to so many elements, everything is answered unasked. */
const unasked = 500_000;
/** Beyond so many, what goes through all of them waits until the slider has arrived. */
const lively = 10_000;

export function explainTab({ requests, selection, parameters, setParameters, opening }: Stage): View {
  let shown: Outcome | undefined;

  const toRow = (row: number): void => selection.choose(row);
  const reductionControl = opening.controls.find(
    ({ name }) => name === 'reduction' || name === 'reduce_fn',
  )?.name;
  const number = answered(
    async (_: Outcome) => requests.ask('explainValue', { parameters: parameters() }),
    (answer, outcome) =>
      numberView(answer, outcome, {
        toRow,
        toReduction: (reduction) => {
          if (reductionControl) setParameters({ ...parameters(), [reductionControl]: reduction });
        },
      }),
  );
  const element = answered(
    async ({ row }: { row: number; outcome: Outcome }) =>
      requests.ask('explainElement', { parameters: parameters(), row }),
    (answer, { outcome }) => elementView(answer, outcome),
  );
  const trouble = answered(
    async (_: Outcome) => requests.ask('findTrouble', { parameters: parameters() }),
    ({ troubles }) => troubleView(troubles, toRow),
  );
  const rules = answered(
    async (_: Outcome) => requests.ask('otherRules', { parameters: parameters() }),
    ({ ruled }) => rulesView(ruled),
  );

  const heading = h('h2', { id: 'part-element' });
  const elementPart = h(
    'section',
    { class: 'part part-element', 'aria-labelledby': 'part-element' },
    heading,
    h(
      'div',
      { class: 'part-bar' },
      entryControl({
        label: t('Explain the element at index'),
        placeholder: t('Go to index'),
        onEnter: (text) => {
          const row = shown && rowOf(text, shown.table.shape);
          if (row !== undefined) toRow(row);
          return row !== undefined;
        },
      }),
    ),
    element.element,
  );
  const troublePart = part('trouble', t('NaN and lost gradients'), trouble.element);
  const numberPart = part('number', t('How the number came about'), number.element);
  const rulesPart = part('rules', t('The same data by other rules'), rules.element);
  const view = h('div', { class: 'explain' }, numberPart, elementPart, troublePart, rulesPart);

  const explainElement = (): void => {
    if (!shown) return;
    const { shape, largest = 0, firstNonFinite } = shown.table;
    const total = shape.reduce((product, extent) => product * extent, 1);
    elementPart.hidden = total === 0;
    if (total === 0) return;
    const chosen = selection.row !== undefined && selection.row < total ? selection.row : undefined;
    const row = chosen ?? firstNonFinite ?? largest;
    const which =
      chosen !== undefined || total === 1
        ? ''
        : firstNonFinite === undefined
          ? t(', the largest')
          : t(', the first that is not finite');
    heading.textContent =
      total === 1 ? t('The element step by step') : t`Element ${indexOf(row, shape)}${which}, step by step`;
    element.ask({ row, outcome: shown });
  };
  selection.onChange(explainElement);

  /** What goes through all of the data is asked for where there is much of it. */
  const throughAll = (outcome: Outcome): void => {
    const total = outcome.table.shape.reduce((product, extent) => product * extent, 1);
    const rest = total <= lively ? 0 : patience;
    number.ask(outcome, rest);
    for (const each of [trouble, rules]) {
      if (total <= unasked) each.ask(outcome, rest);
      else if (!each.element.firstElementChild?.matches('.button')) {
        each.element.replaceChildren(
          button({ label: t`Go through ${grouped(total)} elements`, onPress: () => each.ask(shown!) }),
        );
      }
    }
  };

  return {
    element: view,
    show(outcome) {
      shown = outcome;
      // What is wrong comes first, where something is.
      if (outcome.nonFinite.count > 0 || !Number.isFinite(Number(outcome.value[0])))
        view.prepend(troublePart);
      else rulesPart.before(troublePart);
      explainElement();
      throughAll(outcome);
    },
  };
}
