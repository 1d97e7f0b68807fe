/**
 * How a loss is written: an expression graph over a space of dimensions.
 *
 * A `Space` (space.ts) lists the dimensions of the whole problem, each belonging to a named axis (`batch`, `class` …).
 * Every value carries the set of dimensions that it varies along, as a bit mask; it is repeated along those that it
 * lacks. So a class axis in the middle, a rank of five or a broadcast input are the same program with other masks.
 *
 * Nodes are immutable and free of any context; `simplify` shares the equal ones afterwards.
 */

/** A set of the space's dimensions: bit d stands for dimension d. */
export type Dims = number;

export type Expr =
  | Constant
  | Uniform
  | Extent
  | Input
  | Index
  | Gather
  | Neighbour
  | Apply
  | Reduce
  | WithGradient;

export interface Constant {
  readonly kind: 'constant';
  readonly value: number;
  readonly dims: 0;
}

/** A number given anew with every run: a loss's parameter. */
export interface Uniform {
  readonly kind: 'uniform';
  readonly name: string;
  readonly dims: 0;
}

/** How many positions a set of dimensions has. */
export interface Extent {
  readonly kind: 'extent';
  readonly of: Dims;
  readonly dims: 0;
}

export interface Input {
  readonly kind: 'input';
  readonly name: string;
  readonly dims: Dims;
}

/** The position along one dimension: 0, 1, 2 … */
export interface Index {
  readonly kind: 'index';
  readonly dims: Dims;
}

/** An input's element at the position `at` along the dimensions `along`; `at` must be inside (see `pick`). */
export interface Gather {
  readonly kind: 'gather';
  readonly input: Input;
  readonly along: Dims;
  readonly at: Expr;
  readonly dims: Dims;
}

/** An input's element `offset` positions further along one dimension; 0 beyond the ends (see `shift`). */
export interface Neighbour {
  readonly kind: 'neighbour';
  readonly input: Input;
  readonly along: Dims;
  readonly offset: number;
  readonly dims: Dims;
}

/** An operation, by its name; `operations.ts` says what each of them does. */
export type OperationName =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'neg'
  | 'abs'
  | 'sign'
  | 'sqrt'
  | 'exp'
  | 'log'
  | 'log1p'
  | 'log1pUnit'
  | 'expOfNegativeAbs'
  | 'expm1'
  | 'tanh'
  | 'sigmoid'
  | 'softplus'
  | 'pow'
  | 'xlogy'
  | 'xlog1py'
  | 'max'
  | 'min'
  | 'clamp'
  | 'less'
  | 'lessEqual'
  | 'equal'
  | 'notEqual'
  | 'and'
  | 'or'
  | 'where'
  | 'stop';

export interface Apply {
  readonly kind: 'apply';
  readonly operation: OperationName;
  readonly args: readonly Expr[];
  /** The subgradient at the operation's kink, where it has one. */
  readonly kink: number;
  readonly dims: Dims;
}

export type Reduction = 'sum' | 'max' | 'min';

export interface Reduce {
  readonly kind: 'reduce';
  readonly reduction: Reduction;
  readonly arg: Expr;
  /** The dimensions removed; always a subset of the argument's. */
  readonly over: Dims;
  readonly dims: Dims;
}

/**
 * A value whose gradient is declared: because a library's own is not the derivative of its value, or because another
 * form of the derivative keeps more digits.
 */
export interface WithGradient {
  readonly kind: 'withGradient';
  readonly value: Expr;
  /** For each value that `value` is made of: what is sent back to it, at every position, for a gradient of 1. */
  readonly surrogates: readonly (readonly [Expr, Expr])[];
  readonly dims: Dims;
}

export type Operand = Expr | number;

const lift = (x: Operand): Expr => (typeof x === 'number' ? constant(x) : x);

export const constant = (value: number): Constant => ({ kind: 'constant', value, dims: 0 });
export const uniform = (name: string): Uniform => ({ kind: 'uniform', name, dims: 0 });
export const input = (name: string, dims: Dims): Input => ({ kind: 'input', name, dims });
export const index = (dim: Dims): Index => ({ kind: 'index', dims: dim });
export const extent = (of: Dims): Expr => (of === 0 ? constant(1) : { kind: 'extent', of, dims: 0 });

