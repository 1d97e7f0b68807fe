/** Every operator that a layer may be made of, by its name in ONNX's own domain. */
import { arithmetic } from './arithmetic.ts';
import { convolution } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import { movement } from './movement.ts';
import { normalization } from './normalization.ts';
import type { Operator } from './operator.ts';
import { pooling } from './pooling.ts';
import { products } from './products.ts';
import { reduction } from './reduction.ts';
import { resizing } from './resize.ts';

/** Before it, arithmetic did not broadcast by itself. */
export const oldestOpset = 7;
/** The newest whose operators have been compared with these. */
export const newestOpset = 28;

export const operators: Readonly<Record<string, Operator>> = {
  ...arithmetic,
  ...elementwise,
  ...movement,
  ...normalization,
  ...pooling,
  ...products,
  ...reduction,
  ...resizing,
  Conv: convolution,
};
