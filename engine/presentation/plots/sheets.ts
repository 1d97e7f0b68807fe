/** The sheets of arrays of two dimensions and more: which of them are images, and where the pixels of each lie. */
import { type NdArray, sizeOf, type TypedArray } from '../../array.ts';
import type { Sheet } from './binning.ts';
import { has, type Material, predictionOf, sameShape, targetOf } from './material.ts';

/** One of the sheets that an array of at least two dimensions holds: its last two, or all of it where there are no more. */
export function sheetOf(data: TypedArray, shape: readonly number[], slice: number): Sheet {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return { data, start: slice * rows * columns, rows, columns, rowStep: columns, columnStep: 1 };
}

export const sheetsIn = (shape: readonly number[]): number => sizeOf(shape.slice(0, -2));

/** `[3, :, :]` */
function sliceName(shape: readonly number[], slice: number): string {
  const index: (number | string)[] = [':', ':'];
  for (let axis = shape.length - 3, rest = slice; axis >= 0; axis--) {
    index.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return `[${index.join(', ')}]`;
}

const channelsLast: ReadonlySet<string> = new Set(['keras', 'tensorflow', 'tfjs', 'optax']);

/** One sheet after the other. Which dimension of images holds their channels is their framework's custom. */
export interface Pile {
  readonly count: number;
  readonly name: (slice: number) => string;
  sheet(data: TypedArray, slice: number): Sheet;
}

/** Of any array: its last two dimensions are a sheet. */
export const sheetsOf = (shape: readonly number[]): Pile => ({
  count: sheetsIn(shape),
  name: (slice) => sliceName(shape, slice),
  sheet: (data, slice) => sheetOf(data, shape, slice),
});

export function pileOf({ framework, loss }: Material, shape: readonly number[]): Pile {
  const last =
    channelsLast.has(framework ?? '') &&
    (shape.length >= 4 || (loss === 'total-variation' && shape.length === 3));
  if (!last) return sheetsOf(shape);
  const [rows, columns, channels] = shape.slice(-3) as [number, number, number];
  const outer = shape.slice(0, -3);
  return {
    count: sizeOf(outer) * channels,
    name: (slice) =>
      sliceName([...outer, 1, 1], Math.floor(slice / channels)).replace(']', `, ${slice % channels}]`),
    sheet: (data, slice) => ({
      data,
      start: Math.floor(slice / channels) * rows * columns * channels + (slice % channels),
      rows,
      columns,
      rowStep: columns * channels,
      columnStep: channels,
    }),
  };
}

/** Whether the target names a class for each pixel of predictions [N, C, H, W]. */
export function areLabels(prediction: NdArray, target: NdArray | undefined): boolean {
  if (!target || prediction.shape.length !== 4) return false;
  const [samples, , rows, columns] = prediction.shape as [number, number, number, number];
  const shape =
    target.shape.length === 4 && target.shape[1] === 1 ? target.shape.toSpliced(1, 1) : target.shape;
  return sameShape(shape, [samples, rows, columns]);
}

/** Images, and nothing that only has their rank: of the image losses, or of any with a class or a number for each pixel. */
export function areImages(material: Material): boolean {
  const prediction = predictionOf(material);
  const target = targetOf(material);
  if (prediction.shape.length < 2) return false;
  if (material.family === 'image') {
    return (
      areLabels(prediction, target) ||
      !target ||
      has(material, 'prediction', 'target') ||
      sameShape(prediction.shape, target.shape)
    );
  }
  if (prediction.shape.length !== 4) return false;
  return areLabels(prediction, target) || (target !== undefined && sameShape(prediction.shape, target.shape));
}
