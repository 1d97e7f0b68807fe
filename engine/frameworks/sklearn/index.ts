/**
 * The metrics of scikit-learn that are losses, as scikit-learn 1.9 computes them. Every number and refusal here was
 * measured (test/golden/NOTES.md) and is held to scikit-learn's own answers by test/golden/data/sklearn.json; the
 * gradients are the engine's, for scikit-learn has none.
 */
import type { FrameworkSymbol } from '../../definition.ts';
import { classification } from './classification.ts';
import { regression } from './regression.ts';

export const sklearnSymbols: readonly FrameworkSymbol[] = [...regression, ...classification];
