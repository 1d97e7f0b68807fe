/**
 * `pytorch_metric_learning.losses`, as version 2.9.0 computes them with their default distance and reducer; held to its
 * answers by test/golden/data/metric_learning.json.
 */
import type { FrameworkSymbol } from '../../definition.ts';
import { contrastiveLoss } from './contrastive.ts';
import { ntXentLoss } from './nt-xent.ts';
import { tripletMarginLoss } from './triplet.ts';

export const metricLearningSymbols: readonly FrameworkSymbol[] = [
  contrastiveLoss,
  tripletMarginLoss,
  ntXentLoss,
];
