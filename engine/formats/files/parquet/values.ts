/** The numbers of a page, as each encoding and each type of a column writes them. */
import { t } from '@vscode/l10n';
import type { Encoding, ParquetType } from 'hyparquet/src/index.js';
import { allocate, type TypedArray } from '../../../array.ts';
import { LossLensError } from '../../../errors.ts';
import type { SourceDType } from '../../dtypes.ts';
import { damaged } from '../bytes.ts';
import { elementsOf, widthOf } from '../elements.ts';
import { readDeltas } from './deltas.ts';
import { readRuns, widestValue } from './runs.ts';

/** The numbers of a column, at the end of its path through the schema. */
export interface Leaf {
  readonly name: string;
  readonly type: ParquetType;
  readonly dtype: SourceDType;
  /** Bytes of a number of `FIXED_LEN_BYTE_ARRAY`. */
  readonly typeLength: number;
  /** Of decimal numbers: digits behind the point. */
  readonly scale?: number;
  /** A number itself may be missing, not only a list of them. */
  readonly optional: boolean;
  /** Levels at which something may be missing, and at which it is repeated. */
  readonly definition: number;
  readonly repetition: number;
}

/** Bytes of a decimal number: more than any double needs. */
const longestDecimal = 64;

/** As their type writes them: these are not yet of the column's dtype. */
const plain: Partial<Record<ParquetType, 'int32' | 'int64' | 'float32' | 'float64'>> = {
  INT32: 'int32',
  INT64: 'int64',
  FLOAT: 'float32',
  DOUBLE: 'float64',
};

/** Where so many numbers of a column have room, as they are written. */
export function roomFor({ type, dtype }: Leaf, count: number): TypedArray {
  if (type === 'BOOLEAN') return new Uint8Array(count);
  return allocate(plain[type] ?? (dtype === 'float16' ? 'float32' : 'float64'), count);
}

/**
 * Reads as many numbers as `into` has room for.
 * @throws LossLensError `damaged-file`; `dtype` for an encoding that is not read
 */
export function readValues(
  bytes: Uint8Array,
  encoding: Encoding,
  leaf: Leaf,
  into: TypedArray,
  dictionary: TypedArray | undefined,
): void {
  if (into.length === 0) return;
  if (encoding === 'PLAIN') readPlain(bytes, leaf, into);
  else if (encoding === 'BYTE_STREAM_SPLIT') readPlain(joined(bytes, into.length), leaf, into);
  else if (encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY') lookUp(bytes, into, dictionary);
  else if (encoding === 'RLE' && leaf.type === 'BOOLEAN') {
    readRuns(lengthFirst(bytes, 0), 1, into as Uint8Array);
  } else if (encoding === 'DELTA_BINARY_PACKED' && (leaf.type === 'INT32' || leaf.type === 'INT64')) {
    readDeltas(bytes, into as Int32Array | BigInt64Array);
  } else {
    throw new LossLensError('dtype', t`Column '${leaf.name}' is written in a way that is not read.`, {
      found: String(encoding),
      expected: t('plain numbers, a dictionary, runs, differences or split bytes'),
    });
  }
}

/** What stands behind its length. */
export function lengthFirst(bytes: Uint8Array, at: number): Uint8Array {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (at + 4 > bytes.length) throw tooShort();
  const end = at + 4 + length.getUint32(at, true);
  if (end > bytes.length) throw tooShort();
  return bytes.subarray(at + 4, end);
}

function readPlain(bytes: Uint8Array, leaf: Leaf, into: TypedArray): void {
  const { type, dtype, typeLength } = leaf;
  if (type === 'BOOLEAN') {
    if (into.length > 8 * bytes.length) throw tooShort();
    for (let i = 0; i < into.length; i++) into[i] = (bytes[i >> 3]! >> (i & 7)) & 1;
    return;
  }
  const written = plain[type] ?? (dtype === 'float16' ? dtype : undefined);
  if (written) {
    const length = widthOf(written) * into.length;
    if (length > bytes.length) throw tooShort();
    (into as Float64Array).set(elementsOf(bytes.subarray(0, length), written, 'little') as Float64Array);
    return;
  }
  let at = 0;
  for (let i = 0; i < into.length; i++) {
    const own = type === 'BYTE_ARRAY' ? lengthFirst(bytes, at) : bytes.subarray(at, at + typeLength);
    if (own.length > longestDecimal || (type !== 'BYTE_ARRAY' && own.length < typeLength)) throw tooShort();
    at += own.length + (type === 'BYTE_ARRAY' ? 4 : 0);
    into[i] = wholeNumber(own);
  }
}

/** In two's complement, the highest byte first. */
function wholeNumber(bytes: Uint8Array): number {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return Number(BigInt.asIntN(8 * bytes.length, value));
}

function lookUp(bytes: Uint8Array, into: TypedArray, dictionary: TypedArray | undefined): void {
  const width = bytes[0] ?? widestValue + 1;
  if (!dictionary || width > widestValue)
    throw damaged(
      t('The Parquet file contradicts itself.'),
      t('no such dictionary'),
      t('a dictionary before what refers to it'),
    );
  const indices = new Uint32Array(into.length);
  if (width > 0) readRuns(bytes.subarray(1), width, indices);
  for (let i = 0; i < into.length; i++) {
    const index = indices[i]!;
    if (index >= dictionary.length)
      throw damaged(
        t('The Parquet file contradicts itself.'),
        t`entry ${index}`,
        t`a dictionary of ${dictionary.length}`,
      );
    into[i] = dictionary[index]!;
  }
}

/** All first bytes, then all second ones. */
function joined(bytes: Uint8Array, count: number): Uint8Array {
  const width = Math.floor(bytes.length / count);
  const whole = new Uint8Array(width * count);
  for (let byte = 0; byte < width; byte++) {
    for (let i = 0; i < count; i++) whole[i * width + byte] = bytes[byte * count + i]!;
  }
  return whole;
}

const tooShort = (): Error =>
  damaged(
    t('The Parquet file contradicts itself.'),
    t('a page that ends before its numbers'),
    t('as many as it says'),
  );
