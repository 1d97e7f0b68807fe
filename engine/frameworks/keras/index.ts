/**
 * `keras.losses` (also `tf.keras.losses`), as Keras 3.15 computes them on TensorFlow, torch or JAX. Every number and
 * refusal here was measured (test/golden/NOTES.md) and is held to Keras' own answers by test/golden/data/keras.json and
 * keras-backends.json.
 */
import type { FrameworkSymbol } from '../../definition.ts';
import { crossEntropies } from './cross-entropies.ts';
import { ctc } from './ctc.ts';
import { hinges } from './hinges.ts';
import { overlap } from './overlap.ts';
import { regression } from './regression.ts';
import { similarity } from './similarity.ts';

export const kerasSymbols: readonly FrameworkSymbol[] = [
  ...regression,
  ...crossEntropies,
  ...hinges,
  ...overlap,
  ...similarity,
  ...ctc,
];
