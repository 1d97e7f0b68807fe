/** Many numbers in few: what every plot of large arrays is made of. Each reads its array once or twice. */
import type { TypedArray } from '../../array.ts';

export interface Range {
  readonly low: number;
  readonly high: number;
  /** How many are finite, and how many of those are 0. */
  readonly finite: number;
  readonly zeros: number;
}

export function rangeOf(data: TypedArray): Range {
  let [low, high, finite, zeros] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  const numbers = floatsOf(data);
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i]!;
    // NaN − NaN and ∞ − ∞ are NaN.
    if (value - value !== 0) continue;
    finite++;
    if (value === 0) zeros++;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high, finite, zeros };
}

/**
 * The same numbers where a loop reads them fast: it is compiled for one or two kinds of array, and a million elements are
 * read while a slider moves.
 */
const floatsOf = (data: TypedArray): Float32Array =>
  (data instanceof Float32Array || data instanceof Float64Array
    ? data
    : Float64Array.from(data as ArrayLike<number>, Number)) as Float32Array;

/**
 * Edges of `count` equal bins from the lowest to the highest; of a single value, one bin around it. A lower edge belongs to
 * its bin, and of the last one the upper too.
 */
export function edgesOf(
  { low, high, finite }: Pick<Range, 'low' | 'high' | 'finite'>,
  count: number,
): Float64Array {
  if (finite === 0) return Float64Array.of(0, 1);
  if (low === high) {
    const half = Math.abs(low) / 2 || 0.5;
    return Float64Array.of(low - half, high + half);
  }
  return Float64Array.from({ length: count + 1 }, (_, i) =>
    i === count ? high : low + ((high - low) * i) / count,
  );
}

/** How many of the finite numbers lie in each bin, and the first of them there (−1: none). */
export function histogram(
  data: TypedArray,
  edges: Float64Array,
  counts?: (i: number) => boolean,
): { counts: Float64Array; first: Float64Array } {
  const bins = edges.length - 1;
  const [low, high] = [edges[0]!, edges[bins]!];
  const perUnit = bins / (high - low);
  const result = { counts: new Float64Array(bins), first: new Float64Array(bins).fill(-1) };
  const numbers = floatsOf(data);
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i]!;
    if (!(value >= low && value <= high)) continue;
    if (counts && !counts(i)) continue;
    let bin = ((value - low) * perUnit) | 0;
    if (bin >= bins) bin = bins - 1;
    // The product may round across an edge; of the last bin the upper edge is its own.
    while (value < edges[bin]!) bin--;
    while (bin < bins - 1 && value >= edges[bin + 1]!) bin++;
    if (result.counts[bin]!++ === 0) result.first[bin] = i;
  }
  return result;
}

/** A rectangle of numbers in an array: `rows` × `columns`, a step of each apart. */
export interface Sheet {
  readonly data: TypedArray;
  readonly start: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

/** How the rows and columns of a sheet are divided into at most so many blocks, as evenly as goes. */
export interface Division {
  readonly height: number;
  readonly width: number;
}

export const divisionOf = (
  { rows, columns }: Pick<Sheet, 'rows' | 'columns'>,
  mostRows: number,
  mostColumns: number,
): Division => ({ height: Math.min(rows, mostRows), width: Math.min(columns, mostColumns) });

/** Where block `position` of `count` begins, of `extent` lines; where block `count` would begin is the end. */
export const blockStart = (position: number, count: number, extent: number): number =>
  Math.floor((position * extent) / count);

/** The line in the middle of block `position`. */
export const middleOf = (position: number, count: number, extent: number): number =>
  Math.floor((blockStart(position, count, extent) + blockStart(position + 1, count, extent) - 1) / 2);

/** The block that line `line` lies in. */
export const blockOf = (line: number, count: number, extent: number): number =>
  Math.floor(((line + 1) * count - 1) / extent);

/** Calls back for each block with its number and the flat places of its numbers, as a loop: [from, to) in both directions. */
function eachBlock(
  sheet: Sheet,
  { height, width }: Division,
  of: (block: number, rows: readonly [number, number], columns: readonly [number, number]) => void,
): void {
  for (let r = 0; r < height; r++) {
    const rows = [blockStart(r, height, sheet.rows), blockStart(r + 1, height, sheet.rows)] as const;
    for (let c = 0; c < width; c++) {
      of(r * width + c, rows, [blockStart(c, width, sheet.columns), blockStart(c + 1, width, sheet.columns)]);
    }
  }
}

/**
 * Of each block the number farthest from 0, with its sign, and its flat place in the array: a spike is not averaged away.
 * A NaN or infinite one before all others.
 */
export function extremes(sheet: Sheet, division: Division): { values: Float32Array; places: Float64Array } {
  const { data, start, rowStep, columnStep } = sheet;
  const values = new Float32Array(division.height * division.width);
  const places = new Float64Array(values.length);
  eachBlock(sheet, division, (block, [top, bottom], [left, right]) => {
    let [extreme, size, place] = [0, -1, -1];
    for (let r = top; r < bottom; r++) {
      for (let c = left, at = start + r * rowStep + left * columnStep; c < right; c++, at += columnStep) {
        const value = Number(data[at]);
        const own = Number.isNaN(value) ? Number.POSITIVE_INFINITY : Math.abs(value);
        if (own > size) [extreme, size, place] = [value, own, at];
      }
    }
    values[block] = extreme;
    places[block] = place;
  });
  return { values, places };
}

/** The mean of each block. */
export function means(sheet: Sheet, division: Division): Float32Array {
  const { data, start, rowStep, columnStep } = sheet;
  const values = new Float32Array(division.height * division.width);
  eachBlock(sheet, division, (block, [top, bottom], [left, right]) => {
    let total = 0;
    for (let r = top; r < bottom; r++) {
      for (let c = left, at = start + r * rowStep + left * columnStep; c < right; c++, at += columnStep) {
        total += Number(data[at]);
      }
    }
    values[block] = total / ((bottom - top) * (right - left));
  });
  return values;
}

/** The most frequent whole number of each block; the smallest of several. */
export function modes(sheet: Sheet, division: Division): Float32Array {
  const { data, start, rowStep, columnStep } = sheet;
  const values = new Float32Array(division.height * division.width);
  const seen = new Map<number, number>();
  eachBlock(sheet, division, (block, [top, bottom], [left, right]) => {
    seen.clear();
    for (let r = top; r < bottom; r++) {
      for (let c = left, at = start + r * rowStep + left * columnStep; c < right; c++, at += columnStep) {
        const value = Number(data[at]);
        seen.set(value, (seen.get(value) ?? 0) + 1);
      }
    }
    let [mode, most] = [Number.NaN, 0];
    for (const [value, count] of seen) {
      if (count > most || (count === most && value < mode)) [mode, most] = [value, count];
    }
    values[block] = mode;
  });
  return values;
}

/** At most `limit` of `count` positions, evenly taken. */
export function evenly(count: number, limit: number): Float64Array {
  const taken = Math.min(count, limit);
  return Float64Array.from({ length: taken }, (_, i) => Math.floor((i * count) / taken));
}
