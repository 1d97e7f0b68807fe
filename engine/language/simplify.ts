/** Folds constants, shares equal subexpressions, and brings scalar factors together outside of the loops. */
import {
  add,
  apply,
  constant,
  div,
  type Expr,
  less,
  log,
  log1p,
  max,
  mul,
  neg,
  operands,
  reduce,
  softplusTail,
  sub,
  topological,
  where,
} from './expression.ts';
import { operations } from './operations.ts';

/**
 * The same roots, simplified, with equal nodes made one object. `lowered` also writes out what the backends have no
 * instruction for and drops the declared gradients: differentiate first.
 */
export function simplify(roots: readonly Expr[], { lowered = false } = {}): Expr[] {
  const done = new Map<Expr, Expr>();
  const interned = new Map<string, Expr>();
  const numbers = new Map<Expr, number>();

  const intern = (node: Expr): Expr => {
    const key = keyOf(node, (x) => numbers.get(x)!);
    const known = interned.get(key);
    if (known) return known;
    interned.set(key, node);
    numbers.set(node, numbers.size);
    return node;
  };

  const rewrite = (node: Expr): Expr => {
    const known = done.get(node);
    if (known) return known;
    const result = shape(node);
    done.set(node, result);
    done.set(result, result);
    return result;
  };

  /** Rules may build new nodes out of simplified ones: those go through the rules again. */
  const shape = (node: Expr): Expr => {
    switch (node.kind) {
      case 'apply': {
        const same = node.args.map(rewrite);
        const next = same.every((arg, i) => arg === node.args[i])
          ? node
          : apply(node.operation, same, node.kink);
        const simpler = simplerApply(next) ?? (lowered ? written(next) : undefined);
        return simpler ? rewrite(simpler) : intern(next);
      }
      case 'reduce': {
        const arg = rewrite(node.arg);
        // What is left of the argument may lack dimensions that it had: a `where` with one branch taken everywhere.
        if ((node.over & ~arg.dims) !== 0) return rewrite(reduce(node.reduction, arg, node.over));
        const next = arg === node.arg ? node : { ...node, arg, dims: arg.dims & ~node.over };
        const simpler = node.reduction === 'sum' ? simplerSum(next.arg, node.over) : undefined;
        return simpler ? rewrite(simpler) : intern(next);
      }
      case 'gather': {
        const at = rewrite(node.at);
        const dims = (node.input.dims & ~node.along) | at.dims;
        return intern({ ...node, input: rewrite(node.input) as typeof node.input, at, dims });
      }
      case 'neighbour':
        return intern({ ...node, input: rewrite(node.input) as typeof node.input });
      case 'withGradient':
        return lowered
          ? rewrite(node.value)
          : intern({
              ...node,
              value: rewrite(node.value),
              surrogates: node.surrogates.map(
                ([to, surrogate]) => [rewrite(to), rewrite(surrogate)] as const,
              ),
            });
      default:
        return intern(node);
    }
  };
  return roots.map(rewrite);
}

/** A text that equal nodes share, and no others. */
/** Equal for graphs that compute the same in the same way, whatever the sizes are. */
export function writtenOut(roots: readonly Expr[]): string {
  const numbers = new Map<Expr, number>();
  const lines = topological(roots).map((node) => {
    numbers.set(node, numbers.size);
    // What a gradient is declared to be is no operand, and is the same where the value is.
    return keyOf(node, (operand) => numbers.get(operand) ?? -1);
  });
  return `${lines.join(';')}|${roots.map((root) => numbers.get(root)).join()}`;
}

function keyOf(node: Expr, number: (operand: Expr) => number): string {
  switch (node.kind) {
    case 'constant':
      return Object.is(node.value, -0) ? 'c-0' : `c${node.value}`;
    case 'uniform':
      return `u${node.name}`;
    case 'extent':
      return `n${node.of}`;
    case 'input':
      return `i${node.name}`;
    case 'index':
      return `x${node.dims}`;
    case 'gather':
      return `g${number(node.input)},${number(node.at)},${node.along}`;
    case 'neighbour':
      return `b${number(node.input)},${node.along},${node.offset}`;
    case 'apply':
      return `${node.operation}${node.kink}(${node.args.map(number).join()})`;
    case 'reduce':
      return `${node.reduction}${node.over}(${number(node.arg)})`;
    case 'withGradient':
      return `w${operands(node).map(number).join()};${node.surrogates.map(([, g]) => number(g)).join()}`;
  }
}

