/** Up to four losses, parameters or frameworks on the same data, side by side. */
import { t } from '@vscode/l10n';
import type {
  ComparableView,
  ControlInfo,
  Other,
  Outcome,
  WireParameters,
} from '../../../extension/panel/protocol.ts';
import { button, choiceControl } from '../../controls/index.ts';
import { h } from '../../dom.ts';
import { failureOf, failureView } from '../../failure.ts';
import { parametersView } from '../../parameters.ts';
import { asText, fromText } from '../../state.ts';
import { answered } from '../section.ts';
import type { Stage, View } from '../view.ts';
import { comparisonTable } from './table.ts';

export function compareTab({ opening, requests, parameters, memory }: Stage): View {
  const own = opening.symbol ?? opening.loss;
  let others: readonly Other[] = remembered(memory.read());
  let offered: readonly ComparableView[] = [];
  let most = 4;
  let shown: Outcome | undefined;

  const change = (next: readonly Other[]): void => {
    others = next;
    memory.write(next.map(({ loss, parameters: given }) => ({ loss, parameters: asText(given) })));
    drawControls();
    ask();
  };
  const labelOf = (name: string): string => offered.find((each) => each.name === name)?.label ?? name;
  const table = answered(
    async (asked: readonly Other[]) => requests.ask('compare', { parameters: parameters(), others: asked }),
    ({ compared }) => [
      comparisonTable(
        compared.map((each, i) => ({
          ...each,
          title: i === 0 ? t`${labelOf(own)}, as above` : labelOf(each.loss),
          ...(i > 0 && { onRemove: () => change(others.toSpliced(i - 1, 1)) }),
        })),
      ),
    ],
  );
  const ask = (): void => table.ask(others);

  const adding = h('div', { class: 'compare-bar' });
  const details = h('div', { class: 'compare-parameters' });
  const drawControls = (): void => {
    adding.replaceChildren(...addingOf());
    details.replaceChildren(...others.map((other, i) => parametersOf(other, i)));
  };
  const addingOf = (): readonly HTMLElement[] => {
    if (others.length + 1 >= most)
      return [h('p', { class: 'muted' }, t`${most} are compared at most: remove one to add another.`)];
    let chosen = offered.find(({ name }) => name !== own) ?? offered[0];
    const pin = button({
      label: t('Keep the present parameters'),
      onPress: () => change([...others, { loss: own, parameters: { ...parameters() } }]),
    });
    if (!chosen) return [pin];
    return [
      choiceControl({
        label: t('Loss to compare with'),
        choices: offered.map((each) => ({ label: each.label, value: each })),
        value: chosen,
        onChange: (each) => {
          chosen = each;
        },
      }),
      button({
        label: t('Add'),
        onPress: () => change([...others, { loss: chosen!.name, parameters: {} }]),
      }),
      pin,
    ];
  };
  const parametersOf = (other: Other, i: number): HTMLElement => {
    const place = h('div');
    const draw = (controls: readonly ControlInfo[]): void => {
      if (controls.length === 0) return;
      const view = parametersView(
        controls.map((info) => ({ ...info, value: other.parameters[info.name] ?? info.value })),
        (values) => {
          others = others.with(i, { ...other, parameters: changed(controls, values, other.parameters) });
          memory.write(others.map((each) => ({ loss: each.loss, parameters: asText(each.parameters) })));
          ask();
        },
      );
      place.replaceChildren(
        h('details', {}, h('summary', {}, t`Parameters of ${labelOf(other.loss)}`), view.element),
      );
    };
    requests.ask('comparedControls', { loss: other.loss }).then(
      ({ controls }) => draw(controls),
      (error) => place.replaceChildren(failureView(failureOf(error))),
    );
    return place;
  };

  const load = answered(
    async (_: Outcome) => requests.ask('comparable', { parameters: parameters() }),
    (answer) => {
      offered = answer.comparable;
      most = answer.most;
      others = others.filter(({ loss }) => offered.some(({ name }) => name === loss)).slice(0, most - 1);
      drawControls();
      return [];
    },
  );
  return {
    element: h('div', { class: 'compare' }, load.element, adding, table.element, details),
    show(outcome) {
      if (!shown) load.ask(outcome);
      shown = outcome;
      ask();
    },
  };
}

/** Those that a person has set, now or before: the others follow from how the data are read. */
function changed(
  controls: readonly ControlInfo[],
  values: WireParameters,
  before: WireParameters,
): WireParameters {
  return Object.fromEntries(
    controls.flatMap(({ name, value: standard }) => {
      const value = values[name]!;
      return name in before || !same(value, standard) ? [[name, value] as const] : [];
    }),
  );
}

const same = (a: WireParameters[string], b: WireParameters[string]): boolean =>
  a instanceof Float64Array && b instanceof Float64Array ? Object.is(a[0], b[0]) : a === b;

function remembered(state: unknown): readonly Other[] {
  if (!Array.isArray(state)) return [];
  return state.flatMap((each: unknown): Other[] => {
    const { loss, parameters } = (each ?? {}) as { loss?: unknown; parameters?: unknown };
    return typeof loss === 'string' ? [{ loss, parameters: fromText(parameters) }] : [];
  });
}
