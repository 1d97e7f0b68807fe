/** The panel as a whole: what is where, and what is shown while there is nothing yet or nothing to be had. */
import type { Failure, Formula, Opening, Outcome, WireParameters } from '../extension/panel/protocol.ts';
import { button, linkButton } from './controls/index.ts';
import { h } from './dom.ts';
import { Evaluator } from './evaluator.ts';
import { shapeText } from './format.ts';
import { latest } from './latest.ts';
import { parametersView } from './parameters.ts';
import type { PlotsView, Plotted } from './plots/curve.ts';
import { RequestError, type Requests } from './requests.ts';
import { tableView } from './table.ts';
import { valuesView } from './values.ts';

export interface PanelView {
  /** Asks what there is to show, and shows it. */
  open(): Promise<void>;
}

/** What stands beside the control that was changed. */
const ofParameters: ReadonlySet<Failure['code']> = new Set([
  'parameter',
  'no-file',
  'not-a-network',
  'network-unsupported',
  'unknown-layer',
]);

/** @param keep takes what should survive a reload of the window. */
export function panelView(root: HTMLElement, requests: Requests, keep: (state: unknown) => void): PanelView {
  let evaluator: Evaluator | undefined;

  const open = async (): Promise<void> => {
    root.setAttribute('aria-busy', 'true');
    evaluator?.dispose();
    evaluator = new Evaluator(requests);
    const own = evaluator;
    // Both are asked at once: the answers travel while the page is being laid out.
    const outcome = own.evaluate({});
    outcome.catch(() => undefined);
    try {
      show(await requests.ask('open', {}), own, outcome);
    } catch (error) {
      root.replaceChildren(failureView(failureOf(error), { retry: () => void open() }));
      root.removeAttribute('aria-busy');
    }
  };

  const show = (opening: Opening, own: Evaluator, first: Promise<Outcome>): void => {
    let awaited: Promise<Outcome> | undefined = first;
    const table = tableView((run, start, count) => own.rows(run, start, count));
    const values = valuesView(table.reveal);
    const plots = plotsLater(table.reveal);
    const status = h('footer', { class: 'status' });
    const failed = h('div', { class: 'failed' });
    const value = h('div', {}, h('p', { class: 'waiting', role: 'status' }, 'Evaluating…'));
    const plotSection = section('Loss and gradient', plots.element);
    const tableSection = section('Elements', table.element);
    let shown = false;

    const succeed = (outcome: Outcome): void => {
      if (!shown) value.replaceChildren(values.element);
      plotSection.hidden = tableSection.hidden = false;
      columns.classList.add('columns-full');
      root.classList.remove('outdated');
      failed.replaceChildren();
      parameters.accept();
      values.show(outcome);
      status.replaceChildren(...statusOf(outcome));
      const rest = (): void => {
        plots.show(outcome);
        table.show(outcome);
      };
      if (shown) rest();
      else {
        // The value is painted before the rest is drawn.
        performance.mark('values');
        setTimeout(() => {
          rest();
          void own.settle(opening);
        });
      }
      shown = true;
    };
    const fail = (failure: Failure): void => {
      if (failure.code === 'cancelled') return;
      if (shown) root.classList.add('outdated');
      else {
        value.replaceChildren();
        // There is nothing yet for the second column.
        columns.classList.remove('columns-full');
      }
      if (shown && ofParameters.has(failure.code)) parameters.refuse(fullMessage(failure));
      else failed.replaceChildren(failureView(failure, {}));
    };
    const evaluate = latest<WireParameters>(async (asked) => {
      root.setAttribute('aria-busy', 'true');
      try {
        keep({ keep: opening.keep, parameters: asText(asked) });
        const answer = awaited ?? own.evaluate(asked);
        awaited = undefined;
        succeed(await answer);
      } catch (error) {
        fail(failureOf(error));
      } finally {
        root.removeAttribute('aria-busy');
      }
    });
    const parameters = parametersView(opening.controls, evaluate);

    const columns = h(
      'div',
      { class: 'columns columns-full' },
      h(
        'div',
        { class: 'column' },
        section('Value', value, failed),
        opening.formula && section('Formula', formulaLater(opening.formula)),
        opening.controls.length > 0 && section('Parameters', parameters.element),
      ),
      h('div', { class: 'column' }, plotSection),
    );
    plotSection.hidden = tableSection.hidden = true;
    root.classList.remove('outdated');
    root.replaceChildren(
      header(opening, () => void requests.ask('reveal', {}).catch(() => undefined)),
      columns,
      tableSection,
      status,
    );
    evaluate(Object.fromEntries(opening.controls.map(({ name, value: current }) => [name, current])));
  };

  return { open };
}

