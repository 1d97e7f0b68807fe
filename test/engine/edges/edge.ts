/** What an edge of a catalogue loss is, and the numbers that edges are written with. */
import { array, type NdArray } from '../../../engine/array.ts';
import type { Parameters, Reduction } from '../../../engine/evaluation.ts';
import type { ErrorCode } from '../../../engine/node.ts';

type Nested = number | readonly Nested[];
export type Numbers = Nested | NdArray;

export interface Edge {
  readonly note: string;
  readonly inputs: Readonly<Record<string, Numbers>>;
  readonly parameters?: Parameters;
  /** 'none' unless stated. */
  readonly reduction?: Reduction;
  /** Row-major. */
  readonly value?: readonly number[];
  readonly gradients?: Readonly<Record<string, readonly number[]>>;
  readonly refused?: ErrorCode;
  /** Where the first element that is not finite lies. */
  readonly firstNonFinite?: readonly number[];
}

export const inf = Number.POSITIVE_INFINITY;
export const nan = Number.NaN;
export const ln = Math.log;

export const empty = (...shape: number[]): NdArray => array(new Float64Array(0), { shape });
export const emptyLabels = (...shape: number[]): NdArray => array(new BigInt64Array(0), { shape });
/** Class numbers, for inputs that may be something else. */
export const labels = (numbers: Nested): NdArray => array(numbers, { dtype: 'int64' });

/** Two inputs of one shape, by name: nothing at all, and shapes that NumPy would broadcast. */
export const pairs = (first: string, second: string): readonly Edge[] => [
  { note: 'empty', inputs: { [first]: empty(0, 3), [second]: empty(0, 3) }, value: [] },
  { note: 'empty, sum', inputs: { [first]: empty(0), [second]: empty(0) }, reduction: 'sum', value: [0] },
  { note: 'empty, mean', inputs: { [first]: empty(0), [second]: empty(0) }, reduction: 'mean', value: [nan] },
  {
    note: '[2] against [2, 1]',
    inputs: { [first]: [0.5, 0.5], [second]: [[1], [1]] },
    refused: 'shape-mismatch',
  },
  { note: `no ${second}`, inputs: { [first]: [0.5] }, refused: 'missing-input' },
];
