/** The catalogue. */
import type { Loss } from '../definition.ts';
import { binaryCrossEntropy } from './classification/binary-cross-entropy.ts';
import { categoricalCrossEntropy } from './classification/categorical-cross-entropy.ts';
import { hinge } from './classification/hinge.ts';
import { klDivergence } from './classification/kl-divergence.ts';
import { sparseCategoricalCrossEntropy } from './classification/sparse-categorical-cross-entropy.ts';
import { huber } from './regression/huber.ts';
import { meanAbsoluteError } from './regression/mean-absolute-error.ts';
import { meanSquaredError } from './regression/mean-squared-error.ts';

export const losses: readonly Loss[] = [
  meanSquaredError,
  meanAbsoluteError,
  huber,
  binaryCrossEntropy,
  categoricalCrossEntropy,
  sparseCategoricalCrossEntropy,
  klDivergence,
  hinge,
];
