/** The dtypes that array sources write, wider than the ones that arrays hold, and rounding to them. */
import type { DType, Origin } from '../array.ts';

/** Floating-point numbers of two bytes or one are held as float32, uint64 as int64. */
export type SourceDType = DType | Origin | 'uint64';

export type Library = 'numpy' | 'torch' | 'tensorflow' | 'jax' | 'javascript';

const exactNames: Readonly<Record<string, SourceDType>> = {
  float64: 'float64',
  float32: 'float32',
  float16: 'float16',
  bfloat16: 'bfloat16',
  int8: 'int8',
  int16: 'int16',
  int32: 'int32',
  int64: 'int64',
  uint8: 'uint8',
  uint16: 'uint16',
  uint32: 'uint32',
  uint64: 'uint64',
  bool: 'bool',
  bool_: 'bool',
  double: 'float64',
  half: 'float16',
};

const numpyNames: Readonly<Record<string, SourceDType>> = {
  single: 'float32',
  float_: 'float64',
  byte: 'int8',
  ubyte: 'uint8',
  short: 'int16',
  ushort: 'uint16',
  intc: 'int32',
  uintc: 'uint32',
  int_: 'int64',
  intp: 'int64',
  long: 'int64',
  longlong: 'int64',
  uint: 'uint64',
  ulong: 'uint64',
  ulonglong: 'uint64',
};

const torchNames: Readonly<Record<string, SourceDType>> = {
  float: 'float32',
  short: 'int16',
  int: 'int32',
  long: 'int64',
};

/** NumPy's array-protocol codes: kind and bytes. */
export const sizedCodes: Readonly<Record<string, SourceDType>> = {
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  b1: 'bool',
};

/** These, or one letter. */
const codes: Readonly<Record<string, SourceDType>> = {
  ...sizedCodes,
  '?': 'bool',
  e: 'float16',
  f: 'float32',
  d: 'float64',
  b: 'int8',
  B: 'uint8',
  h: 'int16',
  H: 'uint16',
  i: 'int32',
  I: 'uint32',
  l: 'int64',
  L: 'uint64',
  q: 'int64',
  Q: 'uint64',
};

/**
 * The dtype that `name` means in a call of `library`: a dotted name (`torch.half`), a Python type (`float`) or
 * NumPy's code (`<f4`). Undefined for everything that holds no real numbers that we hold.
 */
export function dtypeNamed(name: string, library: Library): SourceDType | undefined {
  const dot = name.lastIndexOf('.');
  const last = name.slice(dot + 1);
  const qualifier = name.slice(0, Math.max(dot, 0));
  if (qualifier === 'torch' && Object.hasOwn(torchNames, last)) return torchNames[last];
  if (Object.hasOwn(exactNames, last)) return exactNames[last];
  if (Object.hasOwn(numpyNames, last)) return numpyNames[last];
  if (last === 'float') return library === 'numpy' || library === 'torch' ? 'float64' : 'float32';
  if (last === 'int') return library === 'numpy' || library === 'torch' ? 'int64' : 'int32';
  const code = last.replace(/^[<>=|]/, '');
  return Object.hasOwn(codes, code) ? codes[code] : undefined;
}

/** How an array holds what its source calls `dtype`. */
export function held(dtype: SourceDType): { readonly dtype: DType; readonly origin?: Origin } {
  switch (dtype) {
    case 'float16':
    case 'bfloat16':
    case 'float8_e4m3fn':
    case 'float8_e5m2':
      return { dtype: 'float32', origin: dtype };
    default:
      return { dtype: dtype === 'uint64' ? 'int64' : dtype };
  }
}

/**
 * The nearest float16, ties to even. NumPy and JAX round the double itself; PyTorch and TensorFlow pass through
 * float32 first, so theirs is `roundToFloat16(Math.fround(value))`.
 */
export function roundToFloat16(value: number): number {
  return roundTo(value, 10, -14, 65504);
}

/** The nearest bfloat16, ties to even, by way of float32 as every library does. */
export function roundToBfloat16(value: number): number {
  return roundTo(Math.fround(value), 7, -126, 0xff * 2 ** 120);
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
/** Adding and subtracting it rounds a double below 2^51 to an integer, ties to even. */
const roundingMagic = 1.5 * 2 ** 52;

function roundTo(value: number, mantissaBits: number, smallestExponent: number, largest: number): number {
  if (!Number.isFinite(value)) return value;
  double[0] = value;
  const exponent = ((words[1]! >>> 20) & 0x7ff) - 1023;
  const quantum = 2 ** (Math.max(exponent, smallestExponent) - mantissaBits);
  const rounded = (value / quantum + roundingMagic - roundingMagic) * quantum;
  // A product with 0 keeps the sign that the sum above loses.
  if (rounded === 0) return value * 0;
  return Math.abs(rounded) > largest ? Math.sign(value) * Infinity : rounded;
}
