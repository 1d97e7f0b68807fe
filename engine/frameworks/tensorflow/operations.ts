/** What TensorFlow computes its own way: kernels whose gradients are not those of their values, and divisions by 0. */
import {
  type Dims,
  type Expr,
  equal,
  exp,
  logSoftmax,
  mul,
  neg,
  pow,
  sigmoid,
  softplus,
  sub,
  sum,
  where,
  withGradient,
} from '../../language/expression.ts';

/** softplus(x) − xy: NaN at x = ∞ for every y; the gradient stays σ(x) − y there. */
export const sigmoidCrossEntropy = (x: Expr, y: Expr): Expr =>
  withGradient(sub(softplus(x), mul(x, y)), [
    [x, sub(sigmoid(x), y)],
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
