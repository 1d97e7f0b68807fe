/** The curve of a loss with the points of an evaluation on it. */
import type { Curve, CurvePoints } from '../catalogue.ts';
import { rowLink } from './elements.ts';
import type { Points } from './shown.ts';

/** How many times its own range the curve may be extended by, to either side, to reach the points. */
const widest = 4;

/** The curve over its own range, or a wider one that takes the points in, as far as they are not too far off. */
export function curveThrough(
  points: Iterable<number>,
  draw: (range?: readonly [number, number]) => Curve,
): Curve {
  const own = draw();
  const x = own.series[0]!.x;
  const [from, to] = [x[0]!, x.at(-1)!];
  const width = to - from;
  let [low, high] = [from, to];
  for (const point of points) {
    // A point just outside needs no longer curve; a probability of 0 would put a pole on it.
    if (point < from - 0.02 * width && point >= from - widest * width) low = Math.min(low, point);
    if (point > to + 0.02 * width && point <= to + widest * width) high = Math.max(high, point);
  }
  if (low === from && high === to) return own;
  const margin = 0.04 * (high - low);
  return draw([low < from ? low - margin : from, high > to ? high + margin : to]);
}

/**
 * The points with their rows in the table. Where the loss takes the mean over an axis first, as Keras does, they are
 * elements of the prediction, several to a row: evenly taken, some lie beyond the number of rows then.
 */
export function placed(
  points: CurvePoints,
  prediction: readonly number[],
  rows: readonly number[],
  classAxis: number,
): Points {
  const total = rows.reduce((product, extent) => product * extent, 1);
  if (points.index.every((index) => index < total)) return { ...points, shape: rows, row: points.index };
  const link = rowLink(prediction, rows, classAxis);
  return {
    ...points,
    shape: prediction,
    row: points.index.map((index) => link?.rowOf(index) ?? index),
  };
}
