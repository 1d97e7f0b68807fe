/** The table of elements: which column of which array stands beside each element of the unreduced loss. */
import { t } from '@vscode/l10n';
import type { DType, NdArray, TypedArray } from '../array.ts';
import type { InputInfo } from '../catalogue.ts';
import type { Resident, ResidentArray } from '../evaluation.ts';
import type { Column, Rows, Table } from './shown.ts';

/** Of more classes than this, the first few stand for all. */
const mostClasses = 5;
const fewClasses = 4;

export interface Elements {
  readonly table: Table;
  /** Of the run that this is of: another run must not begin before they are there. */
  rows(start: number, count: number): Promise<Rows>;
}

interface Source {
  readonly column: Column;
  readonly take: (places: Uint32Array) => TypedArray | Promise<TypedArray>;
  readonly alignment: Alignment;
}

/** Where the numbers of a row lie in an array: at the sum of index × stride, then every `step`, `extent` of them. */
interface Alignment {
  readonly strides: readonly number[];
  readonly extent: number;
  readonly step: number;
}

/**
 * @param inputs what the loss takes, in the order of the columns.
 * @param classAxis where a reduced axis is to be looked for first, when shapes alone leave it open.
 */
export function elementsOf(
  { elements: loss, gradients: byName, largest, firstNonFinite }: Resident,
  inputs: readonly InputInfo[],
  given: Readonly<Record<string, NdArray>>,
  classAxis: number,
): Elements {
  const sources: Source[] = [];
  const add = (
    label: string,
    role: Column['role'],
    array: NdArray | ResidentArray,
    alignment: Alignment,
  ): void => {
    const shown = alignment.extent <= mostClasses ? alignment.extent : fewClasses;
    const column = { label, role, dtype: array.dtype, extent: alignment.extent, shown };
    const take = 'take' in array ? array.take : (places: Uint32Array) => taken(array.data, places);
    sources.push({ column, take, alignment });
  };

  const required = inputs.filter(({ name, optional }) => !optional && given[name]);
  const reducesAnAxis = required.some(
    ({ name }) => (align(given[name]!.shape, loss.shape, classAxis)?.extent ?? 1) > 1,
  );
  for (const { name, optional } of inputs) {
    const array = given[name];
    // Weights by class have no place in a row, though their shape may fit by accident.
    if (!array || (optional && reducesAnAxis)) continue;
    const alignment = align(array.shape, loss.shape, classAxis);
    if (alignment) add(name, 'input', array, alignment);
  }
  add(t('loss'), 'loss', loss, align(loss.shape, loss.shape, classAxis)!);
  const gradients = Object.entries(byName);
  for (const [name, gradient] of gradients) {
    const alignment = align(gradient.shape, loss.shape, classAxis);
    if (alignment)
      add(gradients.length > 1 ? t`gradient by ${name}` : t('gradient'), 'gradient', gradient, alignment);
  }

  const total = loss.shape.reduce((product, extent) => product * extent, 1);
  return {
    table: {
      shape: loss.shape,
      columns: sources.map(({ column }) => column),
      ...(largest !== undefined && { largest }),
      ...(firstNonFinite !== undefined && { firstNonFinite }),
    },
    async rows(start, count) {
      const first = Math.min(Math.max(0, Math.trunc(start)), total);
      const end = Math.min(total, first + Math.max(0, Math.trunc(count)));
      const columns = sources.map((source) => source.take(places(source, loss.shape, first, end)));
      return { start: first, columns: await Promise.all(columns) };
    },
  };
}

/** How `shape` lies against the loss's `rows`: repeated along axes of extent 1 or none, or with one axis more. */
function align(shape: readonly number[], rows: readonly number[], classAxis: number): Alignment | undefined {
  const own = stridesOf(shape);
  if (shape.length <= rows.length) {
    const lead = rows.length - shape.length;
    const fits = shape.every((extent, axis) => extent === 1 || extent === rows[lead + axis]);
    if (!fits) return undefined;
    const strides = rows.map((_, axis) => (axis < lead || shape[axis - lead] === 1 ? 0 : own[axis - lead]!));
    return { strides, extent: 1, step: 0 };
  }
  const axis = reducedAxis(shape, rows, classAxis);
  return axis === undefined
    ? undefined
    : { strides: own.toSpliced(axis, 1), extent: shape[axis]!, step: own[axis]! };
}

/** The axis that `shape` has and the loss's `rows` lack. */
function reducedAxis(
  shape: readonly number[],
  rows: readonly number[],
  classAxis: number,
): number | undefined {
  if (shape.length !== rows.length + 1) return undefined;
  const preferred = classAxis < 0 ? shape.length + classAxis : classAxis;
  return [preferred, shape.length - 1, ...shape.keys()].find((axis) =>
    shape.toSpliced(axis, 1).every((extent, i) => extent === rows[i]),
  );
}

/** How the elements of an array of this shape belong to rows of the table, where they do: one to one, or a row of classes each. */
export interface RowLink {
  rowOf(element: number): number;
  elementsOf(row: number): number[];
}

export function rowLink(
  shape: readonly number[],
  rows: readonly number[],
  classAxis: number,
): RowLink | undefined {
  if (shape.length === rows.length && shape.every((extent, axis) => extent === rows[axis])) {
    return { rowOf: (element) => element, elementsOf: (row) => [row] };
  }
  const axis = reducedAxis(shape, rows, classAxis);
  if (axis === undefined) return undefined;
  const inner = shape.slice(axis + 1).reduce((product, extent) => product * extent, 1);
  const extent = shape[axis]!;
  return {
    rowOf: (element) => Math.floor(element / (inner * extent)) * inner + (element % inner),
    elementsOf: (row) => {
      const first = Math.floor(row / inner) * inner * extent + (row % inner);
      return Array.from({ length: extent }, (_, k) => first + k * inner);
    },
  };
}

function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  for (let axis = shape.length - 1, stride = 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** Where the numbers of these rows lie. */
function places(
  { column, alignment }: Source,
  shape: readonly number[],
  start: number,
  end: number,
): Uint32Array {
  const { strides, step } = alignment;
  const result = new Uint32Array((end - start) * column.shown);
  let into = 0;
  for (let row = start; row < end; row++) {
    let at = 0;
    for (let axis = shape.length - 1, rest = row; axis >= 0; axis--) {
      const extent = shape[axis]!;
      at += (rest % extent) * strides[axis]!;
      rest = Math.floor(rest / extent);
    }
    for (let i = 0; i < column.shown; i++) result[into++] = at + i * step;
  }
  return result;
}

function taken(data: TypedArray, places: Uint32Array): TypedArray {
  const result = new (data.constructor as new (length: number) => TypedArray)(places.length);
  for (let i = 0; i < places.length; i++) result[i] = data[places[i]!]!;
  return result;
}

/** The dtype as its source wrote it. */
export function dtypeOf(array: NdArray): DType | NonNullable<NdArray['origin']> {
  return array.origin ?? array.dtype;
}
