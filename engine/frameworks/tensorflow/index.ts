/**
 * TensorFlow's own losses, as 2.21 computes them eagerly on the CPU. Every number and refusal here was measured
 * (test/golden/NOTES.md) and is held to TensorFlow's own answers by test/golden/data/tensorflow.json.
 */
import type { FrameworkSymbol } from '../../definition.ts';
import { ctcSymbols } from './ctc.ts';
import { nn } from './nn.ts';
import { v1 } from './v1.ts';

export const tensorflowSymbols: readonly FrameworkSymbol[] = [...nn, ...ctcSymbols, ...v1];
