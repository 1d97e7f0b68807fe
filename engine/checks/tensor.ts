/** What is known of a tensor: its numbers, its shape, its dtype, its gradient. Whatever is absent is unknown. */
import type { Node } from '../recognise/tree.ts';

/** Operations that say what the numbers of a tensor are. */
export type Activation =
  | 'softmax'
  | 'log-softmax'
  | 'sigmoid'
  | 'log-sigmoid'
  | 'tanh'
  /** No negative ones, without an upper bound. */
  | 'relu';

/** What the numbers of a tensor are, as far as a loss cares. */
export type Form =
  /** Any real number: a linear layer or a convolution made it, and nothing bounds it since. */
  'logits' | Activation;

export type Kind = 'float' | 'long' | 'int' | 'bool';

export interface Shape {
  readonly rank?: number;
  readonly last?: number;
}

/** The operation that gave a tensor its form. */
export interface Maker {
  /** The call that applies it; of a layer in a sequence, the layer where it is made. */
  readonly node: Node;
  /** How it is written: applied by a call (`F.softmax(x)`, `x.softmax()`), an item of a sequence, or an argument of the layer before it. */
  readonly as: 'call' | 'layer' | 'argument';
  /** What it was applied to, when written as a call. */
  readonly operand: Node;
}

/** Where no gradient comes back. */
export interface Stop {
  readonly node: Node;
  /** The operation, as a sentence names it. */
  readonly how: () => string;
  /** A sentence: what the framework does about it, where that depends on the operation. */
  readonly consequence?: () => string;
}

export interface Tensor {
  readonly form?: Form;
  readonly maker?: Maker;
  readonly shape?: Shape;
  readonly kind?: Kind;
  readonly stop?: Stop;
  /** Rows of zeros with a one at the class. */
  readonly oneHot?: boolean;
}

export const unknownTensor: Tensor = {};

/** Additions that keep a probability what it is, as in `log(p + 1e-8)`. */
const smallest = 1e-3;

export function without<K extends keyof Tensor>(tensor: Tensor, key: K): Omit<Tensor, K> {
  const { [key]: _, ...rest } = tensor;
  return rest;
}

/** What all alternatives have in common. */
export function agreed([first = unknownTensor, ...others]: readonly Tensor[]): Tensor {
  const all = (same: (other: Tensor) => boolean) => others.every(same);
  const { form, maker, shape, kind, stop, oneHot } = first;
  return {
    ...(form && maker && all((other) => other.form === form) && { form, maker }),
    ...(shape &&
      all((other) => other.shape?.rank === shape.rank && other.shape?.last === shape.last) && { shape }),
    ...(kind && all((other) => other.kind === kind) && { kind }),
    ...(stop && all((other) => other.stop !== undefined) && { stop }),
    ...(oneHot && all((other) => other.oneHot === true) && { oneHot }),
  };
}

/** Of a tensor, what a sum, difference, product or quotient with a number leaves of its form. */
export function withNumber(tensor: Tensor, sign: string, number: number, tensorIsLeft: boolean): Tensor {
  const { form, maker, ...rest } = tensor;
  if (form === undefined) return rest;
  const kept =
    (sign === '+' || sign === '-') && tensorIsLeft
      ? Math.abs(number) <= smallest || form === 'logits'
      : sign === '+' && Math.abs(number) <= smallest;
  // A temperature: scaled logits are logits.
  const scaled = form === 'logits' && (sign === '*' || sign === '/') && number !== 0 && tensorIsLeft;
  return kept || scaled ? { ...rest, form, ...(maker && { maker }) } : rest;
}

/** Its logarithm, or its exponential. */
export function logarithm(name: 'log' | 'exp', { form, maker }: Tensor, none: Node): Tensor {
  const forms: Partial<Record<Form, Form>> =
    name === 'log'
      ? { softmax: 'log-softmax', sigmoid: 'log-sigmoid' }
      : { 'log-softmax': 'softmax', 'log-sigmoid': 'sigmoid' };
  const after = form && forms[form];
  // Taking away the operation alone would leave the logarithm.
  return after && maker ? { form: after, maker: { ...maker, as: 'call', operand: none } } : {};
}

/** Probabilities that are kept away from 0 and 1 are still probabilities. */
export function clamped(before: Tensor, bounds: readonly number[]): Tensor {
  const { form, maker: _, ...rest } = before;
  const mild =
    bounds.length > 0 &&
    bounds.every((bound) => Math.abs(bound) <= smallest || Math.abs(1 - bound) <= smallest);
  return mild && (form === 'softmax' || form === 'sigmoid') ? before : without(rest, 'form');
}
