/** Many numbers in few: what every plot of large arrays is made of. Each reads its array once or twice. */
import type { TypedArray } from '../../array.ts';

export interface Range {
  readonly low: number;
  readonly high: number;
  /** How many are finite, and how many of those are 0. */
  readonly finite: number;
  readonly zeros: number;
}

/**
 * Numbers that are copied at a time to where loops read them: compiled for one kind of array, and for numbers that the cache
 * holds, they take half as long.
 */
const block = 1024;

export function rangeOf(data: TypedArray): Range {
  const numbers = floatsOf(data);
  // NaN, if there is one. Two chains of comparisons, which the processor follows side by side.
  let [low, otherLow, high, otherHigh] = [Infinity, Infinity, -Infinity, -Infinity];
  const taken = new Float64Array(block);
  for (let start = 0; start < numbers.length; start += block) {
    const own = taken.subarray(0, numbers.length - start);
    own.set(numbers.subarray(start, start + block));
    for (let i = 0; i + 1 < own.length; i += 2) {
      const value = own[i]!;
      const next = own[i + 1]!;
      low = Math.min(low, value);
      otherLow = Math.min(otherLow, next);
      high = Math.max(high, value);
      otherHigh = Math.max(otherHigh, next);
    }
    low = Math.min(low, own.at(-1)!);
    high = Math.max(high, own.at(-1)!);
  }
  low = Math.min(low, otherLow);
  high = Math.max(high, otherHigh);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return rangeOfFinite(numbers);
  return { low, high, finite: numbers.length, zeros: low <= 0 && high >= 0 ? zerosIn(numbers) : 0 };
}

/** Where some are not finite. */
function rangeOfFinite(numbers: Float32Array): Range {
  let [low, high, finite, zeros] = [Infinity, -Infinity, 0, 0];
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

function zerosIn(numbers: Float32Array): number {
  let zeros = 0;
  for (let i = 0; i < numbers.length; i++) zeros += numbers[i] === 0 ? 1 : 0;
  return zeros;
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

export interface Histogram {
  readonly counts: Float64Array;
  /** −1 for none. */
  readonly first: Float64Array;
}

/** How many of the finite numbers lie in each bin, and the first of them there. */
export function histogram(data: TypedArray, edges: Float64Array, counts?: (i: number) => boolean): Histogram {
  const numbers = floatsOf(data);
  const bins = edges.length - 1;
  const low = edges[0]!;
  const perUnit = bins / (edges[bins]! - low);
  // Of a range as narrow as the distances of numbers in it, edges coincide.
  const isEven = edges.every((edge, i) => Math.abs((edge - low) * perUnit - i) < 0.25);
  return isEven && !counts ? histogramOfMany(numbers, edges) : histogramOfSome(numbers, edges, counts);
}

/** Number by number: of some of them, or for edges that coincide. */
function histogramOfSome(
  numbers: Float32Array,
  edges: Float64Array,
  counts: (i: number) => boolean = () => true,
): Histogram {
  const bins = edges.length - 1;
  const [low, high] = [edges[0]!, edges[bins]!];
  const perUnit = bins / (high - low);
  const result = { counts: new Float64Array(bins), first: new Float64Array(bins).fill(-1) };
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i]!;
    if (!(value >= low && value <= high)) continue;
    if (!counts(i)) continue;
    let bin = ((value - low) * perUnit) | 0;
    if (bin >= bins) bin = bins - 1;
    // The product may round across an edge; of the last bin the upper edge is its own.
    while (value < edges[bin]!) bin--;
    while (bin < bins - 1 && value >= edges[bin + 1]!) bin++;
    if (result.counts[bin]!++ === 0) result.first[bin] = i;
  }
  return result;
}

/**
 * The same without a branch for each number: it lies on one side or the other of the edge that its place rounds to. Four
 * at a time, each with counts of its own, so that none waits for the one before to be counted.
 */
function histogramOfMany(numbers: Float32Array, edges: Float64Array): Histogram {
  const bins = edges.length - 1;
  const [low, high] = [edges[0]!, edges[bins]!];
  const perUnit = bins / (high - low);
  // The upper end, and what lies in no bin, have places behind them.
  const width = bins + 2;
  const lowest = Float64Array.of(...edges, Number.NEGATIVE_INFINITY);
  const placeOf = (value: number): number => place(value, low, high, perUnit, lowest);
  const binOf = (at: number): number => (at === bins ? bins - 1 : at);
  const taken = new Float64Array(block);
  const tallies = new Int32Array(4 * width);
  const first = new Float64Array(width).fill(-1);
  for (let start = 0; start < numbers.length; start += block) {
    const end = Math.min(start + block, numbers.length);
    const own = taken.subarray(0, end - start);
    own.set(numbers.subarray(start, end));
    let i = 0;
    for (; i + 3 < own.length; i += 4) {
      tallies[place(own[i]!, low, high, perUnit, lowest)]!++;
      tallies[width + place(own[i + 1]!, low, high, perUnit, lowest)]!++;
      tallies[2 * width + place(own[i + 2]!, low, high, perUnit, lowest)]!++;
      tallies[3 * width + place(own[i + 3]!, low, high, perUnit, lowest)]!++;
    }
    for (; i < own.length; i++) tallies[placeOf(own[i]!)]!++;
    for (let at = 0; at <= bins; at++) {
      const bin = binOf(at);
      if (first[bin]! >= 0 || totalOf(at) === 0) continue;
      for (i = 0; binOf(placeOf(own[i]!)) !== bin; ) i++;
      first[bin] = start + i;
    }
  }
  const counts = Float64Array.from({ length: bins }, (_, bin) => totalOf(bin));
  counts[bins - 1]! += totalOf(bins);
  return { counts, first: first.slice(0, bins) };

  function totalOf(at: number): number {
    return tallies[at]! + tallies[width + at]! + tallies[2 * width + at]! + tallies[3 * width + at]!;
  }
}

/** @param lowest of each place: of the bins, of the upper end, of what lies in none */
function place(value: number, low: number, high: number, perUnit: number, lowest: Float64Array): number {
  const near = value >= low && value <= high ? ((value - low) * perUnit + 0.5) | 0 : lowest.length - 1;
  return near - +(value < lowest[near]!);
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
