/** Whole numbers as their differences, in blocks that each have a smallest one (`DELTA_BINARY_PACKED`). */
import { t } from '@vscode/l10n';
import { damaged } from '../bytes.ts';

/** Fills `into`, modulo two to the power of its bits. @throws LossLensError `damaged-file` */
export function readDeltas(bytes: Uint8Array, into: Int32Array | BigInt64Array): void {
  let at = 0;
  const number = (): bigint => {
    let value = 0n;
    for (let shift = 0; shift < 70; shift += 7) {
      const next = bytes[at++];
      if (next === undefined) throw lying();
      value |= BigInt(next & 0x7f) << BigInt(shift);
      if (next < 0x80) return value;
    }
    throw lying();
  };
  const signed = (): bigint => {
    const value = number();
    return (value >> 1n) ^ -(value & 1n);
  };
  const [block, parts] = [Number(number()), Number(number())];
  const perPart = block / parts;
  if (number() !== BigInt(into.length) || !(perPart >= 8 && perPart % 8 === 0)) throw lying();
  let value = signed();
  const put = (index: number): void => {
    if (into instanceof BigInt64Array) into[index] = value;
    else into[index] = Number(BigInt.asIntN(32, value));
  };
  if (into.length > 0) put(0);
  for (let seen = 1; seen < into.length; ) {
    const smallest = signed();
    const widths = at;
    at += parts;
    for (let part = 0; part < parts && seen < into.length; part++) {
      const width = bytes[widths + part] ?? 65;
      const taken = Math.min(perPart, into.length - seen);
      if (width > 64 || at + (taken * width) / 8 > bytes.length) throw lying();
      for (let i = 0; i < taken; i++) {
        value = BigInt.asIntN(64, value + smallest + bitsAt(bytes, 8 * at + i * width, width));
        put(seen++);
      }
      at += (perPart * width) / 8;
    }
  }
}

/** So many bits from that one on, the lowest first. */
function bitsAt(bytes: Uint8Array, start: number, width: number): bigint {
  let value = 0n;
  let at = start >>> 3;
  const skipped = start & 7;
  for (let got = -skipped; got < width; got += 8) {
    const byte = BigInt(bytes[at++] ?? 0);
    value |= got < 0 ? byte >> BigInt(-got) : byte << BigInt(got);
  }
  return BigInt.asUintN(width, value);
}

const lying = (): Error =>
  damaged(
    t('The Parquet file contradicts itself.'),
    t('differences of other numbers'),
    t('as many as it says'),
  );
