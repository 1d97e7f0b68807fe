/** Images as they are compared: prediction, target, where they overlap and where they differ, and the gradient. */
import { t } from '@vscode/l10n';
import { sizeOf } from '../../array.ts';
import { Album, combined, farthest, mostPixels } from './album.ts';
import { divisionOf, means, modes, rangeOf, type Sheet } from './binning.ts';
import type { Plot } from './figure.ts';
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
import { areLabels, type Pile, pileOf } from './sheets.ts';
import { number, sentences, several, share } from './words.ts';

type Made = Omit<Plot, 'id' | 'title' | 'run'>;

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
  const [p, y] = [pile.sheet(prediction.data, slice), pile.sheet(target.data, slice)];
  const album = new Album(p, undefined, row);
  const unit = [0, 1] as const;
  album.add(p, means, {
    caption: t('Prediction (probability)'),
    scale: 'sequential',
    value: t('probability'),
    range: unit,
  });
  album.add(y, means, { caption: t('Target (mask)'), scale: 'sequential', value: t('mask'), range: unit });
  const overlap = combined(p, y, (a, b) => (a >= 0.5 ? (b >= 0.5 ? 1 : 3) : b >= 0.5 ? 2 : 0));
  const names = [t('neither'), t('both'), t('target alone'), t('prediction alone')];
  album.add(overlap, modes, {
    caption: t('Overlap at 0.5'),
    scale: 'classes',
    value: t('where above 0.5'),
    range: [0, 3],
    names,
  });
  album.add(
    combined(p, y, (a, b) => a - b),
    farthest,
    {
      caption: t('Prediction − target'),
      scale: 'diverging',
      value: t('prediction − target'),
      range: [-1, 1],
    },
  );
  await addGradient(material, album, pile, slice);
  const counts = [0, 0, 0, 0];
  for (const kind of overlap.data as Float64Array) counts[kind]!++;
  const [, both, missed, invented] = counts as [number, number, number, number];
  const all = overlap.data.length;
  const union = both + missed + invented;
  return {
    findings: sentences(
      `${sizeText(p)}${pile.count > 1 ? `, ${pile.name(slice)}` : ''}.`,
      t`Above 0.5: both in ${share(both, all)} of the pixels, the target alone in ${share(missed, all)}, the prediction alone in ${share(invented, all)}.`,
      union > 0 && t`Intersection over union: ${number(both / union)}.`,
    ),
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
  const y: Sheet = { ...p, data: targetOf(material)!.data, start: slice * pixels };
  const hasRows = sizeOf(rowsOf(material)) === samples * pixels;
  const album = new Album(p, hasRows ? { ...p, start: slice * pixels } : undefined, row);
  const names = Array.from({ length: classes }, (_, c) => String(c));
  const look = { scale: 'classes', value: t('class'), range: [0, classes - 1], names } as const;
  album.add(p, modes, { ...look, caption: t('Likeliest class') });
  album.add(y, modes, { ...look, caption: t('Target class') });
  // A label that is no class is ignored.
  const wrong = combined(p, y, (a, b) => (b >= 0 && b < classes && a !== b ? 1 : 0));
  album.add(wrong, means, {
    caption: t('Share of wrong pixels'),
    scale: 'sequential',
    value: t('share of wrong pixels'),
    range: [0, 1],
  });
  if (hasRows) {
    const sheet = { ...p, data: await elementsOf(material), start: slice * pixels };
    album.add(sheet, means, {
      caption: t('Loss of each pixel'),
      scale: 'sequential',
      value: t('loss of a pixel'),
    });
  }
  const count = (wrong.data as Float64Array).reduce((sum, each) => sum + each, 0);
  const size = [sizeText(p), ...(samples > 1 ? [t`sample ${slice}`] : []), several(classes, 'class')];
  return {
    findings: sentences(
      `${size.join(', ')}.`,
      t`The likeliest class is wrong in ${share(count, pixels)} of the pixels.`,
    ),
    figures: album.grids,
    ...(samples > 1 && { slice: { label: t('sample'), count: samples, shown: slice } }),
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
  const look = { scale: 'sequential', value: t('value'), ...(range[0] <= range[1] && { range }) } as const;
  album.add(own, means, { ...look, caption: other ? t('Prediction') : t('Image') });
  let told = '';
  if (other) {
    album.add(other, means, { ...look, caption: t('Target') });
    const error = combined(own, other, (a, b) => a - b);
    album.add(error, farthest, {
      caption: t('Prediction − target'),
      scale: 'diverging',
      value: t('prediction − target'),
    });
    const { low, high } = rangeOf(error.data);
    told = t`Errors from ${number(low)} to ${number(high)}.`;
  }
  if (hasRows) {
    const sheet = pile.sheet(await elementsOf(material), slice);
    album.add(sheet, means, {
      caption: t('Loss of each pixel'),
      scale: 'sequential',
      value: t('loss of a pixel'),
    });
  }
  await addGradient(material, album, pile, slice);
  return {
    findings: sentences(
      `${sizeText(own)}${pile.count > 1 ? `, ${pile.name(slice)}` : ''}, ${t`values from ${number(ranges[0]!.low)} to ${number(ranges[0]!.high)}`}.`,
      told,
    ),
    figures: album.grids,
    ...sliced(pile, slice),
  };
}

const sizeText = ({ rows, columns }: Sheet): string => t`${rows} × ${columns} pixels`;

const sliced = ({ count }: Pile, shown: number): Pick<Plot, 'slice'> =>
  count > 1 ? { slice: { label: t('image'), count, shown } } : {};
