/** What plots are made of: an evaluation, and where each thing in it stands. */
import { type NdArray, sizeOf, type TypedArray } from '../../array.ts';
import type { Family, Framework } from '../../catalogue.ts';
import type { Evaluation, Parameters, PartName } from '../../evaluation.ts';
import { type RowLink, rowLink } from '../elements.ts';

export interface Material {
  /** Of the catalogue. */
  readonly loss: string;
  readonly family: Family;
  readonly framework?: Framework;
  readonly inputs: Readonly<Record<string, NdArray>>;
  readonly parameters: Parameters;
  /** The input that the gradient is by, and the one that it is compared with. */
  readonly prediction: string;
  readonly target?: string;
  /** Where the classes are when shapes leave it open. */
  readonly classAxis: number;
  readonly evaluation: Evaluation;
  /** What another loss of the catalogue names, over other inputs: the curves of an adversary. */
  partsOf(
    loss: string,
    inputs: Readonly<Record<string, NdArray>>,
    parameters: Parameters,
  ): Promise<Partial<Record<PartName, NdArray>>>;
}

/** What a plot is asked for besides. */
export interface Asked {
  /** Of several samples, images or channels, the one to show. */
  readonly slice: number;
  /** The row of the table that is marked. */
  readonly row?: number;
}

export const predictionOf = ({ inputs, prediction }: Material): NdArray => inputs[prediction]!;
export const targetOf = ({ inputs, target }: Material): NdArray | undefined =>
  target === undefined ? undefined : inputs[target];

/** The shape of the unreduced loss: the rows of the table. */
export const rowsOf = ({ evaluation }: Material): readonly number[] => evaluation.resident!.elements.shape;
export const elementsOf = ({ evaluation }: Material): Promise<TypedArray> =>
  evaluation.resident!.elements.whole();

export function gradientOf({ evaluation, prediction }: Material): Promise<TypedArray> | undefined {
  return evaluation.resident!.gradients[prediction]?.whole();
}

export const has = ({ evaluation }: Material, ...names: PartName[]): boolean =>
  names.every((name) => evaluation.resident!.parts.includes(name));
export const partOf = ({ evaluation }: Material, name: PartName): Promise<NdArray> =>
  evaluation.resident!.part(name);

/** How the prediction's elements belong to rows of the table; undefined where rows stand for more than a row of classes. */
export function linkOf(material: Material): RowLink | undefined {
  const rows = rowsOf(material);
  const { shape } = predictionOf(material);
  // One row that stands for all leads nowhere.
  return sizeOf(rows) === 1 && sizeOf(shape) > 1 ? undefined : rowLink(shape, rows, material.classAxis);
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** Positions of a row's entries among some rows. */
export function markedAmong(rows: ArrayLike<number>, row: number | undefined): Float64Array {
  if (row === undefined) return new Float64Array();
  const places: number[] = [];
  for (let i = 0; i < rows.length; i++) if (rows[i] === row) places.push(i);
  return Float64Array.from(places);
}
