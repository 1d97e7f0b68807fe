/** A plot in words, for who does not see it. */
import { t } from '@vscode/l10n';
import type { Curve, CurvePoints } from '../../engine/catalogue.ts';
import { short } from '../format.ts';

export function describe(
  quantity: 'loss' | 'gradient',
  curve: Curve,
  points: CurvePoints | undefined,
): string {
  const name = quantity === 'loss' ? t('Loss') : curve.gradientLabel;
  const sentences = [t`${name} over ${curve.xLabel}.`];
  for (const series of curve.series) {
    const lead = series.label ? `${series.label}: ` : '';
    sentences.push(capital(`${lead}${course(series.x, series[quantity])}.`));
  }
  if (points && points.x.length > 0) {
    const [low, high] = extremes(points[quantity]).map(number) as [string, string];
    sentences.push(
      points.x.length === 1
        ? t`Your element lies between ${low} and ${high}.`
        : t`Your ${points.x.length} elements lie between ${low} and ${high}.`,
    );
  }
  return sentences.join(' ');
}

/** From its first over its turning extremes to its last number. */
function course(x: Float64Array, y: Float64Array): string {
  const at = [...y.keys()].filter((i) => Number.isFinite(y[i]!));
  if (at.length === 0) return t('nowhere finite');
  const [first, last] = [at[0]!, at.at(-1)!];
  let [lowest, highest] = [first, first];
  for (const i of at) {
    if (y[i]! < y[lowest]!) lowest = i;
    if (y[i]! > y[highest]!) highest = i;
  }
  const place = (i: number): string => t`${number(y[i]!)} at ${number(x[i]!)}`;
  const stops = [first, ...[lowest, highest].sort((a, b) => a - b), last].filter(
    (stop, position, all) => position === 0 || y[stop] !== y[all[position - 1]!],
  );
  return stops.length === 1
    ? t`${number(y[first]!)} throughout`
    : t`from ${stops.map(place).join(t(' to '))}`;
}

function extremes(values: Float64Array): [number, number] {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  return [sorted[0] ?? Number.NaN, sorted.at(-1) ?? Number.NaN];
}

function number(value: number): string {
  return short(value, 'float64', 3);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
