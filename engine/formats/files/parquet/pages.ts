/**
 * The pages of a column in one row group: where a number is missing or a list begins, and the numbers that are there.
 * Whatever a page says of itself is compared with its bytes before anything is made of it.
 */
import { t } from '@vscode/l10n';
import { parquetHeader } from 'hyparquet/src/column.js';
import type { CompressionCodec, PageHeader } from 'hyparquet/src/index.js';
import type { TypedArray } from '../../../array.ts';
import { damaged } from '../bytes.ts';
import { readRuns } from './runs.ts';
import { checkThrift } from './thrift.ts';
import type { Unpack } from './unpack.ts';
import { type Leaf, lengthFirst, readValues, roomFor } from './values.ts';

export interface Pages {
  /** Of the places where a number is, one after the other. */
  readonly values: TypedArray;
  /** For each place how far down its path something is; left out where nothing can be missing. */
  readonly definition?: Uint8Array;
  /** For each place which list goes on with it, 0 where a row begins; left out where nothing is repeated. */
  readonly repetition?: Uint8Array;
}

export interface Unpacking {
  /** What packed the pages, and what unpacks them. */
  readonly codec: CompressionCodec;
  readonly unpack: Unpack;
  /** Bytes of all pages. */
  readonly most: number;
}

/**
 * @param bytes  of the column in that group
 * @param count  numbers that it holds, missing ones included
 * @throws LossLensError `damaged-file`
 */
export function readPages(
  bytes: Uint8Array,
  leaf: Leaf,
  count: number,
  { codec, unpack, most }: Unpacking,
): Pages {
  const values = roomFor(leaf, count);
  const definition = leaf.definition > 0 ? new Uint8Array(count) : undefined;
  const repetition = leaf.repetition > 0 ? new Uint8Array(count) : undefined;
  let dictionary: TypedArray | undefined;
  let [places, numbers, room] = [0, 0, most];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const unpacked = (packed: Uint8Array, length: number): Uint8Array => {
    if (packed.length === 0 && length === 0) return packed;
    const whole = unpack(packed, length);
    if (!whole) throw lying(t('a page of another size'), codec);
    return whole;
  };
  const take = (page: PageHeader, body: Uint8Array): void => {
    const header = (page.data_page_header ?? page.data_page_header_v2)!;
    const left = count - places;
    if (!(Number.isInteger(header.num_values) && header.num_values >= 0 && header.num_values <= left)) {
      throw lying(t`a page of ${header.num_values} values`, t`at most the ${left} that are left`);
    }
    const end = places + header.num_values;
    const parts = partsOf(page, body, leaf, unpacked);
    if (repetition) readLevels(parts.repetition, leaf.repetition, repetition.subarray(places, end));
    const present = definition
      ? readLevels(parts.definition, leaf.definition, definition.subarray(places, end))
      : header.num_values;
    readValues(parts.values, header.encoding, leaf, values.subarray(numbers, numbers + present), dictionary);
    places = end;
    numbers += present;
  };

  for (let at = 0; places < count; ) {
    const start = checkThrift(bytes, at);
    const page = parquetHeader({ view, offset: at });
    const { compressed_page_size: size, uncompressed_page_size: length } = page;
    at = start + size;
    const isSound = size >= 0 && at <= bytes.length && length >= 0 && length <= room;
    if (!isSound) throw lying(t('a page larger than its column'), t`${bytes.length} bytes`);
    room -= length;
    const body = bytes.subarray(start, at);
    if (page.dictionary_page_header) {
      const entries = page.dictionary_page_header.num_values;
      // The smallest number that stands in one takes two bytes.
      if (!(entries >= 0 && 2 * entries <= length)) throw lying(t`${entries} entries`, t('a dictionary'));
      dictionary = roomFor(leaf, entries);
      readValues(unpacked(body, length), 'PLAIN', leaf, dictionary, undefined);
    } else if (page.data_page_header ?? page.data_page_header_v2) take(page, body);
  }
  return {
    values: values.subarray(0, numbers),
    ...(definition && { definition }),
    ...(repetition && { repetition }),
  };
}

interface Parts {
  readonly repetition: Uint8Array;
  readonly definition: Uint8Array;
  readonly values: Uint8Array;
}

/** The bytes of a page, taken apart; where there are no levels, there are no bytes of them. */
function partsOf(
  { data_page_header_v2: second, uncompressed_page_size: size }: PageHeader,
  body: Uint8Array,
  leaf: Leaf,
  unpacked: (packed: Uint8Array, length: number) => Uint8Array,
): Parts {
  if (second) {
    const { repetition_levels_byte_length: first, definition_levels_byte_length: next } = second;
    const isSound = first >= 0 && next >= 0 && first + next <= Math.min(body.length, size);
    if (!isSound) throw lying(t('levels beyond their page'), t`${body.length} bytes`);
    const values = body.subarray(first + next);
    return {
      repetition: body.subarray(0, first),
      definition: body.subarray(first, first + next),
      values: second.is_compressed === false ? values : unpacked(values, size - first - next),
    };
  }
  const whole = unpacked(body, size);
  const none = whole.subarray(0, 0);
  const repetition = leaf.repetition > 0 ? lengthFirst(whole, 0) : none;
  const behind = leaf.repetition > 0 ? 4 + repetition.length : 0;
  const definition = leaf.definition > 0 ? lengthFirst(whole, behind) : none;
  return {
    repetition,
    definition,
    values: whole.subarray(behind + (leaf.definition > 0 ? 4 + definition.length : 0)),
  };
}

/** @returns how many of them are the highest */
function readLevels(bytes: Uint8Array, highest: number, into: Uint8Array): number {
  readRuns(bytes, 32 - Math.clz32(highest), into);
  let count = 0;
  for (let i = 0; i < into.length; i++) {
    const level = into[i]!;
    if (level === highest) count++;
    else if (level > highest) throw lying(t`level ${level}`, t`at most ${highest}`);
  }
  return count;
}

const lying = (found: string, expected: string): Error =>
  damaged(t('The Parquet file contradicts itself.'), found, expected);
