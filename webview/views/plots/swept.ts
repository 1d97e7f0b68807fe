/** What a sweep has found, as figures and in words. */
import { t } from '@vscode/l10n';
import type { ControlInfo, Lines, WireParameters } from '../../../extension/panel/protocol.ts';
import { scaleOf } from '../../controls/scale.ts';
import { short } from '../../format.ts';

export interface Sweep {
  readonly parameter: string;
  readonly at: readonly number[];
  readonly values: readonly number[];
  readonly gradients: readonly number[];
  readonly isLogarithmic: boolean;
  /** The other parameters, by which it is told whether it is still of what is shown. */
  readonly others: string;
}

/** What the parameter's slider runs through. */
export function rangeOf(info: ControlInfo): readonly [number, number] {
  const standard = (info.default as Float64Array)[0]!;
  return scaleOf({ ...info, integer: false }, standard)?.range ?? [-1, 1];
}

export const othersOf = (parameters: WireParameters, name: string): string =>
  JSON.stringify(
    Object.entries(parameters).map(([each, value]) => [each, each === name ? '' : String(value)]),
  );

/** @param parameters as they are at present */
export function figuresOf(
  { parameter, at, values, gradients, isLogarithmic }: Sweep,
  parameters: WireParameters,
): Lines[] {
  const now = parameters[parameter];
  return (
    [
      [t('Loss'), t('value of the loss'), values],
      [t('Gradient'), t('size of the gradient, √Σ(∂loss)²'), gradients],
    ] as const
  ).map(([caption, label, heights]) => {
    const [x, y] = [Float64Array.from(at), Float64Array.from(heights)];
    return {
      mark: 'lines',
      caption: t`${caption} over ${parameter}`,
      isLogarithmic,
      x: { label: isLogarithmic ? t`${parameter} (logarithmic)` : parameter },
      y: { label },
      series: [{ label: '', x, y }],
      // Each leads to itself.
      points: [{ label: '', x, y, rows: x.map((_, i) => i), marked: new Float64Array() }],
      rules:
        now instanceof Float64Array
          ? [{ label: t`at present: ${short(now[0]!, 'float64', 5)}`, at: Float64Array.from(now) }]
          : [],
    };
  });
}

export function findingsOf({ parameter, at, values, others }: Sweep, parameters: WireParameters): string {
  const finite = [...values.keys()].filter((i) => Number.isFinite(values[i]!));
  if (finite.length === 0) return t('The loss is nowhere finite.');
  const told = (i: number): string =>
    t`${short(values[i]!, 'float64', 4)} at ${parameter} ${short(at[i]!, 'float64', 4)}`;
  const lowest = finite.reduce((a, b) => (values[b]! < values[a]! ? b : a));
  const highest = finite.reduce((a, b) => (values[b]! > values[a]! ? b : a));
  const gaps = values.length - finite.length;
  return [
    t`The loss is smallest, ${told(lowest)}, and largest, ${told(highest)}.`,
    gaps > 0 && t`${gaps} values are refused or not finite.`,
    others !== othersOf(parameters, parameter) && t('The other parameters were others then: sweep again.'),
  ]
    .filter(Boolean)
    .join(' ');
}
