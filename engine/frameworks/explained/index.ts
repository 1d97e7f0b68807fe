/** Symbols that are recognised and explained, but not evaluated. */
import type { ExplainedSymbol } from '../../catalogue.ts';
import { imageExplained } from './images.ts';
import { metricLearningExplained } from './metric-learning.ts';
import { optaxExplained } from './optax.ts';
import { scientificExplained } from './scientific.ts';
import { tensorflowExplained } from './tensorflow.ts';
import { tensorflowAddonsExplained } from './tensorflow-addons.ts';
import { tensorflowGanExplained } from './tensorflow-gan.ts';
import { torchExplained } from './torch.ts';

export const explainedSymbols: readonly ExplainedSymbol[] = [
  ...torchExplained,
  ...tensorflowExplained,
  ...optaxExplained,
  ...metricLearningExplained,
  ...imageExplained,
  ...scientificExplained,
  ...tensorflowGanExplained,
  ...tensorflowAddonsExplained,
];
