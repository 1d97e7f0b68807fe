/**
 * Looks through a structure in Thrift's compact protocol before the library reads it, which believes the sizes in there:
 * a number of a million bytes takes it minutes, a list that says that it is long gigabytes.
 */
import { t } from '@vscode/l10n';
import { damaged } from '../bytes.ts';

/** Bytes of a number of 64 bits, seven at a time. */
const longestNumber = 10;
/** Of the structures of a Parquet file, with room for what is to come. */
const deepest = 32;
/** Of the statistics of a column, which the library makes numbers of; and where they lie. */
const longestStatistic = { bytes: 8192, depth: 5 };

const [stop, yes, no, byte, i16, i32, i64, double, binary, list, struct] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12];

/**
 * @param start  where a structure begins
 * @returns where it ends
 * @throws LossLensError `damaged-file`
 */
export function checkThrift(bytes: Uint8Array, start: number): number {
  let at = start;
  const skip = (count: number): void => {
    if (!(count <= bytes.length - at)) throw lying();
    at += count;
  };
  const number = (): number => {
    let value = 0;
    for (let i = 0; i < longestNumber; i++) {
      skip(1);
      const next = bytes[at - 1]!;
      value += (next & 0x7f) * 2 ** (7 * i);
      if (next < 0x80) return value;
    }
    throw lying();
  };
  const element = (type: number, depth: number): void => {
    if (depth > deepest) throw lying();
    switch (type) {
      case yes:
      case no:
        return;
      case byte:
        skip(1);
        return;
      case i16:
      case i32:
      case i64:
        number();
        return;
      case double:
        skip(8);
        return;
      case binary: {
        const length = number();
        if (depth > longestStatistic.depth && length > longestStatistic.bytes) throw lying();
        skip(length);
        return;
      }
      case list: {
        skip(1);
        const [kind, short] = [bytes[at - 1]! & 15, bytes[at - 1]! >> 4];
        const count = short === 15 ? number() : short;
        // An element takes a byte or more.
        if (count > bytes.length - at) throw lying();
        for (let i = 0; i < count; i++) element(kind === yes || kind === no ? byte : kind, depth);
        return;
      }
      case struct:
        fields(depth + 1);
        return;
      default:
        throw lying();
    }
  };
  const fields = (depth: number): void => {
    for (;;) {
      skip(1);
      const head = bytes[at - 1]!;
      if ((head & 15) === stop) return;
      if (head >> 4 === 0) number();
      element(head & 15, depth);
    }
  };
  fields(1);
  return at;
}

const lying = (): Error =>
  damaged(
    t('The Parquet file contradicts itself.'),
    t('sizes beyond its bytes'),
    t('a description of its columns'),
  );
