/** An array as NumPy's file of one array. */
import type { DType, NdArray } from '../array.ts';

const codes: Readonly<Record<DType, string>> = {
  float32: '<f4',
  float64: '<f8',
  int8: '|i1',
  int16: '<i2',
  int32: '<i4',
  int64: '<i8',
  uint8: '|u1',
  uint16: '<u2',
  uint32: '<u4',
  bool: '|b1',
};

/** Version 1.0 of the format, row-major, on a little-endian machine (as is every one that Node runs on but s390x). */
export function npyOf({ dtype, shape, data }: NdArray): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${codes[dtype]}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // What comes before the numbers is a multiple of 64 bytes, and ends in a new line.
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const bytes = new Uint8Array(length + data.byteLength);
  bytes.set([0x93, ...Buffer.from('NUMPY', 'latin1'), 1, 0]);
  new DataView(bytes.buffer).setUint16(8, length - 10, true);
  bytes.set(Buffer.from(`${dictionary.padEnd(length - 11)}\n`, 'latin1'), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), length);
  return bytes;
}