const isConstant = (x: Expr | undefined, value?: number): boolean =>
  x?.kind === 'constant' && (value === undefined || x.value === value);

const isScalar = (x: Expr): boolean => x.dims === 0;

/** Whether a value varies along fewer dimensions than another, and along none that the other lacks. */
const isPart = (x: Expr, whole: Expr): boolean => x.dims !== whole.dims && (x.dims & ~whole.dims) === 0;

function simplerApply(node: Expr & { kind: 'apply' }): Expr | undefined {
  const { operation, args } = node;
  const [a, b, c] = args as [Expr, Expr, Expr];
  if (operation !== 'stop' && args.every((arg) => arg.kind === 'constant')) {
    return constant(operations[operation].value(...args.map((arg) => (arg as { value: number }).value)));
  }
  switch (operation) {
    case 'add':
      if (isConstant(a, 0)) return b;
      if (isConstant(b, 0)) return a;
      if (a === b) return mul(2, a);
      if (b.kind === 'apply' && b.operation === 'neg') return sub(a, b.args[0]!);
      if (a.kind === 'apply' && a.operation === 'neg') return sub(b, a.args[0]!);
      return oneWhere(a, b);
    case 'sub':
      if (isConstant(b, 0)) return a;
      if (isConstant(a, 0)) return neg(b);
      if (b.kind === 'apply' && b.operation === 'neg') return add(a, b.args[0]!);
      return undefined;
    case 'mul':
      return simplerProduct(a, b);
    case 'div':
      if (isConstant(b, 1)) return a;
      if (a.kind === 'apply' && a.operation === 'neg') return neg(div(a.args[0]!, b));
      return undefined;
    case 'neg':
      if (a.kind === 'apply' && a.operation === 'neg') return a.args[0]!;
      return undefined;
    case 'abs':
    case 'expOfNegativeAbs':
      if (a.kind === 'apply' && a.operation === 'neg') return apply(operation, [a.args[0]!]);
      return undefined;
    case 'less':
      // A position is inside its own dimension.
      if (a.kind === 'index' && b.kind === 'extent' && a.dims === b.of) return constant(1);
      return undefined;
    case 'lessEqual':
      if (isConstant(a, 0) && b.kind === 'index') return constant(1);
      return undefined;
    case 'and':
      if (isConstant(a)) return isConstant(a, 0) ? a : b;
      if (isConstant(b)) return isConstant(b, 0) ? b : a;
      return undefined;
    case 'or':
      if (isConstant(a)) return isConstant(a, 0) ? b : a;
      if (isConstant(b)) return isConstant(b, 0) ? a : b;
      return undefined;
    case 'where':
      if (isConstant(a)) return isConstant(a, 0) ? c : b;
      if (b === c) return b;
      return undefined;
    default:
      return undefined;
  }
}

/** Two selections by one condition, each 0 where the other is not, are one. */
function oneWhere(a: Expr, b: Expr): Expr | undefined {
  if (a.kind !== 'apply' || b.kind !== 'apply' || a.operation !== 'where' || b.operation !== 'where')
    return undefined;
  const [condition, yes, no] = a.args as [Expr, Expr, Expr];
  const [same, otherYes, otherNo] = b.args as [Expr, Expr, Expr];
  if (condition !== same) return undefined;
  if (isConstant(no, 0) && isConstant(otherYes, 0)) return where(condition, yes, otherNo);
  if (isConstant(yes, 0) && isConstant(otherNo, 0)) return where(condition, otherYes, no);
  if (isConstant(no, 0) && isConstant(otherNo, 0)) return where(condition, add(yes, otherYes), 0);
  if (isConstant(yes, 0) && isConstant(otherYes, 0)) return where(condition, 0, add(no, otherNo));
  return undefined;
}

