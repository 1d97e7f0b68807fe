/** What the gradients are checked on: for each loss and symbol, the set-ups that are compared with finite differences. */
import type { Parameters } from '../../../engine/evaluation.ts';
import type { NdArray } from '../../../engine/node.ts';

export interface SetUp {
  readonly inputs: Readonly<Record<string, NdArray>>;
  readonly parameters?: Parameters;
}

export const setUps = new Map<string, readonly SetUp[]>();

export function describeLosses(names: readonly string[], make: (name: string) => readonly SetUp[]): void {
  for (const name of names) setUps.set(name, make(name));
}
