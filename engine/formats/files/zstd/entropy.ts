/** How Zstandard writes symbols in fractions of bits: tables of finite states and of prefix codes, and bits from behind. */
import { t } from '@vscode/l10n';
import { corrupt } from './corrupt.ts';

/** Of a symbol at each state: itself, how many bits to read, and what they are added to for the next state. */
export interface States {
  /** Bits of the first state. */
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
  readonly next: Uint16Array;
}

/** Of a symbol at each value of the next `log` bits: itself, and how many of the bits are its own. */
export interface Prefixes {
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
}

/** Bits from the last byte to the first, whose highest set bit says where they end. */
export class Bits {
  readonly #bytes: Uint8Array;
  readonly #start: number;
  /** How many are left. */
  left: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    const last = end > start ? bytes[end - 1]! : 0;
    if (last === 0) throw corrupt(t('data that end too early'));
    this.#bytes = bytes;
    this.#start = start;
    this.left = (end - start) * 8 - 1 - Math.clz32(last << 24);
  }

  /** @param count  at most 31 */
  read(count: number): number {
    this.left -= count;
    if (this.left < 0) throw corrupt(t('data that end too early'));
    return this.#at(this.left, count);
  }

  /** The next 11 or fewer, followed by zeros where there are not that many. */
  peek(count: number): number {
    const { left } = this;
    return left >= count ? this.#at(left - count, count) : this.#at(0, left) << (count - left);
  }

  #at(position: number, count: number): number {
    const bytes = this.#bytes;
    const at = this.#start + (position >> 3);
    const shift = position & 7;
    const low =
      (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> shift;
    const all = count + shift > 32 ? low | (bytes[at + 4]! << (32 - shift)) : low;
    return all & ((1 << count) - 1);
  }
}

/**
 * Reads a table of states at `at`; `end` is after it.
 * @param most  the highest symbol, and the most bits of a state
 */
export function readStates(
  bytes: Uint8Array,
  at: number,
  limit: number,
  most: { readonly symbol: number; readonly log: number },
): { readonly states: States; readonly end: number } {
  let position = 0;
  const peek = (count: number): number => {
    const first = at + (position >> 3);
    const word = (bytes[first] ?? 0) | ((bytes[first + 1] ?? 0) << 8) | ((bytes[first + 2] ?? 0) << 16);
    return (word >> (position & 7)) & ((1 << count) - 1);
  };
  const log = peek(4) + 5;
  position = 4;
  if (log > most.log) throw corrupt(t('a table of codes that does not add up'));
  const counts: number[] = [];
  let left = 1 << log;
  while (left > 0) {
    if (counts.length > most.symbol) throw corrupt(t('a table of codes that does not add up'));
    const width = 32 - Math.clz32(left + 1);
    let value = peek(width);
    const low = (1 << (width - 1)) - 1;
    const short = (1 << width) - 1 - (left + 1);
    if ((value & low) < short) {
      position += width - 1;
      value &= low;
    } else {
      position += width;
      if (value > low) value -= short;
    }
    const count = value - 1;
    counts.push(count);
    left -= Math.abs(count);
    if (count === 0) {
      for (let repeats = 3; repeats === 3; ) {
        repeats = peek(2);
        position += 2;
        for (let i = 0; i < repeats; i++) counts.push(0);
      }
    }
  }
  const end = at + ((position + 7) >> 3);
  if (left < 0 || counts.length > most.symbol + 1 || end > limit)
    throw corrupt(t('a table of codes that does not add up'));
  return { states: statesOf(counts, log), end };
}

/** @param counts  of each symbol among the states; -1 for one that is rarer than any state */
export function statesOf(counts: readonly number[], log: number): States {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  const bits = new Uint8Array(size);
  const next = new Uint16Array(size);
  let high = size;
  for (const [symbol, count] of counts.entries()) if (count < 0) symbols[--high] = symbol;
  const step = (size >> 1) + (size >> 3) + 3;
  let place = 0;
  for (const [symbol, count] of counts.entries()) {
    for (let i = 0; i < count; i++) {
      symbols[place] = symbol;
      do place = (place + step) & (size - 1);
      while (place >= high);
    }
  }
  const seen = counts.map(Math.abs);
  for (let state = 0; state < size; state++) {
    const number = seen[symbols[state]!]!++;
    bits[state] = log - (31 - Math.clz32(number));
    next[state] = (number << bits[state]!) - size;
  }
  return { log, symbols, bits, next };
}

/** One symbol that takes no bits. */
export function onlyState(symbol: number): States {
  return { log: 0, symbols: Uint8Array.of(symbol), bits: new Uint8Array(1), next: new Uint16Array(1) };
}

const mostWeights = { symbol: 255, log: 6 };
const longestCode = 11;

/** Reads a table of prefix codes at `at`; `end` is after it. */
export function readPrefixes(
  bytes: Uint8Array,
  at: number,
  limit: number,
): { readonly prefixes: Prefixes; readonly end: number } {
  const header = bytes[at]!;
  const start = at + 1;
  const end = start + (header < 128 ? header : (header - 126) >> 1);
  if (start >= limit || end > limit) throw corrupt(t('data that end too early'));
  const weights =
    header < 128
      ? weightsIn(bytes, start, end)
      : Array.from({ length: header - 127 }, (_, i) => (bytes[start + (i >> 1)]! >> (i & 1 ? 0 : 4)) & 15);
  return { prefixes: prefixesOf(weights), end };
}

/** Weights that two states, one after the other, have written. */
function weightsIn(bytes: Uint8Array, start: number, end: number): number[] {
  const { states, end: from } = readStates(bytes, start, end, mostWeights);
  const source = new Bits(bytes, from, end);
  const weights: number[] = [];
  let [state, other] = [source.read(states.log), source.read(states.log)];
  while (weights.length < 255) {
    weights.push(states.symbols[state]!);
    if (source.left < states.bits[state]!) {
      weights.push(states.symbols[other]!);
      break;
    }
    [state, other] = [other, states.next[state]! + source.read(states.bits[state]!)];
  }
  return weights;
}

/** The last symbol's weight is what is left of a power of two. */
function prefixesOf(weights: readonly number[]): Prefixes {
  let sum = 0;
  for (const weight of weights) {
    if (weight > longestCode) throw corrupt(t('a table of codes that does not add up'));
    sum += weight === 0 ? 0 : 1 << (weight - 1);
  }
  const log = 32 - Math.clz32(sum);
  const left = (1 << log) - sum;
  if (sum === 0 || log > longestCode || (left & (left - 1)) !== 0 || weights.length > 255)
    throw corrupt(t('a table of codes that does not add up'));
  const all = [...weights, 32 - Math.clz32(left)];
  // The longest codes come in pairs.
  if (all.filter((weight) => weight === 1).length < 2)
    throw corrupt(t('a table of codes that does not add up'));
  const symbols = new Uint8Array(1 << log);
  const bits = new Uint8Array(1 << log);
  let place = 0;
  for (let weight = 1; weight <= log; weight++) {
    for (const [symbol, own] of all.entries()) {
      if (own !== weight) continue;
      const end = place + (1 << (weight - 1));
      symbols.fill(symbol, place, end);
      bits.fill(log + 1 - weight, place, end);
      place = end;
    }
  }
  return { log, symbols, bits };
}
