/** Which numbers a slider runs through. */
import { t } from '@vscode/l10n';

export interface Bounds {
  readonly minimum?: number;
  /** Exclusive. */
  readonly above?: number;
  readonly maximum?: number;
  readonly integer?: boolean;
}

export interface Scale {
  readonly steps: number;
  /** From where to where it is of interest: a logarithmic scale may begin with a 0 before that. */
  readonly range: readonly [number, number];
  /** The slider's position, a whole number in [0, steps], and back. */
  position(value: number): number;
  value(position: number): number;
}

/**
 * Linear between two bounds. Most libraries enforce none: a number that is not whole then runs through a hundredth to a
 * hundredfold of `standard`, as far above the lower bound, with the bound itself at the start where it is allowed; where
 * `standard` is that bound, from there on by 1; a negative one up to 0. A whole number needs both bounds: it may be an
 * index or a name.
 */
export function scaleOf(bounds: Bounds, standard: number): Scale | undefined {
  const { maximum, integer } = bounds;
  const low = bounds.minimum ?? bounds.above ?? (standard >= 0 ? 0 : 2 * standard);
  const middle = standard - low;
  const isInclusive = bounds.above === undefined;
  if (maximum !== undefined)
    return linear(low, maximum, { isInclusive, ...(integer && { steps: maximum - low }) });
  if (integer || !Number.isFinite(middle)) return undefined;
  if (middle <= 0) return linear(low, low + 1, { isInclusive });
  return standard < 0 ? linear(low, 0, { isInclusive }) : logarithmic(low, middle, isInclusive);
}

function linear(
  low: number,
  high: number,
  { isInclusive, steps = 100 }: { readonly isInclusive: boolean; readonly steps?: number },
): Scale {
  const first = isInclusive ? 0 : 1;
  const value = (position: number): number =>
    rounded(low + (Math.max(first, position) / steps) * (high - low));
  return {
    steps,
    range: [value(0), high],
    position: (own) => clamp(Math.round(((own - low) / (high - low)) * steps), first, steps),
    value,
  };
}

/** Two powers of ten to either side of the middle. */
function logarithmic(low: number, middle: number, isInclusive: boolean): Scale {
  const intervals = 200;
  const first = isInclusive ? 1 : 0;
  const steps = intervals + first;
  const value = (position: number): number =>
    position < first
      ? low
      : Number((low + rounded(middle * 10 ** (((position - first) / intervals - 0.5) * 4))).toPrecision(12));
  return {
    steps,
    range: [value(first), value(steps)],
    position: (own) =>
      own > low
        ? clamp(Math.round((Math.log10((own - low) / middle) / 4 + 0.5) * intervals) + first, first, steps)
        : 0,
    value,
  };
}

/** What is wrong with `value`, as the end of a sentence that begins with the parameter's name. */
export function complaint(value: number, bounds: Bounds): string | undefined {
  if (bounds.integer && !Number.isInteger(value)) return t('must be a whole number');
  // Negated, so that NaN is refused as well.
  if (bounds.above !== undefined && !(value > bounds.above)) return t`must be greater than ${bounds.above}`;
  if (bounds.minimum !== undefined && !(value >= bounds.minimum))
    return t`must be at least ${bounds.minimum}`;
  if (bounds.maximum !== undefined && !(value <= bounds.maximum)) return t`must be at most ${bounds.maximum}`;
  return undefined;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
