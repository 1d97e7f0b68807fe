/** The wasm backend's functions, each with its reference in float64 and what it promises. */

import { Vectors } from '../../engine/backends/wasm/math/emitter.ts';
import * as math from '../../engine/backends/wasm/math/index.ts';
import {
  type Expr,
  input,
  sigmoid as sigmoidOf,
  softplus as softplusOf,
} from '../../engine/language/expression.ts';
import { operations } from '../../engine/language/operations.ts';
import { simplify } from '../../engine/language/simplify.ts';
import type { Body } from './wasm-math-module.ts';

export interface MathFunction {
  readonly body: Body;
  /** In float64: for float32 arguments as good as exact. */
  readonly reference: (x: number, y: number) => number;
  /** The largest error allowed, in units in the last place. */
  readonly ulps: number;
  readonly binary?: boolean;
  /** The arguments that it is made for, where not all. */
  readonly domain?: (x: number) => boolean;
}

const unary =
  (write: (emitter: math.Emitter, lanes: math.Lanes, x: string) => string): Body =>
  (emitter, lanes, [x]) => [write(emitter, lanes, x!)];

/** Expressions of the loss language, as a kernel has them: written out, with what they share computed once. */
export const asKernel =
  (write: (...args: Expr[]) => readonly Expr[]): Body =>
  (emitter, lanes, names) => {
    const known = new Map<Expr, string>();
    const v = new Vectors(emitter, lanes);
    const value = (node: Expr): string => {
      let local = known.get(node);
      if (local) return local;
      if (node.kind === 'input') local = names[Number(node.name)]!;
      else if (node.kind === 'constant') local = v.store(v.number(node.value));
      else if (node.kind === 'apply') {
        local = operations[node.operation].wasm!(emitter, lanes, node.args.map(value));
      } else throw new Error(`no '${node.kind}' here`);
      known.set(node, local);
      return local;
    };
    const roots = write(...names.map((_name, i) => input(String(i), 1)));
    return simplify(roots, { lowered: true }).map(value);
  };

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** IEEE 754's pow: unlike JavaScript's, 1 for 1^y and (-1)^(+-infinity). */
function pow(x: number, y: number): number {
  return x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y;
}

export const functions: Readonly<Record<string, MathFunction>> = {
  exp: { body: unary(math.exp), reference: Math.exp, ulps: 2 },
  expOfNonPositive: {
    body: unary(math.expOfNegativeAbs),
    reference: Math.exp,
    ulps: 2,
    domain: (x) => !(x > 0),
  },
  expm1: { body: unary(math.expm1), reference: Math.expm1, ulps: 2 },
  log: { body: unary(math.log), reference: Math.log, ulps: 2 },
  log1p: { body: unary(math.log1p), reference: Math.log1p, ulps: 2 },
  tanh: { body: unary(math.tanh), reference: Math.tanh, ulps: 4 },
  sigmoid: { body: asKernel((x) => [sigmoidOf(x!)]), reference: sigmoid, ulps: 4 },
  softplus: { body: asKernel((x) => [softplusOf(x!)]), reference: softplus, ulps: 4 },
  pow: {
    body: (emitter, lanes, [x, y]) => [math.pow(emitter, lanes, x!, y!)],
    reference: pow,
    ulps: 4,
    binary: true,
  },
};

const word = new Float32Array(1);
const bits = new Uint32Array(word.buffer);
const spacings = Float64Array.from({ length: 255 }, (_, exponent) => 2 ** (Math.max(exponent, 1) - 150));

/**
 * The error of a float32 result in units in the last place of the exact one. Infinity when only one of them is
 * infinite or NaN, or when the infinities differ.
 */
export function float32Ulps(result: number, exact: number): number {
  word[0] = exact;
  const rounded = word[0];
  if (Object.is(result, rounded))
    return Number.isFinite(rounded) ? Math.abs(result - exact) / spacingOf() : 0;
  const error = Math.abs(result - exact) / spacingOf();
  return error >= 0 ? error : Number.POSITIVE_INFINITY;
}

/** Of the number in `word`; NaN for infinity and NaN. */
function spacingOf(): number {
  return spacings[(bits[0]! >>> 23) & 255] ?? Number.NaN;
}
