/** Small whole numbers as Parquet writes them: runs of one value, and of values packed bit by bit. */
import { t } from '@vscode/l10n';
import { damaged } from '../bytes.ts';

/** Bits of the widest value that is read. */
export const widestValue = 24;

/**
 * Reads values until `into` is full.
 * @param width  bits of a value, up to `widestValue`
 * @throws LossLensError `damaged-file` where a run is longer than what is left, or the bytes end before
 */
export function readRuns(bytes: Uint8Array, width: number, into: Uint8Array | Uint32Array): void {
  let at = 0;
  for (let seen = 0; seen < into.length; ) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      const next = bytes[at++];
      if (next === undefined || shift > 28) throw lying(into.length);
      header += (next & 0x7f) * 2 ** shift;
      if (next < 0x80) break;
    }
    const left = into.length - seen;
    const count = Math.floor(header / 2);
    if (header % 2 === 0) {
      const size = Math.ceil(width / 8);
      if (count > left || at + size > bytes.length) throw lying(into.length);
      let value = 0;
      for (let i = 0; i < size; i++) value += bytes[at++]! * 2 ** (8 * i);
      into.fill(value, seen, seen + count);
      seen += count;
    } else {
      // Eights, of which the last ones may be for nothing.
      const taken = Math.min(8 * count, left);
      if (at + Math.ceil((taken * width) / 8) > bytes.length) throw lying(into.length);
      unpack(bytes, at, width, into, seen, taken);
      at += count * width;
      seen += taken;
    }
  }
}

function unpack(
  bytes: Uint8Array,
  start: number,
  width: number,
  into: Uint8Array | Uint32Array,
  from: number,
  count: number,
): void {
  const mask = 2 ** width - 1;
  let at = start;
  let buffer = 0;
  let held = 0;
  for (let i = from; i < from + count; i++) {
    for (; held < width; held += 8) buffer |= bytes[at++]! << held;
    into[i] = buffer & mask;
    buffer >>>= width;
    held -= width;
  }
}

const lying = (count: number): Error =>
  damaged(
    t('The Parquet file contradicts itself.'),
    t('runs of another number of values'),
    t`${count} values`,
  );
