/** What the gradients are checked on: for each loss and symbol, the set-ups that are compared with finite differences. */
import type { Parameters } from '../../../engine/evaluation.ts';
import type { NdArray } from '../../../engine/node.ts';

export interface SetUp {
  readonly inputs: Readonly<Record<string, NdArray>>;
  readonly parameters?: Parameters;
  /**
   * Where a library sends back the gradient of what an input is made from: how it is made. The input itself must come
   * out of this as it went in.
   */
  readonly before?: Readonly<Record<string, (data: Float64Array) => Float64Array>>;
  /** For a loss that rounds to float32 at every step: another of the same sum in float64, for the difference quotients. */
  readonly instead?: (
    inputs: SetUp['inputs'],
  ) => Omit<SetUp, 'before' | 'instead'> & { readonly loss: string };
}

export const setUps = new Map<string, readonly SetUp[]>();

export function describeLosses(names: readonly string[], make: (name: string) => readonly SetUp[]): void {
  for (const name of names) setUps.set(name, make(name));
}
