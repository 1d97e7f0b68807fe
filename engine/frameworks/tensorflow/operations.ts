/** What TensorFlow computes its own way: kernels whose gradients are not those of their values, and divisions by 0. */
import {
  add,
  type Dims,
  type Expr,
  equal,
  exp,
  less,
  logSoftmax,
  max,
  mul,
  neg,
  pow,
  sigmoid,
  softplusTail,
  sub,
  sum,
  where,
  withGradient,
} from '../../language/expression.ts';

/**
 * max(x, 0) − xy + log(1 + e^−|x|), in this order, so that a large x takes no digits of the rest with it. NaN at x = ∞ for
 * every y.
 */
export const logisticLoss = (x: Expr, y: Expr): Expr =>
  add(sub(max(x, 0, { tie: 0 }), mul(x, y)), softplusTail(x));

/** σ(x) − y, of which no digits are lost either where a large x is right. It stays at x = ∞. */
export const logisticSlope = (x: Expr, y: Expr): Expr =>
  where(less(x, 0), sub(sigmoid(x), y), sub(sub(1, y), sigmoid(neg(x))));

export const sigmoidCrossEntropy = (x: Expr, y: Expr): Expr =>
  withGradient(logisticLoss(x, y), [
    [x, logisticSlope(x, y)],
    [y, neg(x)],
  ]);

/** −Σ y log softmax x. The kernel sends back softmax − y, which is the derivative only where y sums to 1. */
export function softmaxCrossEntropy(x: Expr, y: Expr, classes: Dims): Expr {
  const logP = logSoftmax(x, classes);
  return withGradient(neg(sum(mul(y, logP), classes)), [
    [x, sub(exp(logP), y)],
    [y, neg(logP)],
  ]);
}

/** x^exponent; the gradient by x is NaN at x = 0 even where the exponent is 0. */
export const power = (x: Expr, exponent: Expr): Expr =>
  withGradient(pow(x, exponent), [[x, mul(exponent, pow(x, sub(exponent, 1)))]]);

/** The denominator of `div_no_nan`: what is divided by 0 is 0, with no gradient. */
export const noNan = (denominator: Expr): Expr =>
  where(equal(denominator, 0), Number.POSITIVE_INFINITY, denominator);
