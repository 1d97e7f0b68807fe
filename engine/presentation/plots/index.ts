/** Which plots suit what is evaluated, said once; and making one. Knows nothing of how they are drawn. */
import { t } from '@vscode/l10n';
import { sizeOf } from '../../array.ts';
import { RefusedError } from '../wire.ts';
import { classes, classesOf } from './classes.ts';
import { distances } from './distances.ts';
import type { Plot, PlotId, PlotOffer } from './figure.ts';
import { gradientHistogram, lossHistogram } from './histograms.ts';
import { images } from './images.ts';
import { alignment, gradientMap, transport } from './maps.ts';
import { type Asked, has, type Material, predictionOf, rowsOf } from './material.ts';
import { scores } from './scores.ts';
import { areImages, sheetsIn } from './sheets.ts';

interface Kind {
  readonly id: PlotId;
  title(): string;
  suits(material: Material): boolean;
  make(material: Material, asked: Asked): Promise<Omit<Plot, 'id' | 'title' | 'run'>>;
}

const sendsGradient = ({ evaluation, prediction }: Material): boolean =>
  evaluation.resident!.gradients[prediction] !== undefined;

/** In the order in which they are offered: what suits one loss alone before what suits any. */
const kinds: readonly Kind[] = [
  {
    id: 'alignment',
    title: () => t('Alignment'),
    suits: ({ evaluation }) => evaluation.extras.alignment !== undefined,
    make: alignment,
  },
  {
    id: 'transport',
    title: () => t('Transport plan'),
    suits: ({ evaluation }) => evaluation.extras.plan !== undefined,
    make: transport,
  },
  {
    id: 'images',
    title: () => t('Images'),
    suits: areImages,
    make: images,
  },
  {
    id: 'distances',
    title: () => t('Distances and margin'),
    suits: (material) =>
      has(material, 'toPositive', 'toNegative') ||
      has(material, 'distance', 'similar') ||
      has(material, 'similarity', 'similar'),
    make: distances,
  },
  {
    id: 'scores',
    title: () => t('Discriminator and generator'),
    suits: (material) => has(material, 'fake'),
    make: scores,
  },
  {
    id: 'classes',
    title: () => t('By class'),
    suits: (material) =>
      (material.family === 'classification' || material.loss === 'pixelwise-cross-entropy') &&
      sizeOf(rowsOf(material)) > 1 &&
      classesOf(material) !== undefined,
    make: classes,
  },
  {
    id: 'gradient-histogram',
    title: () => t('Gradient, histogram'),
    suits: (material) => sendsGradient(material) && sizeOf(predictionOf(material).shape) > 1,
    make: gradientHistogram,
  },
  {
    id: 'gradient-map',
    title: () => t('Gradient, map'),
    suits: (material) => {
      const { shape } = predictionOf(material);
      return sendsGradient(material) && shape.length >= 2 && shape.at(-1)! > 1 && sheetsIn(shape) > 0;
    },
    make: gradientMap,
  },
  {
    id: 'loss-histogram',
    title: () => t('Loss, histogram'),
    suits: (material) => sizeOf(rowsOf(material)) > 1,
    make: lossHistogram,
  },
];

export const plotsFor = (material: Material): PlotOffer[] =>
  kinds.filter((kind) => kind.suits(material)).map(({ id, title }) => ({ id, title: title() }));

/** @throws RefusedError for a plot that was not offered */
export async function makePlot(id: PlotId, run: number, material: Material, asked: Asked): Promise<Plot> {
  const kind = kinds.find((each) => each.id === id);
  if (!kind?.suits(material)) throw new RefusedError(t`There is no plot '${id}' of this evaluation.`);
  return { id, title: kind.title(), run, ...(await kind.make(material, asked)) };
}
