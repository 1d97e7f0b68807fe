/**
 * Programs as they are read: without what guards them against infinities and labels that are no classes. The printed code
 * is for finite numbers and valid labels, where both are the same.
 */
import { div, type Expr, mul } from '../language/expression.ts';

/** Whether a value is an input of labels that are known to be classes. */
export type IsLabel = (x: Expr) => boolean;

/** The same node without its guards, itself where it has none; what it reads is not looked at. */
export function plain(node: Expr, isLabel: IsLabel): Expr {
  if (node.kind !== 'apply') return node;
  if (node.operation === 'and') {
    const [a, b] = node.args as [Expr, Expr];
    return alwaysTrue(a, isLabel) ? b : alwaysTrue(b, isLabel) ? a : node;
  }
  if (node.operation === 'mul') {
    const [factor, ratio] = node.args as [Expr, Expr];
    if (factor.kind !== 'constant' || ratio.kind !== 'apply' || ratio.operation !== 'div') return node;
    const [over, n] = ratio.args as [Expr, Expr];
    return over.kind === 'constant' ? div(factor.value * over.value, n) : node;
  }
  if (node.operation === 'neg') {
    // −(−1 ÷ n)·x is x ÷ n.
    const [product] = node.args as [Expr];
    if (product.kind !== 'apply' || product.operation !== 'mul') return node;
    const [ratio, x] = product.args as [Expr, Expr];
    if (ratio.kind !== 'apply' || ratio.operation !== 'div') return node;
    const [over, n] = ratio.args as [Expr, Expr];
    return over.kind === 'constant' && over.value < 0 ? mul(div(-over.value, n), x) : node;
  }
  if (node.operation !== 'where') return node;
  const [condition, yes, no] = node.args as [Expr, Expr, Expr];
  if (alwaysTrue(condition, isLabel)) return yes;
  if (condition.kind !== 'apply' || !isZero(yes)) return node;
  const [a, b] = condition.args as [Expr, Expr];
  // The power rule at an exponent of 0, which its factor makes 0 as well.
  if (condition.operation === 'equal' && a.dims === 0 && a.kind !== 'reduce' && isZero(b)) return no;
  // 0·(−∞) counts as 0.
  if (condition.operation === 'and' && isInfinite(b)) return no;
  // At a tie, the share of the one side that is 0: as the strict comparison after it has it.
  return condition.operation === 'equal' && isStrict(no, a, b) ? no : node;
}

/** Whether a position is inside its dimension for all that the code is given. */
function alwaysTrue(condition: Expr, isLabel: IsLabel): boolean {
  if (condition.kind !== 'apply') return false;
  const [a, b] = condition.args as [Expr, Expr];
  switch (condition.operation) {
    case 'and':
      return alwaysTrue(a, isLabel) && alwaysTrue(b, isLabel);
    case 'lessEqual':
      return isZero(a) && (isLabel(b) || (offsetOf(b) ?? -1) >= 0);
    case 'less':
      return b.kind === 'extent' && (isLabel(a) || (offsetOf(a) ?? 1) <= 0);
    default:
      return false;
  }
}

export const isZero = (x: Expr): boolean => x.kind === 'constant' && x.value === 0;

/** Whether it compares with infinity. */
const isInfinite = (x: Expr): boolean =>
  x.kind === 'apply' &&
  x.operation === 'equal' &&
  x.args[1]!.kind === 'constant' &&
  x.args[1]!.value === Number.POSITIVE_INFINITY;

/** Whether it selects by a strict comparison of the two, 0 where that fails. */
function isStrict(x: Expr, a: Expr, b: Expr): boolean {
  if (x.kind !== 'apply' || x.operation !== 'where') return false;
  const [condition, , otherwise] = x.args as [Expr, Expr, Expr];
  if (condition.kind !== 'apply' || condition.operation !== 'less' || !isZero(otherwise)) return false;
  return new Set([a, b, ...condition.args]).size === 2;
}

/** How far a position is from the index that it is made of. */
function offsetOf(x: Expr): number | undefined {
  if (x.kind === 'index') return 0;
  if (x.kind !== 'apply' || x.operation !== 'add') return undefined;
  const [a, b] = x.args as [Expr, Expr];
  const [inner, by] = b.kind === 'constant' ? [a, b] : [b, a];
  const offset = offsetOf(inner);
  return offset === undefined || by.kind !== 'constant' ? undefined : offset + by.value;
}
