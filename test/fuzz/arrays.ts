/** Any array, and whether two are the same to the bit. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { allocate, type DType, type NdArray, sizeOf, type TypedArray } from '../../engine/array.ts';

export const dtypes: readonly DType[] = [
  'float32',
  'float64',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'bool',
];

/** Up to four dimensions of up to four, and numbers of all magnitudes, NaN and infinities among the floating ones. */
export function anyArray(of: readonly DType[], { least = 0, most = 4 } = {}): fc.Arbitrary<NdArray> {
  const shape = fc.array(fc.integer({ min: least, max: 4 }), { maxLength: most });
  const pattern = fc.uint8Array({ minLength: 8, maxLength: 64 });
  const plain = fc.array(fc.constantFrom(0, 1, -1, 2.5, 0.1, -0, 1e-3, 123456.75, Number.NaN, Infinity), {
    minLength: 1,
    maxLength: 8,
  });
  return fc
    .tuple(fc.constantFrom(...of), shape, pattern, fc.option(plain))
    .map(([dtype, shape, bytes, numbers]) => {
      const data = allocate(dtype, sizeOf(shape));
      const raw = new Uint8Array(data.buffer);
      for (let i = 0; i < raw.length; i++) {
        raw[i] = dtype === 'bool' ? bytes[i % bytes.length]! & 1 : bytes[(i + (i >> 3)) % bytes.length]!;
      }
      if (numbers && (data instanceof Float32Array || data instanceof Float64Array)) {
        data.forEach((_, i) => {
          data[i] = numbers[i % numbers.length]!;
        });
      }
      return { dtype, shape, data };
    });
}

/** One pattern for every NaN. */
function bitsOf(data: TypedArray): Uint8Array {
  const own = data.slice();
  if (own instanceof Float32Array || own instanceof Float64Array) {
    for (let i = 0; i < own.length; i++) if (Number.isNaN(own[i])) own[i] = Number.NaN;
  }
  return new Uint8Array(own.buffer);
}

/** What tells arrays apart: the dtype, the shape and every bit. */
export const keyOf = ({ dtype, shape, data }: NdArray): string =>
  `${dtype} [${shape}] ${Buffer.from(bitsOf(data)).toString('base64')}`;

export function assertSame(actual: NdArray, expected: NdArray): void {
  assert.equal(keyOf(actual), keyOf(expected));
}

/** That its parts fit each other. */
export function assertWhole({ dtype, shape, data }: NdArray): void {
  assert.ok(dtypes.includes(dtype), `no dtype: ${dtype}`);
  assert.ok(
    shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0),
    `no shape: [${shape}]`,
  );
  assert.equal(data.constructor, allocate(dtype, 0).constructor, `${dtype} in a ${data.constructor.name}`);
  assert.equal(data.length, sizeOf(shape), `${data.length} numbers of shape [${shape}]`);
}

/** A floating-point number as Python writes it, to the last digit. */
export function decimal(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const digits = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(digits) ? digits : `${digits}.0`;
}