/** Scalars come first and are multiplied together, so that a loop multiplies by one number. */
function simplerProduct(a: Expr, b: Expr): Expr | undefined {
  if (isConstant(a, 1)) return b;
  if (isConstant(b, 1)) return a;
  if (isConstant(a, -1)) return neg(b);
  if (isConstant(b, -1)) return neg(a);
  if (isScalar(b) && !isScalar(a)) return mul(b, a);
  if (isConstant(a) && b.kind === 'apply' && b.operation === 'where') {
    const [condition, yes, no] = b.args as [Expr, Expr, Expr];
    if (isConstant(no, 0)) return where(condition, mul(a, yes), 0);
    if (isConstant(yes, 0)) return where(condition, 0, mul(a, no));
  }
  if (isScalar(a) && isConstant(b)) return isConstant(a) ? undefined : mul(b, a);
  if (a.kind === 'apply' && a.operation === 'neg') return neg(mul(a.args[0]!, b));
  if (b.kind === 'apply' && b.operation === 'neg') return neg(mul(a, b.args[0]!));
  if (b.kind === 'apply' && b.operation === 'mul') {
    const [p, q] = b.args as [Expr, Expr];
    if (isConstant(a) && isConstant(p)) return mul(mul(a, p), q);
    if (isScalar(a) && isScalar(p) && !isScalar(q)) return mul(mul(a, p), q);
    if (!isScalar(a) && isScalar(p)) return mul(p, mul(a, q));
    // What belongs to a row is multiplied once a row.
    if (!isScalar(a) && isPart(a, q) && isPart(p, q)) return mul(mul(a, p), q);
  }
  if (a.kind === 'apply' && a.operation === 'mul' && !isScalar(a)) {
    const [p, q] = a.args as [Expr, Expr];
    if (isScalar(p)) return mul(p, mul(q, b));
  }
  return undefined;
}

/** A sum's scalar factors leave it, and a sum of sums is one sum: a row's mean, summed over the rows, needs no rows. */
function simplerSum(arg: Expr, over: number): Expr | undefined {
  const total = (x: Expr): Expr => ({ kind: 'reduce', reduction: 'sum', arg: x, over, dims: x.dims & ~over });
  if (arg.kind === 'reduce' && arg.reduction === 'sum') {
    return { kind: 'reduce', reduction: 'sum', arg: arg.arg, over: over | arg.over, dims: arg.dims & ~over };
  }
  if (arg.kind !== 'apply') return undefined;
  const [a, b] = arg.args as [Expr, Expr];
  if (arg.operation === 'neg') return neg(total(a));
  if (arg.operation === 'mul' && isScalar(a)) return mul(a, total(b));
  if (arg.operation === 'div' && isScalar(b)) return div(total(a), b);
  return undefined;
}

/** What has no instruction of its own, written out around the exponential that value and derivative share. */
function written(node: Expr & { kind: 'apply' }): Expr | undefined {
  const [a, b] = node.args as [Expr, Expr];
  const decay = (): Expr => apply('expOfNegativeAbs', [a]);
  switch (node.operation) {
    case 'exp':
      return isLessItsMaximum(a) ? decay() : undefined;
    case 'softplus':
      return add(max(a, 0, { tie: 0 }), softplusTail(a));
    case 'sigmoid':
      return div(where(less(a, 0), decay(), 1), add(1, decay()));
    case 'xlog1py':
    case 'xlogy':
      // NaN in y shows even where x is 0: comparing y with itself fails for NaN alone.
      return where(
        apply('and', [apply('equal', [a, 0]), apply('equal', [b, b])]),
        0,
        mul(a, node.operation === 'xlogy' ? log(b) : log1p(b)),
      );
    default:
      return undefined;
  }
}

/** x − max x, as a softmax takes the exponential of: never above 0. */
function isLessItsMaximum(difference: Expr): boolean {
  if (difference.kind !== 'apply' || difference.operation !== 'sub') return false;
  const [x, stopped] = difference.args as [Expr, Expr];
  const largest = stopped.kind === 'apply' && stopped.operation === 'stop' ? stopped.args[0]! : stopped;
  return largest.kind === 'reduce' && largest.reduction === 'max' && largest.arg === x;
}
