/** A column of one row group as an array: what is missing is NaN, and lists have to be of one length. */
import { t } from '@vscode/l10n';
import { allocate, type NdArray, sizeOf, type TypedArray } from '../../../array.ts';
import { LossLensError } from '../../../errors.ts';
import { arrayOf, heldDType } from '../elements.ts';
import type { Pages } from './pages.ts';
import type { Leaf } from './values.ts';

/**
 * @returns `[rows]`, and the sizes of its lists behind; of whole numbers float64 where some are missing
 * @throws LossLensError `ragged`; `dtype` for a number beyond int64
 */
export function columnFrom({ values, definition, repetition }: Pages, leaf: Leaf, rows: number): NdArray {
  const inner = repetition && rows > 0 ? sizesOf(repetition, leaf, rows) : [];
  const shape = [rows, ...inner];
  const data = converted(values, leaf);
  const places = definition?.length ?? values.length;
  if (values.length === places) return arrayOf(data, leaf.dtype, shape);

  const isFloat = data instanceof Float32Array || data instanceof Float64Array;
  const all = (isFloat ? allocate(heldDType(leaf.dtype), places) : new Float64Array(places)) as Float64Array;
  all.fill(Number.NaN);
  let next = 0;
  for (let place = 0; place < places; place++) {
    const level = definition![place]!;
    if (level === leaf.definition) all[place] = Number(data[next++]!);
    else if (repetition && !(leaf.optional && level === leaf.definition - 1)) {
      throw ragged(
        leaf.name,
        t('a list that is empty or missing'),
        t`${inner.join(' × ')} as in the first row`,
      );
    }
  }
  return isFloat ? arrayOf(all, leaf.dtype, shape) : { dtype: 'float64', shape, data: all };
}

export const ragged = (name: string, found: string, expected: string): LossLensError =>
  new LossLensError('ragged', t`The lists of column '${name}' differ in length.`, { found, expected });

/** Of the lists in the first row, outermost first: those of all others have to be the same. */
function sizesOf(repetition: Uint8Array, { name, repetition: depth }: Leaf, rows: number): number[] {
  /** Places from this one on to the next that begins something further out than a list of that depth goes. */
  const spanAt = (start: number, level: number): number => {
    let end = start + 1;
    while (end < repetition.length && repetition[end]! >= level) end++;
    return end - start;
  };
  const spans = Array.from({ length: depth }, (_, i) => spanAt(0, i + 1));
  const sizes = spans.map((span, i) => span / (spans[i + 1] ?? 1));
  for (let place = 0; place < repetition.length; place++) {
    const outermost = spans.findIndex((span) => place % span === 0);
    const level = outermost < 0 ? depth : outermost;
    if (repetition[place] === level) continue;
    const start = repetition.lastIndexOf(0, place - (repetition[place] === 0 ? 1 : 0));
    throw ragged(name, t`${spanAt(start, 1)} numbers in a row`, t`${spans[0]!} as in the first row`);
  }
  if (repetition.length !== rows * sizeOf(sizes)) {
    throw ragged(
      name,
      t`${repetition.length} numbers in ${rows} rows`,
      t`${spans[0]!} in each, as in the first row`,
    );
  }
  return sizes;
}

/** As the column's dtype is held. */
function converted(values: TypedArray, { name, dtype, scale }: Leaf): TypedArray {
  if (scale !== undefined)
    return Float64Array.from(values as Float64Array, (value) => Number(value) / 10 ** scale);
  if (dtype === 'uint64' && values instanceof BigInt64Array) {
    const negative = values.find((value) => value < 0n);
    if (negative !== undefined) {
      throw new LossLensError(
        'dtype',
        t`Column '${name}' has a number beyond int64, as which uint64 is held.`,
        {
          found: `${BigInt.asUintN(64, negative)}`,
          expected: t('at most 9223372036854775807'),
        },
      );
    }
  }
  if (allocate(heldDType(dtype), 0).constructor === values.constructor) return values;
  const held = allocate(heldDType(dtype), values.length);
  if (held instanceof BigInt64Array) for (let i = 0; i < held.length; i++) held[i] = BigInt(values[i]!);
  // Numbers of fewer bits are written as int32, unsigned ones of 32 bits as signed.
  else if (values instanceof BigInt64Array) for (let i = 0; i < held.length; i++) held[i] = Number(values[i]);
  else (held as Float64Array).set(values as Float64Array);
  return held;
}
