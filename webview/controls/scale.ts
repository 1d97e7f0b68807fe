/** Which numbers a slider runs through. */
export interface Bounds {
  readonly minimum?: number;
  /** Exclusive. */
  readonly above?: number;
  readonly maximum?: number;
  readonly integer?: boolean;
}

export interface Scale {
  readonly steps: number;
  /** The slider's position, a whole number in [0, steps], and back. */
  position(value: number): number;
  value(position: number): number;
}

/**
 * Linear between two bounds; a hundredth to a hundredfold of `standard` where only 0 bounds it below; none where
 * nothing says what range would be of interest.
 */
export function scaleOf(bounds: Bounds, standard: number): Scale | undefined {
  const low = bounds.minimum ?? bounds.above;
  if (low === undefined) return undefined;
  if (bounds.maximum !== undefined) {
    const high = bounds.maximum;
    const steps = bounds.integer ? high - low : 100;
    const first = bounds.minimum === undefined ? 1 : 0;
    return {
      steps,
      position: (value) => clamp(Math.round(((value - low) / (high - low)) * steps), first, steps),
      value: (position) => rounded(low + (Math.max(first, position) / steps) * (high - low)),
    };
  }
  if (low !== 0 || bounds.integer) return undefined;
  const middle = standard > 0 && Number.isFinite(standard) ? standard : 1;
  const steps = 200;
  return {
    steps,
    position: (value) =>
      value > 0 ? clamp(Math.round((Math.log10(value / middle) / 4 + 0.5) * steps), 0, steps) : 0,
    value: (position) => rounded(middle * 10 ** ((position / steps - 0.5) * 4)),
  };
}

/** What is wrong with `value`, as the end of a sentence that begins with the parameter's name. */
export function complaint(value: number, bounds: Bounds): string | undefined {
  if (bounds.integer && !Number.isInteger(value)) return 'must be a whole number';
  // Negated, so that NaN is refused as well.
  if (bounds.above !== undefined && !(value > bounds.above)) return `must be greater than ${bounds.above}`;
  if (bounds.minimum !== undefined && !(value >= bounds.minimum)) return `must be at least ${bounds.minimum}`;
  if (bounds.maximum !== undefined && !(value <= bounds.maximum)) return `must be at most ${bounds.maximum}`;
  return undefined;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