export function apply(operation: OperationName, args: readonly Operand[], kink = 0): Apply {
  const lifted = args.map(lift);
  return {
    kind: 'apply',
    operation,
    args: lifted,
    kink,
    dims: lifted.reduce((dims, arg) => dims | arg.dims, 0),
  };
}

export const add = (a: Operand, b: Operand): Expr => apply('add', [a, b]);
export const sub = (a: Operand, b: Operand): Expr => apply('sub', [a, b]);
export const mul = (a: Operand, b: Operand): Expr => apply('mul', [a, b]);
export const div = (a: Operand, b: Operand): Expr => apply('div', [a, b]);
export const neg = (a: Operand): Expr => apply('neg', [a]);
export const abs = (a: Operand): Expr => apply('abs', [a]);
export const sign = (a: Operand): Expr => apply('sign', [a]);
export const sqrt = (a: Operand): Expr => apply('sqrt', [a]);
export const exp = (a: Operand): Expr => apply('exp', [a]);
export const log = (a: Operand): Expr => apply('log', [a]);
export const log1p = (a: Operand): Expr => apply('log1p', [a]);
export const expm1 = (a: Operand): Expr => apply('expm1', [a]);
export const tanh = (a: Operand): Expr => apply('tanh', [a]);
export const sigmoid = (a: Operand): Expr => apply('sigmoid', [a]);
/** log(1 + eˣ) */
export const softplus = (a: Operand): Expr => apply('softplus', [a]);
/** log(1 + e^−|x|), which softplus adds to max(x, 0). */
export const softplusTail = (a: Operand): Expr => apply('log1pUnit', [apply('expOfNegativeAbs', [a])]);
export const pow = (a: Operand, b: Operand): Expr => apply('pow', [a, b]);
export const square = (a: Expr): Expr => mul(a, a);
/** x·log y, and 0 where x is 0. */
export const xlogy = (x: Operand, y: Operand): Expr => apply('xlogy', [x, y]);
/** x·log(1 + y), and 0 where x is 0. */
export const xlog1py = (x: Operand, y: Operand): Expr => apply('xlog1py', [x, y]);
/** `tie`: the share of the gradient that the first argument gets where both are equal. */
export const max = (a: Operand, b: Operand, { tie }: { tie: number }): Expr => apply('max', [a, b], tie);
export const min = (a: Operand, b: Operand, { tie }: { tie: number }): Expr => apply('min', [a, b], tie);
/** `atBounds`: the derivative where x equals a bound. */
export const clamp = (x: Operand, low: Operand, high: Operand, { atBounds }: { atBounds: number }): Expr =>
  apply('clamp', [x, low, high], atBounds);
export const less = (a: Operand, b: Operand): Expr => apply('less', [a, b]);
export const lessEqual = (a: Operand, b: Operand): Expr => apply('lessEqual', [a, b]);
export const equal = (a: Operand, b: Operand): Expr => apply('equal', [a, b]);
export const notEqual = (a: Operand, b: Operand): Expr => apply('notEqual', [a, b]);
export const and = (a: Expr, b: Expr): Expr => apply('and', [a, b]);
export const or = (a: Expr, b: Expr): Expr => apply('or', [a, b]);
/**
 * Selects, in its derivative too: what the branch not taken holds (NaN, infinity) never reaches the result. With
 * `shields: false` the derivative of that branch is a product with 0, as a library's is that shows its NaN there.
 */
export const where = (condition: Expr, a: Operand, b: Operand, { shields = true } = {}): Expr =>
  apply('where', [condition, a, b], shields ? 0 : 1);
/** The value, with no gradient. */
export const stop = (a: Operand): Expr => apply('stop', [a]);

/** Along a dimension of `over` that `arg` lacks, a sum counts `arg` as many times as the dimension is long. */
export function reduce(reduction: Reduction, arg: Expr, over: Dims): Expr {
  const present = over & arg.dims;
  const repeated = over & ~arg.dims;
  const result: Expr =
    present === 0 ? arg : { kind: 'reduce', reduction, arg, over: present, dims: arg.dims & ~present };
  return reduction === 'sum' && repeated !== 0 ? mul(result, extent(repeated)) : result;
}

export const sum = (arg: Expr, over: Dims): Expr => reduce('sum', arg, over);

export const mean = (arg: Expr, over: Dims): Expr => div(sum(arg, over), extent(over));
export const maxOver = (arg: Expr, over: Dims): Expr => reduce('max', arg, over);
export const minOver = (arg: Expr, over: Dims): Expr => reduce('min', arg, over);

