/** Loss above, gradient below, over the same abscissa, with the user's elements on both. */
import { t } from '@vscode/l10n';
import type { Curve } from '../../engine/catalogue.ts';
import type { Points } from '../../extension/panel/protocol.ts';
import { h } from '../dom.ts';
import { grouped, indexOf, short } from '../format.ts';
import { Plot } from '../libraries/index.ts';
import { type CloudPoint, cloud } from './cloud.ts';
import { describe } from './describe.ts';
import { type Domain, horizontalDomain, type Placed, place, verticalDomain } from './domain.ts';
import { scaleOf, withoutStyle } from './drawing.ts';
import { arrowSwatch, dotSwatch, lineSwatch, looks } from './looks.ts';
import { inOrder, nearest, picking, type Targets } from './picking.ts';

export interface Plotted {
  readonly curve: Curve;
  readonly points?: Points | undefined;
}

export interface PlotsView {
  readonly element: HTMLElement;
  /** @param row the one that is marked */
  show(plotted: Plotted, row?: number): void;
}

type Quantity = 'loss' | 'gradient';

export function plotsView(showRow: (row: number) => void): PlotsView {
  const legend = h('ul', { class: 'legend', 'aria-label': t('Legend') });
  const frames: Record<Quantity, HTMLElement> = {
    loss: h('figure', { class: 'plot-frame' }),
    gradient: h('figure', { class: 'plot-frame' }),
  };
  const element = h('div', { class: 'plots' }, legend, frames.loss, frames.gradient);
  let shown: Plotted | undefined;
  let marked: number | undefined;
  let width = 0;

  const draw = (): void => {
    if (!shown || width === 0) return;
    const drawings = (['loss', 'gradient'] as const).map((quantity) => {
      const drawn = drawing(quantity, shown!, width, marked, showRow);
      frames[quantity].replaceChildren(drawn.figure);
      return drawn;
    });
    legend.replaceChildren(
      ...legendOf(
        shown,
        drawings.some(({ beyond }) => beyond),
      ),
    );
    legend.hidden = legend.childElementCount === 0;
  };
  new ResizeObserver(([entry]) => {
    const measured = Math.floor(entry!.contentRect.width);
    if (measured === width) return;
    width = measured;
    draw();
  }).observe(element);

  return {
    element,
    show(plotted, row) {
      shown = plotted;
      marked = row;
      draw();
    },
  };
}

