/** How files write numbers: each dtype's size and how its bytes become elements of an `NdArray`. */
import { t } from '@vscode/l10n';
import { allocate, type DType, type NdArray, type Origin, type TypedArray } from '../../array.ts';
import { LossLensError } from '../../errors.ts';
import { held, type SourceDType } from '../dtypes.ts';

export type ByteOrder = 'little' | 'big';

const widths: Readonly<Record<SourceDType, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  float8_e4m3fn: 1,
  float8_e5m2: 1,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  bool: 1,
};

export const widthOf = (dtype: SourceDType): number => widths[dtype];

const nativeOrder: ByteOrder = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 'little' : 'big';

/** Whether the file's bytes are the array's own, so that they need not be looked at. */
export const isVerbatim = (dtype: SourceDType, order: ByteOrder): boolean =>
  held(dtype).dtype === dtype && dtype !== 'bool' && (order === nativeOrder || widths[dtype] === 1);

/** The bytes of an array, as they lie in memory. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: TypedArray): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/**
 * @param bytes  whole elements; they are reversed in place where the order is not this machine's
 * @throws LossLensError `dtype` for an unsigned integer beyond int64.
 */
export function elementsOf(bytes: Uint8Array, dtype: SourceDType, order: ByteOrder): TypedArray {
  const width = widths[dtype];
  if (order !== nativeOrder && width > 1) reverse(bytes, width);
  const count = bytes.length / width;
  const aligned = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  const { buffer, byteOffset } = aligned;
  switch (dtype) {
    case 'float16':
    case 'bfloat16':
      return widened(new Uint16Array(buffer, byteOffset, count), tableOf(dtype));
    case 'float8_e4m3fn':
    case 'float8_e5m2':
      return widened(aligned, tableOf(dtype));
    case 'uint64':
      return signed(new BigUint64Array(buffer, byteOffset, count));
    case 'bool':
      return aligned.map((value) => (value === 0 ? 0 : 1));
    default: {
      const kind = allocate(dtype, 0).constructor as new (
        buffer: ArrayBufferLike,
        at: number,
        n: number,
      ) => TypedArray;
      return new kind(buffer, byteOffset, count);
    }
  }
}

export function arrayOf(data: TypedArray, dtype: SourceDType, shape: readonly number[]): NdArray {
  const { dtype: own, origin } = held(dtype);
  return { dtype: own, shape, data, ...(origin && { origin }) };
}

export const heldDType = (dtype: SourceDType): DType => held(dtype).dtype;

function reverse(bytes: Uint8Array, width: number): void {
  for (let start = 0; start < bytes.length; start += width) {
    for (let low = start, high = start + width - 1; low < high; low++, high--) {
      const byte = bytes[low]!;
      bytes[low] = bytes[high]!;
      bytes[high] = byte;
    }
  }
}

function widened(codes: Uint8Array | Uint16Array, table: Float32Array): Float32Array {
  const data = new Float32Array(codes.length);
  for (let i = 0; i < codes.length; i++) data[i] = table[codes[i]!]!;
  return data;
}

/** Sign, exponent and fraction bits, and what the largest exponent holds. */
const small: Readonly<
  Record<Origin, { readonly exponent: number; readonly fraction: number; readonly infinite: boolean }>
> = {
  float16: { exponent: 5, fraction: 10, infinite: true },
  bfloat16: { exponent: 8, fraction: 7, infinite: true },
  float8_e5m2: { exponent: 5, fraction: 2, infinite: true },
  // Without infinities: the largest exponent holds numbers, and NaN only where all bits are set.
  float8_e4m3fn: { exponent: 4, fraction: 3, infinite: false },
};

const tables = new Map<Origin, Float32Array>();

/** Every value of a small floating-point dtype, by its bits. */
function tableOf(dtype: Origin): Float32Array {
  const known = tables.get(dtype);
  if (known) return known;
  const { exponent, fraction, infinite } = small[dtype];
  const bias = 2 ** (exponent - 1) - 1;
  const top = 2 ** exponent - 1;
  const half = 2 ** (exponent + fraction);
  const table = new Float32Array(2 * half);
  for (let code = 0; code < half; code++) {
    const e = code >>> fraction;
    const f = code & (2 ** fraction - 1);
    let value = e === 0 ? f * 2 ** (1 - bias - fraction) : (1 + f / 2 ** fraction) * 2 ** (e - bias);
    if (infinite && e === top) value = f === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
    if (!infinite && code === half - 1) value = Number.NaN;
    table[code] = value;
    table[half + code] = -value;
  }
  tables.set(dtype, table);
  return table;
}

function signed(data: BigUint64Array): BigInt64Array {
  const index = data.findIndex((value) => value > 0x7fff_ffff_ffff_ffffn);
  if (index >= 0) {
    throw new LossLensError(
      'dtype',
      t('An unsigned integer of the file is beyond int64, as which uint64 is held.'),
      {
        found: t`${String(data[index])} at element ${index}`,
        expected: t('at most 9223372036854775807'),
      },
    );
  }
  return new BigInt64Array(data.buffer, data.byteOffset, data.length);
}