/**
 * log Σ exp over `over`, with the largest term taken out first. A +∞ term or a slice of −∞ only gives NaN, as in
 * every framework: they subtract the maximum without asking whether it is finite.
 */
export function logSumExp(x: Expr, over: Dims): Expr {
  const largest = stop(maxOver(x, over));
  return add(largest, log(sum(exp(sub(x, largest)), over)));
}

/** x − log Σ exp x, computed as (x − max) − log Σ exp(x − max). */
export function logSoftmax(x: Expr, over: Dims): Expr {
  const shifted = sub(x, stop(maxOver(x, over)));
  return sub(shifted, log(sum(exp(shifted), over)));
}

export function withGradient(value: Expr, surrogates: readonly (readonly [Expr, Expr])[]): Expr {
  return { kind: 'withGradient', value, surrogates, dims: value.dims };
}

/** Whether an integer index lies inside dimension `along`. */
export const inside = (at: Expr, along: Dims): Expr => and(lessEqual(0, at), less(at, extent(along)));

/** x at the integer position `at` along one dimension: 0, with derivative 0, where `at` is outside. */
export function pick(x: Expr, at: Expr, along: Dims, { shields = true } = {}): Expr {
  const valid = inside(at, along);
  return where(valid, pickInside(x, where(valid, at, 0), along), 0, { shields });
}

function pickInside(x: Expr, at: Expr, along: Dims): Expr {
  if ((x.dims & along) === 0) return x;
  switch (x.kind) {
    case 'input':
      return { kind: 'gather', input: x, along, at, dims: (x.dims & ~along) | at.dims };
    case 'index':
      return at;
    case 'apply':
      return apply(
        x.operation,
        x.args.map((arg) => pickInside(arg, at, along)),
        x.kink,
      );
    default:
      throw new Error(`pick does not reach through '${x.kind}'`);
  }
}

/** Whether the position `offset` further along one dimension is inside it: only one of the ends can be passed. */
export const insideAt = (along: Dims, offset: number): Expr => {
  const at = add(index(along), offset);
  return offset < 0 ? lessEqual(0, at) : less(at, extent(along));
};

/**
 * x as it stands `offset` positions further along one dimension. Beyond the ends it is what x computes from inputs of
 * 0: ask `insideAt`.
 */
export function shift(x: Expr, along: Dims, offset: number): Expr {
  if ((x.dims & along) === 0) return x;
  switch (x.kind) {
    case 'input':
      return { kind: 'neighbour', input: x, along, offset, dims: x.dims };
    case 'neighbour':
      if (x.along !== along) break;
      return x.offset + offset === 0 ? x.input : { ...x, offset: x.offset + offset };
    case 'index':
      return add(x, offset);
    case 'apply': {
      const [position, distance] = x.args;
      if (x.operation === 'add' && position?.kind === 'index' && distance?.kind === 'constant') {
        return distance.value + offset === 0 ? position : add(position, distance.value + offset);
      }
      return apply(
        x.operation,
        x.args.map((arg) => shift(arg, along, offset)),
        x.kink,
      );
    }
  }
  throw new Error(`shift does not reach through '${x.kind}'`);
}

/** √Σ x² over `over`, with derivative 0 where all of them are 0. */
export function euclideanNorm(x: Expr, over: Dims): Expr {
  const norm = sqrt(sum(square(x), over));
  return withGradient(norm, [[x, where(equal(norm, 0), 0, div(x, norm))]]);
}

/** The nodes that this one reads, in order. */
export function operands(x: Expr): readonly Expr[] {
  switch (x.kind) {
    case 'apply':
      return x.args;
    case 'reduce':
      return [x.arg];
    case 'gather':
      return [x.input, x.at];
    case 'neighbour':
      return [x.input];
    case 'withGradient':
      return [x.value, ...x.surrogates.map(([to]) => to)];
    default:
      return [];
  }
}

/** Every node that the roots read, each once, operands first. */
export function topological(roots: readonly Expr[]): Expr[] {
  const order: Expr[] = [];
  const seen = new Set<Expr>();
  const visit = (x: Expr): void => {
    if (seen.has(x)) return;
    seen.add(x);
    for (const operand of operands(x)) visit(operand);
    order.push(x);
  };
  for (const root of roots) visit(root);
  return order;
}
