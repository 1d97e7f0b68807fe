/** Value and size of the gradient over a range of one parameter, evaluated step by step, with progress and an end when wanted. */
import { t } from '@vscode/l10n';
import type { Outcome } from '../../../extension/panel/protocol.ts';
import { button, choiceControl, numberControl } from '../../controls/index.ts';
import { h } from '../../dom.ts';
import { failureOf, fullMessage } from '../../failure.ts';
import { draw } from '../../plots/figure.ts';
import { picking } from '../../plots/picking.ts';
import type { Stage } from '../view.ts';
import type { Exported } from './exports.ts';
import { figuresOf, findingsOf, othersOf, rangeOf, type Sweep } from './swept.ts';

const points = 41;
/** Milliseconds that a step should take: as many values are asked for at once. */
const patience = 80;
/** From a range that spans this factor on, steps are equal factors. */
const spread = 20;

export interface SweepView {
  readonly element: HTMLElement;
  /** Whether there is a number to sweep. */
  readonly isOffered: boolean;
  show(outcome: Outcome): void;
  resize(width: number): void;
  shown(): Exported | undefined;
  dispose(): void;
}

export function sweepView(
  stage: Pick<Stage, 'opening' | 'sweep' | 'parameters' | 'setParameters'>,
): SweepView {
  const swept = stage.opening.controls.filter(
    ({ kind, default: standard }) => kind === 'number' && standard instanceof Float64Array,
  );
  let info = swept[0];
  let [from, to] = info ? rangeOf(info) : [0, 1];
  let done: Sweep | undefined;
  let running: { cancelled: boolean } | undefined;
  let width = 0;

  const fields = h('div', { class: 'sweep-range' });
  const told = h('p', { class: 'sweep-told', role: 'status' });
  const bar = document.createElement('progress');
  bar.max = points;
  bar.hidden = true;
  bar.setAttribute('aria-label', t('Progress of the sweep'));
  const figures = h('div', { class: 'figures' });
  const start = button({ label: t('Sweep'), onPress: () => void run() });
  const stop = button({
    label: t('Stop'),
    onPress: () => {
      if (running) running.cancelled = true;
    },
  });
  stop.hidden = true;
  const element = h(
    'div',
    { class: 'sweep' },
    h(
      'div',
      { class: 'sweep-bar' },
      h('span', { class: 'field-label', 'aria-hidden': 'true' }, t('Parameter')),
      choiceControl({
        label: t('Parameter to sweep'),
        choices: swept.map((each) => ({ label: each.name, value: each })),
        value: info,
        onChange(chosen) {
          info = chosen!;
          [from, to] = rangeOf(info);
          layOut();
        },
      }),
      fields,
      start,
      stop,
      bar,
    ),
    told,
    figures,
  );

  function layOut(): void {
    const bounds = { ...info!, integer: false };
    const field = (label: string, value: number, onChange: (value: number) => void): HTMLElement =>
      numberControl({
        ...bounds,
        label,
        value,
        standard: value,
        withoutSlider: true,
        onChange: (changed) => {
          if (changed !== null) onChange(changed);
        },
        onComplaint: (message) => {
          told.textContent = message ?? '';
        },
      });
    fields.replaceChildren(
      h('span', { class: 'field-label', 'aria-hidden': 'true' }, t('from')),
      field(t('from'), from, (value) => {
        from = value;
      }),
      h('span', { class: 'field-label', 'aria-hidden': 'true' }, t('to')),
      field(t('to'), to, (value) => {
        to = value;
      }),
    );
  }
  if (info) layOut();

  async function run(): Promise<void> {
    if (!info || running) return;
    if (!(to > from) || !Number.isFinite(to - from)) {
      told.textContent = t('A sweep goes from a number to a larger one.');
      return;
    }
    const own = { cancelled: false };
    running = own;
    const { name } = info;
    const parameters = stage.parameters();
    const isLogarithmic = from > 0 && to / from >= spread;
    const at = Array.from({ length: points }, (_, i) => {
      const share = i / (points - 1);
      return isLogarithmic ? from * (to / from) ** share : from + (to - from) * share;
    });
    [start.hidden, stop.hidden, bar.hidden] = [true, false, false];
    const values: number[] = [];
    const gradients: number[] = [];
    const others = othersOf(parameters, name);
    let chunk = 1;
    try {
      while (values.length < points && !own.cancelled) {
        bar.value = values.length;
        told.textContent = t`${values.length} of ${points} values`;
        const asked = Float64Array.from(at.slice(values.length, values.length + chunk));
        const began = performance.now();
        const isLast = values.length + asked.length >= points;
        const answer = await stage.sweep({ parameters, parameter: name, values: asked, isLast });
        values.push(...answer.values);
        gradients.push(...answer.gradients);
        done = { parameter: name, at: at.slice(0, values.length), values, gradients, isLogarithmic, others };
        redraw();
        const each = (performance.now() - began) / asked.length;
        chunk = Math.max(1, Math.min(points, Math.floor(patience / Math.max(each, 0.1))));
      }
      if (own.cancelled) {
        await stage.sweep({ parameters, parameter: name, values: new Float64Array(), isLast: true });
        told.textContent = t`Stopped after ${values.length} of ${points} values.`;
      } else told.textContent = '';
    } catch (error) {
      told.textContent = fullMessage(failureOf(error));
    } finally {
      running = undefined;
      [start.hidden, stop.hidden, bar.hidden] = [false, true, true];
      redraw();
    }
  }

  function redraw(): void {
    if (!done || width === 0) return;
    const { parameter } = done;
    const all = figuresOf(done, stage.parameters());
    const findings = findingsOf(done, stage.parameters());
    figures.replaceChildren(
      h('p', { class: 'findings' }, findings),
      ...all.map((figure) => {
        const { svg, targets, legend } = draw(figure, { width, logarithmic: false });
        const choose = (target: number): void => {
          const value = done!.at[targets.row(target)];
          if (value !== undefined) {
            stage.setParameters({ [parameter]: Float64Array.of(Number(value.toPrecision(6))) });
          }
        };
        return h(
          'figure',
          { class: 'figure figure-lines' },
          h('figcaption', { class: 'figure-caption' }, figure.caption),
          legend.length > 0 && h('ul', { class: 'legend', 'aria-label': t('Legend') }, ...legend),
          picking(
            svg,
            targets,
            t`${figure.caption}. ${findings} Enter takes the value over.`,
            choose,
            () => true,
          ),
        );
      }),
    );
  }

  return {
    element,
    isOffered: swept.length > 0,
    show: redraw,
    resize(measured) {
      width = measured;
      redraw();
    },
    shown: () =>
      done && {
        title: t`Sweep of ${done.parameter}`,
        findings: findingsOf(done, stage.parameters()),
        // Its points are those of its line.
        figures: figuresOf(done, stage.parameters()).map((figure) => ({ ...figure, points: [] })),
        element: figures,
      },
    dispose() {
      if (running) running.cancelled = true;
    },
  };
}
