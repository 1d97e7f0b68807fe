/** Images as they are compared: prediction, target, where they overlap and where they differ, and the gradient. */
import { type NdArray, sizeOf, type TypedArray } from '../../array.ts';
import {
  blockOf,
  type Division,
  divisionOf,
  extremes,
  means,
  modes,
  rangeOf,
  type Sheet,
} from './binning.ts';
import type { Grid, Plot } from './figure.ts';
import { sheetOf, sheetsIn, sliceName } from './maps.ts';
import {
  type Asked,
  elementsOf,
  gradientOf,
  has,
  type Material,
  partOf,
  predictionOf,
  rowsOf,
  sameShape,
  targetOf,
} from './material.ts';
import { number, share } from './words.ts';

/** Five images of 4 bytes a pixel. */
const mostPixels = 64;

type Made = Omit<Plot, 'id' | 'title' | 'run'>;

const channelsLast: ReadonlySet<string> = new Set(['keras', 'tensorflow', 'tfjs', 'optax']);

/** Sheets of an array of images: which dimension holds channels is its framework's custom. */
interface Pile {
  readonly count: number;
  readonly name: (slice: number) => string;
  sheet(data: TypedArray, slice: number): Sheet;
}

function pileOf({ framework, loss }: Material, shape: readonly number[]): Pile {
  const last =
    channelsLast.has(framework ?? '') &&
    (shape.length >= 4 || (loss === 'total-variation' && shape.length === 3));
  if (!last) {
    return {
      count: sheetsIn(shape),
      name: (slice) => sliceName(shape, slice),
      sheet: (data, slice) => sheetOf(data, shape, slice),
    };
  }
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

interface Look {
  readonly caption: string;
  readonly scale: Grid['scale'];
  readonly value: string;
  /** Where the scale is not the values' own. */
  readonly range?: readonly [number, number];
  readonly names?: readonly string[];
}

/** One image after the other, all of the same size and leading to the same rows. */
class Album {
  readonly grids: Grid[] = [];
  readonly #division: Division;
  readonly #extents: readonly [number, number];
  readonly #link: Exclude<Grid['rows'], Float64Array>;
  readonly #marked: Float64Array;

  /** @param link where the pixels' own rows of the table lie, if they have any */
  constructor(like: Sheet, link: Sheet | undefined, row: number | undefined) {
    this.#division = divisionOf(like, mostPixels, mostPixels);
    this.#extents = [like.rows, like.columns];
    this.#link = link && { start: link.start, line: link.rowStep, column: link.columnStep };
    const at = link && row !== undefined ? row - link.start : -1;
    const [r, c] = link ? [Math.floor(at / link.rowStep), (at % link.rowStep) / link.columnStep] : [-1, -1];
    const isHere = at >= 0 && r < like.rows && c < like.columns && Number.isInteger(c);
    const { height, width } = this.#division;
    this.#marked = isHere
      ? Float64Array.of(blockOf(r, height, like.rows) * width + blockOf(c, width, like.columns))
      : new Float64Array();
  }

  add(sheet: Sheet, how: typeof means, { caption, scale, value, range, names }: Look): void {
    const values = how(sheet, this.#division);
    const { low, high, finite } = rangeOf(values);
    const largest = finite === 0 ? 1 : Math.max(Math.abs(low), Math.abs(high)) || 1;
    const own =
      scale === 'diverging'
        ? ([-largest, largest] as const)
        : ([finite ? low : 0, finite ? high : 1] as const);
    this.grids.push({
      mark: 'grid',
      caption,
      x: { label: 'column' },
      y: { label: 'row' },
      ...this.#division,
      extents: this.#extents,
      values,
      value: { label: value },
      scale,
      range: Float64Array.from(range ?? own),
      ...(names && { names }),
      ...(this.#link && { rows: this.#link }),
      isImage: true,
      marked: this.#marked,
    });
  }
}

const farthest: typeof means = (sheet, division) => extremes(sheet, division).values;

/** A sheet of what two sheets give together, pixel by pixel. */
function combined(a: Sheet, b: Sheet, of: (a: number, b: number) => number): Sheet {
  const { rows, columns } = a;
  const data = new Float64Array(rows * columns);
  const at = ({ start, rowStep, columnStep }: Sheet, r: number, c: number): number =>
    start + r * rowStep + c * columnStep;
  for (let r = 0, i = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++, i++)
      data[i] = of(Number(a.data[at(a, r, c)]), Number(b.data[at(b, r, c)]));
  }
  return { data, start: 0, rows, columns, rowStep: columns, columnStep: 1 };
}

/** Whether the target names a class for each pixel of predictions [N, C, H, W]. */
function areLabels(prediction: NdArray, target: NdArray | undefined): boolean {
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

export function images(material: Material, asked: Asked): Promise<Made> {
  const [prediction, target] = [predictionOf(material), targetOf(material)];
  if (has(material, 'prediction', 'target')) return masks(material, asked);
  if (areLabels(prediction, target)) return labels(material, asked);
  return plain(material, asked);
}

/** The gradient's sheet of the same slice, where it has one. */
async function addGradient(material: Material, album: Album, pile: Pile, slice: number): Promise<void> {
  const gradient = await gradientOf(material);
  const { shape } = predictionOf(material);
  if (!gradient || pile.count !== pileOf(material, shape).count) return;
  const name = `∂loss/∂${material.prediction}`;
  album.add(pile.sheet(gradient, slice), farthest, { caption: name, scale: 'diverging', value: name });
}

/** Masks between 0 and 1, as the loss lays them over each other. */
async function masks(material: Material, { slice, row }: Asked): Promise<Made> {
  const own = predictionOf(material).shape;
  const [prediction, target] = [await partOf(material, 'prediction'), await partOf(material, 'target')];
  // A library may have laid them out anew; as many numbers are the same pixels.
  const shape = prediction.data.length === sizeOf(own) ? own : prediction.shape;
  const pile = pileOf(material, shape);
  const [p, t] = [pile.sheet(prediction.data, slice), pile.sheet(target.data, slice)];
  const album = new Album(p, undefined, row);
  const unit = [0, 1] as const;
  album.add(p, means, {
    caption: 'Prediction (probability)',
    scale: 'sequential',
    value: 'probability',
    range: unit,
  });
  album.add(t, means, { caption: 'Target (mask)', scale: 'sequential', value: 'mask', range: unit });
  const overlap = combined(p, t, (a, b) => (a >= 0.5 ? (b >= 0.5 ? 1 : 3) : b >= 0.5 ? 2 : 0));
  const names = ['neither', 'both', 'target alone', 'prediction alone'];
  album.add(overlap, modes, {
    caption: 'Overlap at 0.5',
    scale: 'classes',
    value: 'where above 0.5',
    range: [0, 3],
    names,
  });
  album.add(
    combined(p, t, (a, b) => a - b),
    farthest,
    { caption: 'Prediction − target', scale: 'diverging', value: 'prediction − target', range: [-1, 1] },
  );
  await addGradient(material, album, pile, slice);
  const counts = [0, 0, 0, 0];
  for (const kind of overlap.data as Float64Array) counts[kind]!++;
  const [, both, missed, invented] = counts as [number, number, number, number];
  const all = overlap.data.length;
  const union = both + missed + invented;
  return {
    findings:
      `${sizeText(p)}${pile.count > 1 ? `, ${pile.name(slice)}` : ''}. Above 0.5: both in ${share(both, all)} of the pixels, the target alone in ` +
      `${share(missed, all)}, the prediction alone in ${share(invented, all)}` +
      `${union > 0 ? `; intersection over union ${number(both / union)}` : ''}.`,
    figures: album.grids,
    ...sliced(pile, slice),
  };
}

/** Class numbers against the likeliest class. */
async function labels(material: Material, { slice, row }: Asked): Promise<Made> {
  const { data, shape } = predictionOf(material);
  const [samples, classes, rows, columns] = shape as [number, number, number, number];
  const pixels = rows * columns;
  const likeliest = new Float64Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const first = slice * classes * pixels + i;
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if (Number(data[first + c * pixels]) > Number(data[first + best * pixels])) best = c;
    }
    likeliest[i] = best;
  }
  const p: Sheet = { data: likeliest, start: 0, rows, columns, rowStep: columns, columnStep: 1 };
  const t: Sheet = { ...p, data: targetOf(material)!.data, start: slice * pixels };
  const hasRows = sizeOf(rowsOf(material)) === samples * pixels;
  const album = new Album(p, hasRows ? { ...p, start: slice * pixels } : undefined, row);
  const names = Array.from({ length: classes }, (_, c) => String(c));
  const look = { scale: 'classes', value: 'class', range: [0, classes - 1], names } as const;
  album.add(p, modes, { ...look, caption: 'Likeliest class' });
  album.add(t, modes, { ...look, caption: 'Target class' });
  // A label that is no class is ignored.
  const wrong = combined(p, t, (a, b) => (b >= 0 && b < classes && a !== b ? 1 : 0));
  album.add(wrong, means, {
    caption: 'Share of wrong pixels',
    scale: 'sequential',
    value: 'share of wrong pixels',
    range: [0, 1],
  });
  if (hasRows) {
    const sheet = { ...p, data: await elementsOf(material), start: slice * pixels };
    album.add(sheet, means, { caption: 'Loss of each pixel', scale: 'sequential', value: 'loss of a pixel' });
  }
  const count = (wrong.data as Float64Array).reduce((sum, each) => sum + each, 0);
  const name = samples > 1 ? `, sample ${slice}` : '';
  return {
    findings: `${sizeText(p)}${name}, ${classes} classes. The likeliest class is wrong in ${share(count, pixels)} of the pixels.`,
    figures: album.grids,
    ...(samples > 1 && { slice: { label: 'sample', count: samples, shown: slice } }),
  };
}

/** Images of numbers: compared with others, or alone. */
async function plain(material: Material, { slice, row }: Asked): Promise<Made> {
  const [image, target] = [predictionOf(material), targetOf(material)];
  const pile = pileOf(material, image.shape);
  const own = pile.sheet(image.data, slice);
  const hasRows = sameShape(rowsOf(material), image.shape);
  const album = new Album(own, hasRows ? own : undefined, row);
  const other = target && pile.sheet(target.data, slice);
  const ranges = [own, ...(other ? [other] : [])].map((sheet) =>
    rangeOf(means(sheet, divisionOf(sheet, mostPixels, mostPixels))),
  );
  const range = [
    Math.min(...ranges.map(({ low }) => low)),
    Math.max(...ranges.map(({ high }) => high)),
  ] as const;
  const look = { scale: 'sequential', value: 'value', ...(range[0] <= range[1] && { range }) } as const;
  album.add(own, means, { ...look, caption: other ? 'Prediction' : 'Image' });
  let told = '';
  if (other) {
    album.add(other, means, { ...look, caption: 'Target' });
    const error = combined(own, other, (a, b) => a - b);
    album.add(error, farthest, {
      caption: 'Prediction − target',
      scale: 'diverging',
      value: 'prediction − target',
    });
    const { low, high } = rangeOf(error.data);
    told = ` Errors from ${number(low)} to ${number(high)}.`;
  }
  if (hasRows) {
    const sheet = pile.sheet(await elementsOf(material), slice);
    album.add(sheet, means, { caption: 'Loss of each pixel', scale: 'sequential', value: 'loss of a pixel' });
  }
  await addGradient(material, album, pile, slice);
  return {
    findings: `${sizeText(own)}${pile.count > 1 ? `, ${pile.name(slice)}` : ''}, values from ${number(ranges[0]!.low)} to ${number(ranges[0]!.high)}.${told}`,
    figures: album.grids,
    ...sliced(pile, slice),
  };
}

const sizeText = ({ rows, columns }: Sheet): string => `${rows} × ${columns} pixels`;

const sliced = ({ count }: Pile, shown: number): Pick<Plot, 'slice'> =>
  count > 1 ? { slice: { label: 'image', count, shown } } : {};
