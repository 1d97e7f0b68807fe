/** Arrays whose elements stand in a file as they are: NumPy's, those of safetensors and of torch. */
import { t } from '@vscode/l10n';
import { allocate, type NdArray, sizeOf, type TypedArray } from '../../array.ts';
import { LossLensError } from '../../errors.ts';
import type { RowStream } from '../../streaming/rows.ts';
import type { SourceDType } from '../dtypes.ts';
import { type ByteSource, checkHeld, damaged, fill, readBytes } from './bytes.ts';
import { arrayOf, type ByteOrder, bytesOf, elementsOf, heldDType, isVerbatim, widthOf } from './elements.ts';
import type { FileArray, Reading } from './file-array.ts';

export interface Layout {
  readonly name?: string;
  readonly dtype: SourceDType;
  readonly shape: readonly number[];
  /** Where the elements are, and in which order. */
  readonly source: ByteSource;
  readonly position: number;
  readonly order: ByteOrder;
  /** In elements; those of a row-major array where none are given. */
  readonly strides?: readonly number[];
}

/** Read between two reports of how far it is. */
const piece = 16 * 2 ** 20;
const mostDimensions = 64;

/**
 * @throws LossLensError `incomplete` for a file that is too short for the shape; `damaged-file` for a shape that is none.
 */
export function denseArray(layout: Layout): FileArray {
  const { name, dtype, shape, source, position } = layout;
  checkShape(shape);
  const strides = layout.strides && !isRowMajor(shape, layout.strides) ? layout.strides : undefined;
  const span = strides ? spanOf(shape, strides) : sizeOf(shape);
  const end = position + span * widthOf(dtype);
  if (end > source.size) {
    throw new LossLensError('incomplete', t('The file is shorter than the array that it describes.'), {
      found: t`${source.size} bytes`,
      expected: t`${end} for ${dtype} [${shape.join(', ')}]`,
    });
  }
  return {
    ...(name !== undefined && { name }),
    dtype,
    shape,
    bytes: sizeOf(shape) * widthOf(dtype),
    load: (reading) =>
      strides ? loadStrided(layout, strides, span, reading) : loadRowMajor(layout, reading),
    ...(!strides && shape.length > 0 && { stream: async () => new DenseStream(layout) }),
  };
}

export function checkShape(shape: readonly number[]): void {
  const fits = shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0);
  // An extent of 0 elsewhere would hide what no file can hold.
  const size = shape.reduce((product, extent) => product * Math.max(extent, 1), 1);
  if (fits && shape.length <= mostDimensions && size <= Number.MAX_SAFE_INTEGER / 8) return;
  throw damaged(
    t('The file describes an array of a shape that there is not.'),
    `[${shape.slice(0, 70).join(', ')}]`,
    t('sizes of dimensions'),
  );
}

async function loadRowMajor(layout: Layout, reading?: Reading): Promise<NdArray> {
  const { dtype, shape, source, position, order } = layout;
  const count = sizeOf(shape);
  checkHeld(t('The array'), count * allocate(heldDType(dtype), 1).byteLength);
  const data = allocate(heldDType(dtype), count);
  const perPiece = Math.max(1, Math.floor(piece / widthOf(dtype)));
  for (let at = 0; at < count; at += perPiece) {
    reading?.signal.throwIfAborted();
    const part = data.subarray(at, Math.min(at + perPiece, count)) as TypedArray;
    await readInto(part, source, position + at * widthOf(dtype), dtype, order);
    reading?.report(Math.min(1, (at + part.length) / count));
  }
  return arrayOf(data, dtype, shape);
}

/** Elements of the file, into room for as many of the dtype that holds them. */
async function readInto(
  part: TypedArray,
  source: ByteSource,
  position: number,
  dtype: SourceDType,
  order: ByteOrder,
): Promise<void> {
  if (isVerbatim(dtype, order)) return fill(source, bytesOf(part), position);
  const bytes = await readBytes(source, position, part.length * widthOf(dtype));
  const elements = elementsOf(bytes, dtype, order);
  // Both hold the same dtype, big integers or not.
  (part as Float64Array).set(elements as Float64Array);
}

/** Column-major arrays, transposed tensors: all that they reach into is read, and put in order. */
async function loadStrided(
  { dtype, shape, source, position, order }: Layout,
  strides: readonly number[],
  span: number,
  reading?: Reading,
): Promise<NdArray> {
  const count = sizeOf(shape);
  checkHeld(t('The array'), (span + count) * 8);
  reading?.signal.throwIfAborted();
  const bytes = await readBytes(source, position, span * widthOf(dtype));
  reading?.report(0.5);
  const from = elementsOf(bytes, dtype, order);
  const data = allocate(heldDType(dtype), count);
  const at = new Array<number>(shape.length).fill(0);
  const last = shape.length - 1;
  for (let i = 0, place = 0; i < count; i++) {
    data[i] = from[place]!;
    for (let d = last; d >= 0; d--) {
      place += strides[d]!;
      if (++at[d]! < shape[d]!) break;
      place -= strides[d]! * shape[d]!;
      at[d] = 0;
    }
  }
  return arrayOf(data, dtype, shape);
}

class DenseStream implements RowStream {
  readonly rows: number;
  readonly shape: readonly number[];
  readonly dtype: NdArray['dtype'];
  readonly #layout: Layout;
  readonly #perRow: number;
  #at = 0;

  constructor(layout: Layout) {
    this.#layout = layout;
    [this.rows = 0, ...this.shape] = layout.shape;
    this.dtype = heldDType(layout.dtype);
    this.#perRow = sizeOf(this.shape);
  }

  async next(count: number, into?: TypedArray): Promise<NdArray> {
    const { source, position, dtype, order } = this.#layout;
    const rows = Math.min(count, this.rows - this.#at);
    const length = rows * this.#perRow;
    const data = into ? (into.subarray(0, length) as TypedArray) : allocate(this.dtype, length);
    await readInto(data, source, position + this.#at * this.#perRow * widthOf(dtype), dtype, order);
    this.#at += rows;
    return arrayOf(data, dtype, [rows, ...this.shape]);
  }

  fraction(): number {
    return this.rows === 0 ? 1 : this.#at / this.rows;
  }
}

/** How many elements there are from the first to the last that the strides reach. */
function spanOf(shape: readonly number[], strides: readonly number[]): number {
  const isSound =
    strides.length === shape.length && strides.every((stride) => Number.isSafeInteger(stride) && stride >= 0);
  if (!isSound)
    throw damaged(
      t('The file describes an array that cannot be laid out.'),
      `strides [${strides.join(', ')}]`,
      t('one for each dimension'),
    );
  if (sizeOf(shape) === 0) return 0;
  return shape.reduce((last, extent, d) => last + (extent - 1) * strides[d]!, 1);
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    if (shape[d] !== 1 && strides[d] !== expected) return false;
    expected *= shape[d]!;
  }
  return true;
}
