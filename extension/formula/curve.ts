/** A small plot of a loss and its gradient: the loss solid, the gradient dashed, a colour each series. */
import { t } from '@vscode/l10n';
import type { Curve, CurveSeries } from '../../engine/catalogue.ts';
import type { Picture } from '../pages.ts';

const width = 290;
const height = 190;
const sides = { left: 34, right: width - 10, bottom: height - 32 };
const legendRow = 16;
const fontSize = 11;
const maxSeries = 3;

interface Scale {
  readonly low: number;
  readonly high: number;
  at(value: number): number;
}

/** @throws Error when the curve has no finite value, or more series than there are colours */
export function drawCurve(curve: Curve): Picture {
  const { series } = curve;
  if (series.length === 0 || series.length > maxSeries)
    throw new Error(`A curve has 1 to ${maxSeries} series.`);
  const plot = { ...sides, top: 22 + legendRow * (series.length > 1 ? 1 : 0) };
  const across = (at: number) => `<path d="M${plot.left} ${pixel(at)}H${plot.right}"/>`;
  const down = (at: number) => `<path d="M${pixel(at)} ${plot.top}V${plot.bottom}"/>`;
  const x = scale(extent(series.flatMap((one) => [...one.x])), plot.left, plot.right);
  const y = scale(visible(series), plot.bottom, plot.top);
  const isWide = widthOf(curve.xLabel) > plot.right - plot.left;
  // Of the plot, or of the whole picture for what is wider than the plot.
  const middle = isWide ? width / 2 : (plot.left + plot.right) / 2;
  const parts = [
    `<clipPath id="p"><path d="M${plot.left} ${plot.top - 1}H${plot.right}V${plot.bottom + 1}H${plot.left}Z"/></clipPath>`,
    `<g class="grid">${ticks(x)
      .map((tick) => down(x.at(tick)))
      .join('')}`,
    `${ticks(y)
      .map((tick) => across(y.at(tick)))
      .join('')}</g>`,
    `<g class="axis">${across(y.at(0))}${within(0, x) ? down(x.at(0)) : ''}</g>`,
    `<g clip-path="url(#p)">${series
      .map(
        (one, index) =>
          `<path class="line s${index}" d="${line(one.x, one.loss, x, y)}"/>` +
          `<path class="line s${index} gradient" d="${line(one.x, one.gradient, x, y)}"/>`,
      )
      .join('')}</g>`,
    ...ticks(x).map((tick) => text(x.at(tick), plot.bottom + 13, number(tick), 'middle')),
    ...ticks(y).map((tick) => text(plot.left - 5, y.at(tick) + 4, number(tick), 'end')),
    text(middle, height - 5, curve.xLabel, 'middle'),
    legend(curve),
  ];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${parts.join('')}</svg>`;
  return { svg, width, height, alternative: describe(curve) };
}

/** The whole loss but for its steepest fiftieth; of the gradient as much as is no larger than that. */
function visible(series: readonly CurveSeries[]): readonly [number, number] {
  const losses = series.flatMap((one) => [...one.loss]).filter(Number.isFinite);
  const sizes = losses.map(Math.abs).sort((a, b) => a - b);
  const span = sizes[Math.floor(0.98 * (sizes.length - 1))];
  if (span === undefined) throw new Error('A curve without a finite value cannot be drawn.');
  const reach = span || 1;
  const [low, high] = extent([...losses, ...series.flatMap((one) => [...one.gradient])]);
  return [Math.max(Math.min(low, 0), -reach), Math.min(Math.max(high, 0), reach)];
}

function extent(values: readonly number[]): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

function scale([low, high]: readonly [number, number], from: number, to: number): Scale {
  const reach = high - low || 1;
  return { low, high, at: (value) => from + ((value - low) / reach) * (to - from) };
}

function within(value: number, { low, high }: Scale): boolean {
  return value >= low && value <= high;
}

/** Round numbers, 0 among them where it is in range, three to six of them. */
function ticks(axis: Scale): number[] {
  const rough = (axis.high - axis.low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10]
    .map((factor) => factor * power)
    .find((candidate) => candidate >= rough * 0.999)!;
  const first = Math.ceil(axis.low / step - 1e-9);
  const last = Math.floor(axis.high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** Straight stretches become one segment; a value that is not finite leaves a gap. */
function line(xs: Float64Array, values: Float64Array, x: Scale, y: Scale): string {
  const runs: Point[][] = [[]];
  for (let i = 0; i < xs.length; i++) {
    if (!Number.isFinite(values[i])) runs.push([]);
    // Far outside the plot is far enough: keeps steep flanks steep and the numbers short.
    else runs.at(-1)!.push([x.at(xs[i]!), Math.min(Math.max(y.at(values[i]!), -5 * height), 6 * height)]);
  }
  return runs
    .filter((run) => run.length > 0)
    .map(
      (run) =>
        `M${thin(run)
          .map((point) => point.map(pixel).join(' '))
          .join('L')}`,
    )
    .join('');
}

type Point = readonly [number, number];

/** Ramer, Douglas and Peucker: drops what lies within a tenth of a pixel of the line. */
function thin(points: readonly Point[]): readonly Point[] {
  const [first, last] = [points[0]!, points.at(-1)!];
  const [dx, dy] = [last[0] - first[0], last[1] - first[1]];
  const length = Math.hypot(dx, dy) || 1;
  let farthest = 0;
  let distance = 0;
  for (let i = 1; i < points.length - 1; i++) {
    const away = Math.abs((points[i]![0] - first[0]) * dy - (points[i]![1] - first[1]) * dx) / length;
    if (away > distance) [farthest, distance] = [i, away];
  }
  if (distance <= 0.1) return points.length === 1 ? points : [first, last];
  return [...thin(points.slice(0, farthest + 1)), ...thin(points.slice(farthest)).slice(1)];
}

/** What solid and dashed mean and, under it, whose colour is whose when there are several. */
function legend({ series, gradientLabel }: Curve): string {
  const single = series.length === 1;
  const labels = series.map(({ label }) => label);
  const shared = single ? '' : commonWords(labels);
  const row = (
    y: number,
    from: number,
    sample: number,
    entries: readonly (readonly [names: string, label: string])[],
  ) => {
    let left = from;
    return entries.map(([names, label]) => {
      const drawn =
        `<path class="line ${names}" d="M${pixel(left)} ${y - 4}h${sample}"/>` +
        text(left + sample + 5, y, label, 'start');
      left += sample + widthOf(label) + 17;
      return drawn;
    });
  };
  const styles = row(13, sides.left, 20, [
    [single ? 's0' : '', t('loss')],
    [single ? 's0 gradient' : 'gradient', gradientLabel],
  ]);
  if (single) return styles.join('');
  const colours = labels.map((label, index) => [`s${index} swatch`, label.slice(shared.length)] as const);
  return [
    ...styles,
    text(sides.left, 13 + legendRow, shared.trim(), 'start'),
    ...row(13 + legendRow, sides.left + widthOf(shared), 12, colours),
  ].join('');
}

/** `target ` of `target 0` and `target 1`. */
function commonWords(labels: readonly string[]): string {
  const [first = ''] = labels;
  let length = first.lastIndexOf(' ') + 1;
  while (length > 0 && !labels.every((label) => label.startsWith(first.slice(0, length)))) {
    length = first.lastIndexOf(' ', length - 2) + 1;
  }
  return first.slice(0, length);
}

/** CSS pixels, nearly: the font is whichever the system has. */
function widthOf(label: string): number {
  return label.length * 0.55 * fontSize;
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${pixel(x)}" y="${pixel(y)}" text-anchor="${anchor}">${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function pixel(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function number(value: number): string {
  return String(Number(value.toPrecision(3))).replace('-', '−');
}

function describe(curve: Curve): string {
  const sentences = curve.series.map(({ label, x, loss, gradient }) => {
    const lowest = loss.reduce((best, value, index) => (value < loss[best]! ? index : best), 0);
    const places = [...new Set([0, lowest, x.length - 1])];
    const values = places
      .map((i) => t`${number(loss[i]!)} with gradient ${number(gradient[i]!)} at ${number(x[i]!)}`)
      .join(', ');
    return label ? t`${label}: loss ${values}.` : t`Loss ${values}.`;
  });
  return [t`Loss and ${curve.gradientLabel} over ${curve.xLabel}.`, ...sentences].join(' ');
}
