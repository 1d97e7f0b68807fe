/** The panel as a whole: what is where, and what is shown while there is nothing yet or nothing to be had. */
import { t } from '@vscode/l10n';
import type { Failure, Opening, Outcome, WireParameters } from '../extension/panel/protocol.ts';
import { linkButton } from './controls/index.ts';
import { h, painted } from './dom.ts';
import { Evaluator } from './evaluator.ts';
import { failureOf, failureView, fullMessage } from './failure.ts';
import { shapeText } from './format.ts';
import { formulaView } from './formula.ts';
import { latest } from './latest.ts';
import { parametersView } from './parameters.ts';
import { Recorder } from './recorder.ts';
import type { Requests } from './requests.ts';
import { selectedView } from './selected.ts';
import { State, type Store } from './state.ts';
import { valuesView } from './values.ts';
import { Selection } from './views/selection.ts';
import { viewStack, viewsFor } from './views/stack.ts';
import type { Stage } from './views/view.ts';

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

/** @param store what should survive a reload of the window */
export function panelView(root: HTMLElement, requests: Requests, store: Store): PanelView {
  let evaluator: Evaluator | undefined;
  let dispose = (): void => {};

  const open = async (): Promise<void> => {
    root.setAttribute('aria-busy', 'true');
    evaluator?.dispose();
    dispose();
    evaluator = new Evaluator(requests);
    const own = evaluator;
    // Both are asked at once: the answers travel while the page is being laid out.
    const outcome = own.evaluate({});
    outcome.catch(() => undefined);
    try {
      dispose = show(await requests.ask('open', {}), own, outcome);
    } catch (error) {
      root.replaceChildren(failureView(failureOf(error), { retry: () => void open() }));
      root.removeAttribute('aria-busy');
    }
  };

  const show = (opening: Opening, own: Evaluator, first: Promise<Outcome>): (() => void) => {
    const state = new State(store, opening);
    const selection = new Selection(state.row);
    selection.onChange((row) => state.choose(row));
    let awaited: Promise<Outcome> | undefined = first;
    let current: WireParameters = {};
    let shown = false;

    const evaluate = latest<WireParameters>(async (asked) => {
      root.setAttribute('aria-busy', 'true');
      try {
        current = asked;
        state.evaluated(asked);
        const answer = awaited ?? own.evaluate(asked, stack.wanted());
        awaited = undefined;
        await succeed(await answer);
      } catch (error) {
        fail(failureOf(error));
      } finally {
        root.removeAttribute('aria-busy');
      }
    });
    const parameters = parametersView(opening.controls, (asked) => void evaluate(asked));
    const recorder = new Recorder(requests);
    const stage: Omit<Stage, 'memory'> = {
      opening,
      requests,
      selection,
      rows: (run, start, count) => own.rows(run, start, count),
      plot: (asked) => own.plot(asked),
      sweep: (asked) => own.sweep(asked),
      parameters: () => current,
      setParameters: (values) => parameters.set(values),
      open: (id) => stack.open(id),
      onRecorded: (listener) => recorder.onRecorded(listener),
    };
    const offered = viewsFor(opening);
    const stack = viewStack(
      (view) => ({
        ...stage,
        memory: {
          read: () => state.view(view.id),
          write: (value) => state.changeView(view.id, value),
        },
      }),
      offered,
      state.tab,
      (tab) => state.turnTo(tab),
    );
    const selected = selectedView(
      stage,
      offered.filter(({ ofElement }) => ofElement),
    );
    const values = valuesView((row) => {
      selection.choose(row);
      stack.open('elements');
    });
    const status = h('footer', { class: 'status' });
    const failed = h('div', { class: 'failed' });
    const value = h('div', {}, h('p', { class: 'waiting', role: 'status' }, t('Evaluating…')));
    const views = h('div', { class: 'column views' }, selected.element, stack.element);

    const succeed = async (outcome: Outcome): Promise<void> => {
      if (!shown) value.replaceChildren(values.element);
      views.hidden = false;
      columns.classList.add('columns-full');
      root.classList.remove('outdated');
      failed.replaceChildren();
      parameters.accept();
      values.show(outcome);
      status.replaceChildren(...statusOf(outcome));
      const isFirst = !shown;
      shown = true;
      if (isFirst) {
        // Before the rest is drawn, which takes longer.
        await painted();
        performance.mark('painted');
      }
      recorder.rest(current, outcome);
      await Promise.all([selected.show(outcome), stack.show(outcome)]);
      if (isFirst) void own.settle(opening);
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
      else failed.replaceChildren(failureView(failure));
    };

    const columns = h(
      'div',
      { class: 'columns columns-full' },
      h(
        'div',
        { class: 'column' },
        section('value', t('Value'), value, failed),
        opening.formula && section('formula', t('Formula'), formulaView(opening.formula)),
        opening.controls.length > 0 && section('parameters', t('Parameters'), parameters.element),
      ),
      views,
    );
    views.hidden = true;
    root.classList.remove('outdated');
    root.replaceChildren(
      header(opening, () => void requests.ask('reveal', {}).catch(() => undefined)),
      columns,
      status,
    );
    void evaluate(Object.fromEntries(opening.controls.map(({ name, value }) => [name, value])));
    return () => {
      state.dispose();
      stack.dispose();
      recorder.dispose();
    };
  };

  return { open };
}

function header({ title, symbol, source, inputs }: Opening, reveal: () => void): HTMLElement {
  const facts: Node[] = [];
  if (source) facts.push(linkButton({ label: source, title: t('Show in the editor'), onPress: reveal }));
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

function section(name: string, title: string, ...content: readonly HTMLElement[]): HTMLElement {
  const id = `section-${name}`;
  return h('section', { 'aria-labelledby': id, class: id }, h('h2', { id }, title), ...content);
}

function statusOf({ backend, dtype, timing }: Outcome): HTMLElement[] {
  const parts = [backend, dtype, t`run ${milliseconds(timing.run)}`];
  if (timing.compile >= 0.05) parts.push(t`compile ${milliseconds(timing.compile)}`);
  if (timing.transfer >= 0.05) parts.push(t`transfer ${milliseconds(timing.transfer)}`);
  return parts.map((part) => h('span', {}, part));
}

function milliseconds(time: number): string {
  return time < 10 ? `${time.toPrecision(2)} ms` : `${Math.round(time)} ms`;
}