function drawing(
  quantity: Quantity,
  { curve, points }: Plotted,
  width: number,
  marked: number | undefined,
  showRow: (row: number) => void,
): { figure: Element; beyond: boolean } {
  const { series, xLabel, gradientLabel } = curve;
  const horizontal = horizontalDomain(
    series.flatMap(({ x }) => [...x]),
    points?.x ?? [],
  );
  const vertical = verticalDomain(
    series.flatMap((each) => [...each[quantity]]),
    points?.[quantity] ?? [],
  );
  const dots = points ? place(points.x, points[quantity], horizontal, vertical) : [];
  const lowest = quantity === 'gradient';
  const tall = Math.round(Math.min(230, Math.max(172, width * 0.36)));
  const yLabel = quantity === 'loss' ? t('loss') : gradientLabel;
  const title = (point: number): string =>
    [
      t`index ${indexOf(points!.index[point]!, points!.shape)}`,
      `${xLabel} ${short(points!.x[point]!, 'float64', 5)}`,
      t`loss ${short(points!.loss[point]!, 'float64', 5)}`,
      `${gradientLabel} ${short(points!.gradient[point]!, 'float64', 5)}`,
    ].join(', ');

  const isMarked = ({ point }: Placed): boolean => marked !== undefined && points!.row[point] === marked;
  // Many points would hide the curve that they lie on.
  const many = dots.length > 300;
  const lines = series.map(({ x, [quantity]: y }, position) => {
    const look = looks[position % looks.length]!;
    return Plot.lineY(finite(y), {
      x,
      className: 'curve',
      stroke: look.stroke,
      strokeWidth: 2,
      ...(look.dash && { strokeDasharray: look.dash }),
      clip: true,
    });
  });
  const own = Plot.dot(many ? dots.filter(isMarked) : dots, {
    className: 'points',
    x: 'x',
    y: 'y',
    r: (placed: Placed) => (isMarked(placed) ? 7 : 4),
    symbol: ({ beyond }: Placed) => (beyond === undefined ? 'circle' : 'triangle'),
    rotate: ({ beyond }: Placed) => beyond ?? 0,
    fill: (placed: Placed) => (isMarked(placed) ? 'var(--marked)' : 'var(--point)'),
    stroke: 'var(--point-edge)',
    strokeWidth: 1,
  });
  const figure = withoutStyle(
    Plot.plot({
      className: 'plot',
      width,
      height: tall + (lowest ? 24 : 0),
      marginLeft: 48,
      marginRight: 14,
      marginTop: 28,
      marginBottom: lowest ? 38 : 14,
      x: { domain: [...horizontal], nice: 40 },
      y: { domain: [...vertical] },
      marks: [
        Plot.gridY({ strokeOpacity: 1, stroke: 'var(--grid)', ticks: 5 }),
        Plot.ruleY(spans(vertical, 0) ? [0] : [], { stroke: 'var(--axis)' }),
        Plot.axisX({
          anchor: 'bottom',
          label: lowest ? xLabel : null,
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 34,
          tickSize: 4,
          ticks: width / 80,
          // The two share their abscissa; its numbers stand once, below.
          ...(!lowest && { tickFormat: () => '' }),
        }),
        Plot.axisY({
          anchor: 'left',
          label: yLabel,
          labelArrow: 'none',
          labelOffset: 48,
          tickSize: 0,
          ticks: 5,
        }),
        ...lines,
        own,
      ],
      symbol: { type: 'identity' },
      color: { type: 'identity' },
      r: { type: 'identity' },
    }),
  );
  const [across, up] = [scaleOf(figure, 'x'), scaleOf(figure, 'y')];
  if (many) {
    const points = dots.map(
      ({ x, y, beyond }): CloudPoint => ({
        x: across(x),
        y: up(y),
        form: beyond === undefined ? 'circle' : 'triangle',
        ...(beyond !== undefined && { turn: beyond }),
        fill: 'var(--point)',
      }),
    );
    // Under the curve that they would hide.
    figure.querySelector('.curve')!.before(cloud(points));
  }
  const ordered = dots.toSorted((a, b) => a.x - b.x);
  const targets: Targets = {
    count: ordered.length,
    text: (target) => title(ordered[target]!.point),
    row: (target) => points!.row[ordered[target]!.point]!,
    box(target) {
      const { x, y } = ordered[target]!;
      return { x: across(x) - 6, y: up(y) - 6, width: 12, height: 12 };
    },
    at: (x, y) => nearest(ordered, ({ x: left, y: top }) => [across(left) - x, up(top) - y]),
    next: inOrder(ordered.length),
  };
  const words = describe(quantity, curve, points);
  return {
    figure: picking(figure, targets, words, (target) => showRow(targets.row(target))),
    beyond: dots.some(({ beyond }) => beyond !== undefined),
  };
}

function legendOf({ curve, points }: Plotted, beyond: boolean): HTMLElement[] {
  // A single curve needs no name.
  const named = curve.series.length > 1 ? curve.series : [];
  const entries = named.map(({ label }, position) => {
    const look = looks[position % looks.length]!;
    return h('li', {}, lineSwatch(look.stroke, look.dash), label);
  });
  if (!points || points.x.length === 0) return entries;
  const total = points.shape.reduce((product, extent) => product * extent, 1);
  const shown = points.x.length;
  const label =
    shown < total
      ? t`${grouped(shown)} of your ${grouped(total)} elements`
      : shown === 1
        ? t('your element')
        : t`your ${grouped(shown)} elements`;
  entries.push(h('li', {}, dotSwatch(), label));
  if (beyond) entries.push(h('li', {}, arrowSwatch(), t('beyond the plot')));
  return entries;
}

/** Infinite heights as gaps: a line cannot be drawn to them. */
function finite(values: Float64Array): Float64Array {
  return values.map((value) => (Number.isFinite(value) ? value : Number.NaN));
}

function spans([low, high]: Domain, value: number): boolean {
  return low <= value && value <= high;
}
