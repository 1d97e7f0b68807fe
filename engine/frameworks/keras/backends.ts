/** Where Keras' backends differ: kinks, bounds and NaN. Each helper is what the symbol's backend makes of one step. */
import type { Call } from '../../definition.ts';
import {
  abs,
  clamp,
  constant,
  div,
  type Expr,
  equal,
  less,
  lessEqual,
  max,
  mul,
  sqrt,
  where,
  withGradient,
} from '../../language/expression.ts';
import { backendOf } from './declare.ts';

/** |x|: at 0 JAX has a slope of 1, at NaN torch has 0 and JAX −1. */
export function absolute(call: Call, x: Expr): Expr {
  switch (backendOf(call)) {
    case 'tensorflow':
      return abs(x);
    case 'torch':
      return withGradient(abs(x), [[x, where(less(0, x), 1, where(less(x, 0), -1, 0))]]);
    case 'jax':
      return withGradient(abs(x), [[x, where(lessEqual(0, x), 1, -1)]]);
  }
}

/**
 * No less than `least`. TensorFlow sends the whole gradient back at a tie, torch and JAX half of it; NaN gets all of it
 * on torch and none on the others, where JAX multiplies by 0 what the others leave out.
 */
export function atLeast(call: Call, least: number, x: Expr): Expr {
  const [below, atTie] = [less(x, least), equal(x, least)];
  switch (backendOf(call)) {
    case 'tensorflow':
      return max(x, least, { tie: 1 });
    case 'torch':
      return where(below, least, where(atTie, withGradient(x, [[x, constant(0.5)]]), x));
    case 'jax':
      return withGradient(max(x, least, { tie: 1 }), [[x, where(less(least, x), 1, where(atTie, 0.5, 0))]]);
  }
}

/** No more than `most`, on torch and JAX: half of the gradient at a tie. */
const atMost = (most: number, x: Expr): Expr =>
  withGradient(where(less(most, x), most, x), [[x, where(less(x, most), 1, where(equal(x, most), 0.5, 0))]]);

/** From `low` to `high`: at the bounds the whole gradient, on JAX half of it. */
export function within(call: Call, x: Expr, low: number, high: number): Expr {
  const value = clamp(x, low, high, { atBounds: 1 });
  if (backendOf(call) !== 'jax') return value;
  const ofBound = (inside: Expr, bound: number): Expr => where(inside, 1, where(equal(x, bound), 0.5, 0));
  return withGradient(value, [[x, mul(ofBound(less(low, x), low), ofBound(less(x, high), high))]]);
}

/** 1 ÷ √x, at most 10⁷. TensorFlow leaves what is beyond it out of the gradient, the others multiply it by 0. */
export function inverseLength(call: Call, x: Expr): Expr {
  const inverse = div(1, sqrt(x));
  return backendOf(call) === 'tensorflow' ? where(less(1e7, inverse), 1e7, inverse) : atMost(1e7, inverse);
}
