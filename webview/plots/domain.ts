/** What part of the plane is worth showing. */

export type Domain = readonly [low: number, high: number];

/** A curve that is this much taller than the bulk of it has a pole, which would flatten all else. */
const poleRatio = 4;
/** Points may stretch the axis by this many times the curve's own range, to either side. */
const stretch = 1;

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
  return padded(...stretched([low, high], dots));
}

/** The curve's range, and that of the points, where they are not too far off. */
export function horizontalDomain(curve: Iterable<number>, points: Iterable<number>): Domain {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const x of curve) {
    if (!Number.isFinite(x)) continue;
    low = Math.min(low, x);
    high = Math.max(high, x);
  }
  return low <= high ? stretched([low, high], points) : [-1, 1];
}

function stretched([low, high]: Domain, points: Iterable<number>): Domain {
  const reach = stretch * (high - low);
  let [from, to] = [low, high];
  for (const point of points) {
    if (point < from && point >= low - reach) from = point;
    if (point > to && point <= high + reach) to = point;
  }
  return [from, to];
}

export interface Placed {
  /** On the edge of the plot where the point itself lies beyond it. */
  readonly x: number;
  readonly y: number;
  /** Where it lies beyond, as the angle of an arrow that points there: 0 is up, clockwise in degrees. */
  readonly beyond: number | undefined;
  /** Position among the points. */
  readonly point: number;
}

/** Points on the plot, those beyond it on its edge; without those that have no place at all. */
export function place(x: Float64Array, y: Float64Array, horizontal: Domain, vertical: Domain): Placed[] {
  const placed: Placed[] = [];
  for (let point = 0; point < x.length; point++) {
    const [left, up] = [x[point]!, y[point]!];
    if (Number.isNaN(left) || Number.isNaN(up)) continue;
    const inside = { x: within(left, horizontal), y: within(up, vertical) };
    const beyond =
      up > inside.y ? 0 : left > inside.x ? 90 : up < inside.y ? 180 : left < inside.x ? 270 : undefined;
    placed.push({ ...inside, beyond, point });
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
