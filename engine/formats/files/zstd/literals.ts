/** The bytes of a block that are not repeated from before. */
import { t } from '@vscode/l10n';
import { corrupt } from './corrupt.ts';
import { Bits, type Prefixes, readPrefixes } from './entropy.ts';

export interface Literals {
  readonly bytes: Uint8Array;
  /** For the next block of the frame, which may go on with them. */
  readonly prefixes: Prefixes | undefined;
  readonly end: number;
}

/**
 * @param most  bytes in a block
 * @param before  the codes of the block before
 */
export function readLiterals(
  bytes: Uint8Array,
  at: number,
  limit: number,
  most: number,
  before: Prefixes | undefined,
): Literals {
  if (at >= limit) throw corrupt(t('data that end too early'));
  const first = bytes[at]!;
  const kind = first & 3;
  const format = (first >> 2) & 3;
  if (kind < 2) {
    const width = format === 1 ? 2 : format === 3 ? 3 : 1;
    const size = width === 1 ? first >> 3 : number(bytes, at, width) >> 4;
    const start = at + width;
    const end = start + (kind === 0 ? size : 1);
    if (size > most || end > limit) throw corrupt(t('data that end too early'));
    const own = kind === 0 ? bytes.subarray(start, end) : new Uint8Array(size).fill(bytes[start]!);
    return { bytes: own, prefixes: before, end };
  }
  const width = format < 2 ? 3 : format + 2;
  const digits = format < 2 ? 10 : format === 2 ? 14 : 18;
  const whole = number(bytes, at, width);
  const size = Math.floor(whole / 16) % 2 ** digits;
  let start = at + width;
  const end = start + Math.floor(whole / 2 ** (4 + digits));
  if (size > most || start > limit || end > limit) throw corrupt(t('data that end too early'));
  let prefixes = before;
  if (kind === 2) ({ prefixes, end: start } = readPrefixes(bytes, start, end));
  if (!prefixes) throw corrupt(t('a table of codes that does not add up'));
  const own = new Uint8Array(size);
  if (format === 0) decode(bytes, start, end, prefixes, own);
  else decodeFour(bytes, start, end, prefixes, own);
  return { bytes: own, prefixes, end };
}

function decodeFour(bytes: Uint8Array, at: number, end: number, prefixes: Prefixes, into: Uint8Array): void {
  const quarter = (into.length + 3) >> 2;
  let start = at + 6;
  if (start > end || 3 * quarter > into.length) throw corrupt(t('data that end too early'));
  for (let stream = 0; stream < 4; stream++) {
    const next = stream === 3 ? end : start + number(bytes, at + 2 * stream, 2);
    if (next > end) throw corrupt(t('data that end too early'));
    const part = into.subarray(stream * quarter, stream === 3 ? into.length : (stream + 1) * quarter);
    decode(bytes, start, next, prefixes, part);
    start = next;
  }
}

function decode(bytes: Uint8Array, start: number, end: number, prefixes: Prefixes, into: Uint8Array): void {
  const { log, symbols, bits } = prefixes;
  const source = new Bits(bytes, start, end);
  for (let i = 0; i < into.length; i++) {
    const code = source.peek(log);
    into[i] = symbols[code]!;
    source.left -= bits[code]!;
    if (source.left < 0) throw corrupt(t('data that end too early'));
  }
  if (source.left !== 0) throw corrupt(t('data behind their end'));
}

/** Little-endian. */
export function number(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = width - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}
