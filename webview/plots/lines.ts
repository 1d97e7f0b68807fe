/** Lines over a common abscissa, and points that stand among them. */
import { t } from '@vscode/l10n';
import type { Lines } from '../../extension/panel/protocol.ts';
import { h } from '../dom.ts';
import { short } from '../format.ts';
import { Plot } from '../libraries/index.ts';
import { type CloudPoint, cloud } from './cloud.ts';
import { horizontalDomain, verticalDomain } from './domain.ts';
import { type Drawing, heightAxis, type Sketch, scaleOf, withoutStyle } from './drawing.ts';
import { dotSwatch, lineSwatch, lookOf } from './looks.ts';
import { inOrder, nearest } from './picking.ts';

/** Points of several series differ in form as well. */
const forms = [
  { symbol: 'circle', fill: 'var(--point)' },
  { symbol: 'triangle', fill: 'var(--series-3)' },
  { symbol: 'square', fill: 'var(--series-4)' },
] as const;

interface Place {
  readonly x: number;
  readonly y: number;
  readonly series: number;
  readonly point: number;
}

/** Of the ticks of a logarithmic axis, these are named. */
const powerOfTen = (value: number): string =>
  Number.isInteger(Math.round(1e9 * Math.log10(value)) / 1e9) ? short(value, 'float64', 3) : '';

export function drawLines({ series, points, rules, x, y, isLogarithmic }: Lines, { width }: Sketch): Drawing {
  const ofLines = series.flatMap((line) => [...line.x]);
  const ofPoints = points.flatMap((own) => [...own.x]);
  const horizontal = horizontalDomain(ofLines.length > 0 ? ofLines : ofPoints, ofPoints);
  const vertical = verticalDomain(
    series.flatMap((line) => [...line.y]),
    points.flatMap((own) => [...own.y]),
  );
  const inside = ({ x: px, y: py }: Place): boolean =>
    px >= horizontal[0] && px <= horizontal[1] && py >= vertical[0] && py <= vertical[1];
  const places = points
    .flatMap((own, s) => Array.from(own.x, (px, i): Place => ({ x: px, y: own.y[i]!, series: s, point: i })))
    .filter(inside)
    .sort((a, b) => a.x - b.x);
  const many = places.length > 300;
  const isMarked = ({ series: s, point }: Place): boolean => points[s]!.marked.includes(point);
  const drawing = withoutStyle(
    Plot.plot({
      className: 'plot',
      width,
      height: Math.round(Math.min(320, Math.max(220, width * 0.46))),
      marginLeft: 56,
      marginRight: 14,
      marginTop: 28,
      marginBottom: 40,
      x: { domain: [...horizontal], type: isLogarithmic ? 'log' : 'linear' },
      y: { domain: [...vertical] },
      symbol: { type: 'identity' },
      color: { type: 'identity' },
      marks: [
        Plot.gridY({ stroke: 'var(--grid)', strokeOpacity: 1, ticks: 5 }),
        Plot.ruleY(vertical[0] <= 0 && vertical[1] >= 0 ? [0] : [], { stroke: 'var(--axis)' }),
        ...rules.map(({ at }) =>
          Plot.ruleX(
            [...at].filter((value) => value >= horizontal[0] && value <= horizontal[1]),
            { stroke: 'var(--marked)', strokeWidth: 1.5, strokeDasharray: '5 3' },
          ),
        ),
        ...series.map((line, position) => {
          const { stroke, dash } = lookOf(position);
          const heights = Float64Array.from(line.y, (value) => (Number.isFinite(value) ? value : Number.NaN));
          return Plot.lineY(heights, {
            x: line.x,
            className: 'curve',
            stroke,
            strokeWidth: 2,
            ...(dash && { strokeDasharray: dash }),
            clip: true,
          });
        }),
        Plot.dot(many ? places.filter(isMarked) : places, {
          className: 'points',
          x: 'x',
          y: 'y',
          r: (place: Place) => (isMarked(place) ? 7 : 4),
          symbol: (place: Place) => forms[place.series % forms.length]!.symbol,
          fill: (place: Place) =>
            isMarked(place) ? 'var(--marked)' : forms[place.series % forms.length]!.fill,
          stroke: 'var(--point-edge)',
          strokeWidth: 1,
          sort: isMarked as never,
        }),
        Plot.axisX({
          anchor: 'bottom',
          label: x.label,
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 34,
          tickSize: 4,
          ticks: width / 90,
          ...(isLogarithmic && { tickFormat: powerOfTen }),
        }),
        heightAxis(y.label),
      ],
      r: { type: 'identity' },
    }),
  );
  const [across, up] = [scaleOf(drawing, 'x'), scaleOf(drawing, 'y')];
  if (many) {
    const dots = places.map(({ x: px, y: py, series: s }): CloudPoint => {
      const { symbol, fill } = forms[s % forms.length]!;
      return { x: across(px), y: up(py), form: symbol, fill };
    });
    const curve = drawing.querySelector('.curve');
    if (curve) curve.before(cloud(dots));
    else drawing.append(cloud(dots));
  }
  return {
    svg: drawing,
    legend: [
      ...series.map(({ label }, position) => {
        const { stroke, dash } = lookOf(position);
        return label === '' ? undefined : h('li', {}, lineSwatch(stroke, dash), label);
      }),
      ...points.map(({ label, x: own }, position) => {
        const { symbol, fill } = forms[position % forms.length]!;
        return label === '' || own.length === 0 ? undefined : h('li', {}, dotSwatch(fill, symbol), label);
      }),
      ...rules.map(({ label }) => h('li', {}, lineSwatch('var(--marked)', '5 3'), label)),
    ].filter((entry) => entry !== undefined),
    targets: {
      count: places.length,
      text(target) {
        const place = places[target]!;
        const { label, rows } = points[place.series]!;
        const row = rows[place.point]!;
        const name = [label, label !== '' && row >= 0 ? t`element ${row}` : ''].filter(Boolean).join(', ');
        return `${name ? `${name}: ` : ''}${x.label} ${short(place.x, 'float64', 5)}, ${y.label} ${short(place.y, 'float64', 5)}`;
      },
      row: (target) => points[places[target]!.series]!.rows[places[target]!.point]!,
      box(target) {
        const { x: px, y: py } = places[target]!;
        return { x: across(px) - 6, y: up(py) - 6, width: 12, height: 12 };
      },
      at(px, py) {
        return nearest(places, (place) => [across(place.x) - px, up(place.y) - py]);
      },
      next: inOrder(places.length),
    },
  };
}
