/** What of a block is repeated from before: how many literals come first, how far back, and how many bytes. */
import { t } from '@vscode/l10n';
import { corrupt } from './corrupt.ts';
import { Bits, onlyState, readStates, type States, statesOf } from './entropy.ts';

/** A table for each of the three numbers of a sequence. */
export interface Tables {
  literals: States | undefined;
  offsets: States | undefined;
  matches: States | undefined;
}

/** The output so far, and what a frame's blocks hand on. */
export interface Written {
  readonly out: Uint8Array;
  /** Where the frame began in it. */
  readonly start: number;
  at: number;
  /** The last three distances, the latest first. */
  readonly distances: Int32Array;
}

const zeros = (count: number): number[] => Array<number>(count).fill(0);
const literalBits = Uint8Array.of(
  ...zeros(16),
  1,
  1,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  6,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  16,
);
const matchBits = Uint8Array.of(
  ...zeros(32),
  1,
  1,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  4,
  5,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  16,
);
const literalBase = basesOf(literalBits, 0);
const matchBase = basesOf(matchBits, 3);

const limits = {
  literals: { symbol: 35, log: 9 },
  offsets: { symbol: 31, log: 8 },
  matches: { symbol: 52, log: 9 },
} as const;
/** The tables that need not be written. */
const usual: Readonly<Record<keyof Tables, States>> = {
  literals: statesOf(
    [
      4,
      3,
      ...Array<number>(11).fill(2),
      1,
      1,
      1,
      ...Array<number>(9).fill(2),
      3,
      2,
      1,
      1,
      1,
      1,
      1,
      -1,
      -1,
      -1,
      -1,
    ],
    6,
  ),
  offsets: statesOf([1, 1, 1, 1, 1, 1, 2, 2, 2, ...Array<number>(15).fill(1), -1, -1, -1, -1, -1], 5),
  matches: statesOf([1, 4, 3, 2, 2, 2, 2, 2, 2, ...Array<number>(37).fill(1), -1, -1, -1, -1, -1, -1, -1], 6),
};
/** Further back than this there is nothing: an output has fewer bytes. */
const longestOffset = 30;

/**
 * Writes the block whose sequences are at `at`.
 * @param most  bytes that it may write
 * @param tables  of the block before; replaced by those of this one
 */
export function writeSequences(
  bytes: Uint8Array,
  at: number,
  end: number,
  literals: Uint8Array,
  tables: Tables,
  written: Written,
  most: number,
): void {
  const limit = Math.min(written.out.length, written.at + most);
  let from = 0;
  const { count, start } = countAt(bytes, at, end);
  if (count > 0) {
    const source = new Bits(bytes, readTables(bytes, start, end, tables), end);
    const { literals: ll, offsets: of, matches: ml } = tables as Required<Record<keyof Tables, States>>;
    let literal = source.read(ll.log);
    let offset = source.read(of.log);
    let match = source.read(ml.log);
    for (let left = count; left > 0; left--) {
      const code = of.symbols[offset]!;
      if (code > longestOffset) throw corrupt(t('a distance to before the beginning'));
      const distance = 2 ** code + source.read(code);
      const copied = matchBase[ml.symbols[match]!]! + source.read(matchBits[ml.symbols[match]!]!);
      const plain = literalBase[ll.symbols[literal]!]! + source.read(literalBits[ll.symbols[literal]!]!);
      if (left > 1) {
        literal = ll.next[literal]! + source.read(ll.bits[literal]!);
        match = ml.next[match]! + source.read(ml.bits[match]!);
        offset = of.next[offset]! + source.read(of.bits[offset]!);
      }
      if (from + plain > literals.length || written.at + plain + copied > limit)
        throw corrupt(t('more bytes than a block may have'));
      put(literals, from, from + plain, written);
      from += plain;
      repeat(written, distanceOf(distance, plain, written.distances), copied);
    }
    if (source.left !== 0) throw corrupt(t('data behind their end'));
  } else if (start !== end) throw corrupt(t('data behind their end'));
  if (written.at + literals.length - from > limit) throw corrupt(t('more bytes than a block may have'));
  put(literals, from, literals.length, written);
}

function countAt(
  bytes: Uint8Array,
  at: number,
  end: number,
): { readonly count: number; readonly start: number } {
  const first = bytes[at]!;
  const width = first < 128 ? 1 : first < 255 ? 2 : 3;
  if (at + width > end) throw corrupt(t('data that end too early'));
  const [second, third] = [bytes[at + 1]!, bytes[at + 2]!];
  const count =
    width === 1 ? first : width === 2 ? (first - 128) * 256 + second : second + third * 256 + 0x7f00;
  return { count, start: at + width };
}

/** @returns where the bits begin */
function readTables(bytes: Uint8Array, at: number, end: number, tables: Tables): number {
  const modes = bytes[at]!;
  if (at >= end || (modes & 3) !== 0) throw corrupt(t('a part of an unknown kind'));
  let next = at + 1;
  for (const [name, shift] of [
    ['literals', 6],
    ['offsets', 4],
    ['matches', 2],
  ] as const) {
    const mode = (modes >> shift) & 3;
    const { symbol } = limits[name];
    if (mode === 0) tables[name] = usual[name];
    else if (mode === 1) {
      if (next >= end || bytes[next]! > symbol) throw corrupt(t('a part of an unknown kind'));
      tables[name] = onlyState(bytes[next++]!);
    } else if (mode === 2) ({ states: tables[name], end: next } = readStates(bytes, next, end, limits[name]));
    else if (!tables[name]) throw corrupt(t('a table of codes that does not add up'));
  }
  return next;
}

/** Up to three stand for one of the last distances. */
function distanceOf(value: number, plain: number, last: Int32Array): number {
  const which = value > 3 ? 3 : plain === 0 ? value : value - 1;
  if (which === 0) return last[0]!;
  const distance = value > 3 ? value - 3 : which === 3 ? last[0]! - 1 : last[which]!;
  if (which > 1) last[2] = last[1]!;
  last[1] = last[0]!;
  last[0] = distance;
  return distance;
}

function put(literals: Uint8Array, from: number, to: number, written: Written): void {
  const { out } = written;
  let { at } = written;
  for (let i = from; i < to; i++) out[at++] = literals[i]!;
  written.at = at;
}

/** What is copied may be part of the copy. */
function repeat(written: Written, distance: number, count: number): void {
  const { out, start } = written;
  let { at } = written;
  if (distance < 1 || distance > at - start) throw corrupt(t('a distance to before the beginning'));
  for (let from = at - distance, end = at + count; at < end; ) out[at++] = out[from++]!;
  written.at = at;
}

function basesOf(bits: Uint8Array, first: number): Int32Array {
  let next = first;
  return Int32Array.from(bits, (count) => {
    const base = next;
    next += 2 ** count;
    return base;
  });
}
