/** The panel as a whole: what is where, and what is shown while there is nothing yet or nothing to be had. */
import type { Failure, Opening, Outcome, WireParameters } from '../extension/panel/protocol.ts';
import { button, linkButton } from './controls/index.ts';
import { h } from './dom.ts';
import { shapeText } from './format.ts';
import { formulaView } from './formula.ts';
import { latest } from './latest.ts';
import { parametersView } from './parameters.ts';
import { plotsView } from './plots/curve.ts';
import { RequestError, type Requests } from './requests.ts';
import { tableView } from './table.ts';
import { valuesView } from './values.ts';

export interface PanelView {
  /** Asks what there is to show, and shows it. */
  open(): Promise<void>;
}

/** @param keep takes what should survive a reload of the window. */
export function panelView(root: HTMLElement, requests: Requests, keep: (state: unknown) => void): PanelView {
  const open = async (): Promise<void> => {
    root.setAttribute('aria-busy', 'true');
    try {
      show(await requests.ask('open', {}));
    } catch (error) {
      root.replaceChildren(failureView(failureOf(error), { retry: () => void open() }));
      root.removeAttribute('aria-busy');
    }
  };

  const show = (opening: Opening): void => {
    const table = tableView((run, start, count) => requests.ask('rows', { run, start, count }));
    const values = valuesView(table.reveal);
    const plots = plotsView(table.reveal);
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
      plots.show(outcome);
      table.show(outcome);
      status.replaceChildren(...statusOf(outcome));
      if (!shown) performance.mark('values');
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
      if (shown && failure.code === 'parameter') parameters.refuse(fullMessage(failure));
      else failed.replaceChildren(failureView(failure, {}));
    };
    const evaluate = latest<WireParameters>(async (asked) => {
      root.setAttribute('aria-busy', 'true');
      try {
        keep({ keep: opening.keep, parameters: asText(asked) });
        succeed(await requests.ask('evaluate', { parameters: asked }));
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
        opening.formula && section('Formula', formulaView(opening.formula)),
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
