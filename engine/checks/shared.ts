/** The checks of what is the same in every language. */
import { bceOfLogits } from './bce-of-logits.ts';
import { broadcastShapes } from './broadcast-shapes.ts';
import type { Check } from './check.ts';
import { logSoftmaxBeforeCrossEntropy } from './log-softmax-before-cross-entropy.ts';
import { nonDifferentiable } from './non-differentiable.ts';
import { sigmoidBeforeBceWithLogits } from './sigmoid-before-bce-with-logits.ts';
import { singleClass } from './single-class.ts';
import { softmaxBeforeCrossEntropy } from './softmax-before-cross-entropy.ts';
import { swappedArguments } from './swapped-arguments.ts';

export const sharedChecks: readonly Check[] = [
  softmaxBeforeCrossEntropy,
  logSoftmaxBeforeCrossEntropy,
  sigmoidBeforeBceWithLogits,
  bceOfLogits,
  broadcastShapes,
  nonDifferentiable,
  singleClass,
  swappedArguments,
];
