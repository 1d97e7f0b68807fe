/** Binary cross-entropy as torch's kernels have it, and what is built on them. */
import { add, type Expr, mul, neg, sigmoid, softplus, sub, withGradient } from '../../language/expression.ts';

/**
 * Of a logit x, without leaving the logarithms: (1 − y)·x + w·log(1 + e⁻ˣ), with w = 1 + (positiveWeight − 1)·y.
 * The gradient is written as w·σ(x) − positiveWeight·y, which keeps its digits where σ(x) is tiny.
 */
export function crossEntropyWithLogits(x: Expr, y: Expr, positiveWeight?: Expr): Expr {
  const w = positiveWeight ? add(1, mul(sub(positiveWeight, 1), y)) : undefined;
  const tail = softplus(neg(x));
  const value = add(mul(sub(1, y), x), w ? mul(w, tail) : tail);
  const bySlope = w ? sub(mul(w, sigmoid(x)), mul(positiveWeight!, y)) : sub(sigmoid(x), y);
  // Not (w − 1)·tail − x: of a logit of −∞ that is ∞ − ∞.
  const byTarget = positiveWeight ? sub(mul(positiveWeight, tail), softplus(x)) : neg(x);
  return withGradient(value, [
    [x, bySlope],
    [y, byTarget],
    ...(positiveWeight ? [[positiveWeight, mul(y, tail)] as const] : []),
  ]);
}
