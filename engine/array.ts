/**
 * The one array type of the project: a dtype, a shape, and row-major data.
 * Any plain object of this form is accepted wherever an `NdArray` is.
 */
import { t } from '@vscode/l10n';
import { LossLensError } from './errors.ts';

export type DType =
  | 'float32'
  | 'float64'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'bool';

/** The dtype as its source wrote it, where ours is wider: half precision and less is held as float32. */
export type Origin = 'float16' | 'bfloat16' | 'float8_e4m3fn' | 'float8_e5m2';

export interface DataOf {
  float32: Float32Array;
  float64: Float64Array;
  int8: Int8Array;
  int16: Int16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  uint16: Uint16Array;
  uint32: Uint32Array;
  /** 0 or 1 an element. */
  bool: Uint8Array;
}

export type TypedArray = DataOf[DType];

export interface NdArray {
  readonly dtype: DType;
  /** Sizes, outermost first; `[]` is a scalar (one element). */
  readonly shape: readonly number[];
  /** Row-major; `size(shape)` elements. */
  readonly data: TypedArray;
  readonly origin?: Origin;
  /**
   * True for numbers written without a dtype (a Python list, a JavaScript array): they take the dtype that the
   * role asks for and do not promote the others. The term is JAX's.
   */
  readonly weak?: boolean;
}

type Nested = number | boolean | readonly Nested[];

/** How many elements an array of this shape has. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

const constructors: { [D in DType]: new (length: number) => DataOf[D] } = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  bool: Uint8Array,
};

export function allocate<D extends DType>(dtype: D, length: number): DataOf[D] {
  return new constructors[dtype](length);
}

export function isFloat(dtype: DType): boolean {
  return dtype === 'float32' || dtype === 'float64';
}

function dtypeOf(data: TypedArray): DType {
  for (const [dtype, kind] of Object.entries(constructors)) {
    if (data instanceof kind) return dtype as DType;
  }
  throw new LossLensError('dtype', t('This kind of typed array holds no dtype that Loss Lens knows.'), {
    found: Object.prototype.toString.call(data),
    expected: Object.keys(constructors).join(', '),
  });
}

/**
 * An array from typed data (its dtype, unless one is given) or from nested numbers (weak float64, unless one is given).
 * @throws LossLensError `ragged` when rows differ in length, `shape-mismatch` when `shape` does not hold the data.
 */
export function array(
  data: TypedArray | Nested,
  options: { readonly shape?: readonly number[]; readonly dtype?: DType } = {},
): NdArray {
  if (ArrayBuffer.isView(data)) {
    const dtype = options.dtype ?? dtypeOf(data);
    const shape = options.shape ?? [data.length];
    checkSize(shape, data.length);
    return { dtype, shape, data: dtypeOf(data) === dtype || dtype === 'bool' ? data : cast(data, dtype) };
  }
  const inferred = shapeOfNested(data);
  const flat: number[] = [];
  flatten(data, inferred, 0, flat);
  const shape = options.shape ?? inferred;
  checkSize(shape, flat.length);
  const values = cast(Float64Array.from(flat), options.dtype ?? 'float64');
  return options.dtype
    ? { dtype: options.dtype, shape, data: values }
    : { dtype: 'float64', shape, data: values, weak: true };
}

/** The same numbers as another dtype: truncated towards zero for integers, as the frameworks' casts do. */
export function cast<D extends DType>(data: TypedArray, dtype: D): DataOf[D] {
  const result: TypedArray = allocate(dtype, data.length);
  if (result instanceof BigInt64Array) {
    for (let i = 0; i < data.length; i++) {
      const value = data[i]!;
      result[i] = typeof value === 'bigint' ? value : BigInt(Number.isFinite(value) ? Math.trunc(value) : 0);
    }
  } else if (dtype === 'bool') {
    for (let i = 0; i < data.length; i++) result[i] = Number(data[i]) === 0 ? 0 : 1;
  } else if (data instanceof BigInt64Array) {
    for (let i = 0; i < data.length; i++) result[i] = Number(data[i]);
  } else {
    result.set(data as Exclude<TypedArray, BigInt64Array>);
  }
  return result as DataOf[D];
}

function checkSize(shape: readonly number[], length: number): void {
  if (sizeOf(shape) !== length) {
    throw new LossLensError(
      'shape-mismatch',
      t('The shape does not hold as many elements as the data has.'),
      {
        found: t`${length} elements`,
        expected: t`shape [${shape.join(', ')}], ${sizeOf(shape)} elements`,
      },
    );
  }
}

function shapeOfNested(data: Nested): number[] {
  const shape: number[] = [];
  for (let level: Nested | undefined = data; Array.isArray(level); level = level[0]) shape.push(level.length);
  return shape;
}

function flatten(data: Nested, shape: readonly number[], depth: number, into: number[]): void {
  if (!Array.isArray(data)) {
    if (depth === shape.length) into.push(Number(data));
    else throw ragged(depth, shape[depth]!, t('a number'));
    return;
  }
  if (depth === shape.length) throw ragged(depth, 0, t`a row of ${data.length}`);
  if (data.length !== shape[depth]) throw ragged(depth, shape[depth]!, t`a row of ${data.length}`);
  for (const item of data) flatten(item, shape, depth + 1, into);
}

function ragged(depth: number, expected: number, found: string): LossLensError {
  return new LossLensError(
    'ragged',
    t`The rows differ at depth ${depth}; an array needs rows of one length.`,
    {
      found,
      expected: expected === 0 ? t('a number') : t`a row of ${expected}`,
    },
  );
}