// Typesetting and plotting are more than half of the code: they are loaded while the value is already there.

function formulaLater(formula: Formula): HTMLElement {
  const place = h('div', { class: 'later' });
  void import('./formula.ts').then(({ formulaView }) => place.replaceChildren(formulaView(formula)));
  return place;
}

function plotsLater(showRow: (row: number) => void): PlotsView {
  const element = h('div', { class: 'later' });
  let view: PlotsView | undefined;
  let shown: Plotted | undefined;
  void import('./plots/curve.ts').then(({ plotsView }) => {
    view = plotsView(showRow);
    element.replaceChildren(view.element);
    if (shown) view.show(shown);
  });
  return {
    element,
    show(plotted) {
      shown = plotted;
      view?.show(plotted);
    },
  };
}

function header({ title, symbol, source, inputs }: Opening, reveal: () => void): HTMLElement {
  const facts: Node[] = [];
  if (source) facts.push(linkButton({ label: source, title: 'Show in the editor', onPress: reveal }));
  for (const { name, dtype, shape } of inputs) {
    facts.push(
      h('span', { class: 'input' }, h('span', { class: 'name' }, name), ` ${dtype} ${shapeText(shape)}`),
    );
  }
  return h(
    'header',
    { class: 'header' },
    h('h1', {}, title),
    symbol && h('code', { class: 'symbol' }, symbol),
    h('div', { class: 'facts' }, ...facts),
  );
}

function section(title: string, ...content: readonly HTMLElement[]): HTMLElement {
  const id = `section-${title.toLowerCase().replaceAll(' ', '-')}`;
  return h('section', { 'aria-labelledby': id, class: id }, h('h2', { id }, title), ...content);
}

function statusOf({ backend, dtype, timing }: Outcome): HTMLElement[] {
  const parts = [backend, dtype, `run ${milliseconds(timing.run)}`];
  if (timing.compile >= 0.05) parts.push(`compile ${milliseconds(timing.compile)}`);
  if (timing.transfer >= 0.05) parts.push(`transfer ${milliseconds(timing.transfer)}`);
  return parts.map((part) => h('span', {}, part));
}

function milliseconds(time: number): string {
  return time < 10 ? `${time.toPrecision(2)} ms` : `${Math.round(time)} ms`;
}

function failureView({ message, details, code }: Failure, { retry }: { retry?: () => void }): HTMLElement {
  const facts = [
    ['Found', details.found],
    ['Expected', details.expected],
    ['First at index', details.index && `[${details.index.join(', ')}]`],
    ['How many', details.count?.toString()],
  ] as const;
  const given = facts.filter((fact): fact is [(typeof fact)[0], string] => fact[1] !== undefined);
  return h(
    'div',
    { class: 'failure', role: 'alert', 'data-code': code },
    h('p', { class: 'failure-message' }, message),
    given.length > 0 &&
      h('dl', {}, ...given.flatMap(([term, text]) => [h('dt', {}, term), h('dd', {}, text)])),
    retry && button({ label: 'Try again', onPress: retry }),
  );
}

function fullMessage({ message, details }: Failure): string {
  return details.expected === undefined ? message : `${message} Expected: ${details.expected}.`;
}

function failureOf(error: unknown): Failure {
  if (error instanceof RequestError) return error.failure;
  const reason = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message: `The panel failed unexpectedly: ${reason}`, details: {} };
}

/** Numbers as text, because what the editor keeps is JSON. */
function asText(parameters: WireParameters): object {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      value instanceof Float64Array ? { number: String(value[0]) } : value,
    ]),
  );
}
