/**
 * optax's losses, as optax 0.2.8 computes them on JAX 0.10. Every number, gradient and refusal here was measured
 * (test/golden/NOTES.md) and is held to optax's own answers by test/golden/data/optax.json.
 */
import type { FrameworkSymbol } from '../../definition.ts';
import { binary } from './binary.ts';
import { classes } from './classes.ts';
import { ctcSymbols } from './ctc.ts';
import { overlaps } from './overlap.ts';
import { rankingSoftmaxLoss } from './ranking.ts';
import { regression, similarities } from './regression.ts';
import { ntxent } from './self-supervised.ts';
import { sparsemaxes } from './sparsemax.ts';
import { tripletMargin } from './triplet.ts';

export const optaxSymbols: readonly FrameworkSymbol[] = [
  ...regression,
  ...similarities,
  ...binary,
  ...classes,
  ...ctcSymbols,
  ...overlaps,
  ...sparsemaxes,
  rankingSoftmaxLoss,
  ntxent,
  tripletMargin,
];
