/** What part of the plane is worth showing. */

export type Domain = readonly [low: number, high: number];

/** A curve that is this much taller than the bulk of it has a pole, which would flatten all else. */
const poleRatio = 4;
/** Points may stretch the axis to this many times the curve's own range. */
const stretch = 3;

/**
 * The vertical range: the curve's, but for where it runs off to a pole, and the points', where they are not too far
 * off. Non-finite numbers count for nothing.
 */
export function verticalDomain(curve: Iterable<number>, points: Iterable<number>): Domain {
  const heights = Float64Array.from([...curve].filter(Number.isFinite)).sort();
  const dots = Float64Array.from([...points].filter(Number.isFinite)).sort();
  if (heights.length === 0) return dots.length === 0 ? [-1, 1] : padded(dots[0]!, dots.at(-1)!);
  let [low, high] = [quantile(heights, 0.04), quantile(heights, 0.96)];
  if (heights.at(-1)! - heights[0]! <= poleRatio * (high - low) || high === low) {
    [low, high] = [heights[0]!, heights.at(-1)!];
  }
  const reach = stretch * (high - low);
  for (const dot of dots) {
    if (dot < low && dot >= high - reach) low = dot;
    if (dot > high && dot <= low + reach) high = dot;
  }
  return padded(low, high);
}

/** The horizontal range: the curve's, and the points' within. */
export function horizontalDomain(curve: Iterable<number>): Domain {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const x of curve) {
    if (!Number.isFinite(x)) continue;
    low = Math.min(low, x);
    high = Math.max(high, x);
  }
  return low <= high ? [low, high] : [-1, 1];
}

export interface Placed {
  /** On the edge of the plot where the point itself lies beyond it. */
  readonly x: number;
  readonly y: number;
  readonly beyond: boolean;
  /** Position among the points. */
  readonly point: number;
}

/** Points on the plot, those beyond it on its edge; without those that have no finite place. */
export function place(x: Float64Array, y: Float64Array, horizontal: Domain, vertical: Domain): Placed[] {
  const placed: Placed[] = [];
  for (let point = 0; point < x.length; point++) {
    if (Number.isNaN(x[point]!) || Number.isNaN(y[point]!)) continue;
    const inside = { x: within(x[point]!, horizontal), y: within(y[point]!, vertical) };
    placed.push({ ...inside, beyond: inside.x !== x[point]! || inside.y !== y[point]!, point });
  }
  return placed;
}

function within(value: number, [low, high]: Domain): number {
  return Math.min(high, Math.max(low, value));
}

function padded(low: number, high: number): Domain {
  const margin = high > low ? 0.06 * (high - low) : Math.max(1, Math.abs(low) / 2);
  return [low - margin, high + margin];
}

function quantile(sorted: Float64Array, fraction: number): number {
  return sorted[Math.round(fraction * (sorted.length - 1))]!;
}
