/** The catalogue. Written by the build (build.ts) from the files beside it: a change here would be lost. */
import type { Loss } from '../definition.ts';
import { ganDiscriminator } from './adversarial/gan-discriminator.ts';
import { ganGenerator } from './adversarial/gan-generator.ts';
import { lsganDiscriminator } from './adversarial/lsgan-discriminator.ts';
import { lsganGenerator } from './adversarial/lsgan-generator.ts';
import { binaryCrossEntropy } from './classification/binary-cross-entropy.ts';
import { categoricalCrossEntropy } from './classification/categorical-cross-entropy.ts';
import { categoricalHinge } from './classification/categorical-hinge.ts';
import { focal } from './classification/focal.ts';
import { generalizedCrossEntropy } from './classification/generalized-cross-entropy.ts';
import { hinge } from './classification/hinge.ts';
import { klDivergence } from './classification/kl-divergence.ts';
import { multiMargin } from './classification/multi-margin.ts';
import { multilabelMargin } from './classification/multilabel-margin.ts';
import { multilabelSoftMargin } from './classification/multilabel-soft-margin.ts';
import { perceptron } from './classification/perceptron.ts';
import { polyCrossEntropy } from './classification/poly-cross-entropy.ts';
import { softMargin } from './classification/soft-margin.ts';
import { sparseCategoricalCrossEntropy } from './classification/sparse-categorical-cross-entropy.ts';
import { sparsemax } from './classification/sparsemax.ts';
import { squaredHinge } from './classification/squared-hinge.ts';
import { dice } from './image/dice.ts';
import { jaccard } from './image/jaccard.ts';
import { perceptual } from './image/perceptual.ts';
import { pixelwiseCrossEntropy } from './image/pixelwise-cross-entropy.ts';
import { totalVariation } from './image/total-variation.ts';
import { tversky } from './image/tversky.ts';
import { circle } from './ranking/circle.ts';
import { contrastive } from './ranking/contrastive.ts';
import { cosineEmbedding } from './ranking/cosine-embedding.ts';
import { hingeEmbedding } from './ranking/hinge-embedding.ts';
import { marginRanking } from './ranking/margin-ranking.ts';
import { ntXent } from './ranking/nt-xent.ts';
import { rankingSoftmax } from './ranking/ranking-softmax.ts';
import { triplet } from './ranking/triplet.ts';
import { gaussianNll } from './regression/gaussian-nll.ts';
import { huber } from './regression/huber.ts';
import { logCoshLoss } from './regression/log-cosh.ts';
import { meanAbsoluteError } from './regression/mean-absolute-error.ts';
import { meanAbsolutePercentageError } from './regression/mean-absolute-percentage-error.ts';
import { meanPairwiseSquaredError } from './regression/mean-pairwise-squared-error.ts';
import { meanSquaredError } from './regression/mean-squared-error.ts';
import { meanSquaredLogarithmicError } from './regression/mean-squared-logarithmic-error.ts';
import { pinball } from './regression/pinball.ts';
import { tweedie } from './regression/tweedie-deviance.ts';
import { cosineProximity } from './specialized/cosine-proximity.ts';
import { ctc } from './specialized/ctc.ts';
import { earthMoversDistance } from './specialized/earth-movers-distance.ts';
import { poisson } from './specialized/poisson.ts';
import { wasserstein } from './specialized/wasserstein.ts';

export const losses: readonly Loss[] = [
  meanSquaredError,
  meanAbsoluteError,
  huber,
  logCoshLoss,
  meanAbsolutePercentageError,
  meanSquaredLogarithmicError,
  gaussianNll,
  meanPairwiseSquaredError,
  pinball,
  tweedie,
  binaryCrossEntropy,
  categoricalCrossEntropy,
  sparseCategoricalCrossEntropy,
  klDivergence,
  focal,
  generalizedCrossEntropy,
  polyCrossEntropy,
  hinge,
  perceptron,
  sparsemax,
  squaredHinge,
  softMargin,
  categoricalHinge,
  multiMargin,
  multilabelMargin,
  multilabelSoftMargin,
  contrastive,
  triplet,
  marginRanking,
  hingeEmbedding,
  cosineEmbedding,
  circle,
  ntXent,
  rankingSoftmax,
  pixelwiseCrossEntropy,
  dice,
  jaccard,
  tversky,
  perceptual,
  totalVariation,
  ganDiscriminator,
  ganGenerator,
  lsganDiscriminator,
  lsganGenerator,
  ctc,
  poisson,
  cosineProximity,
  wasserstein,
  earthMoversDistance,
];
