/** How each framework writes the operations of the loss language: what `print.ts` is told to write a program for. */
import type { OperationName } from '../language/expression.ts';

/** Numbers are what parameters and extents make; arrays are everything else. */
export type Functions = Readonly<Partial<Record<OperationName, string>>>;

export interface Dialect {
  /** Operations on arrays that are functions; `infix` ones are operators unless they stand here. */
  readonly functions: Functions;
  /** Functions of numbers. */
  readonly numbers: Functions;
  /** Of `functions`, those that are defined in front of the snippet where it uses them. */
  readonly helpers: Readonly<Record<string, string>>;
  readonly infinity: string;
  /** Whether comparisons and arithmetic of arrays are operators. */
  readonly operators: boolean;
  /** `axes` is absent where everything is reduced to one number. */
  reduce(
    reduction: 'sum' | 'max' | 'min' | 'mean',
    x: string,
    axes: readonly number[] | undefined,
    keep: boolean,
  ): string;
  square(x: string): string;
  /** Inserts axes of 1: `null` in `places` is such a one, a number one of the array's own. */
  expand(x: string, places: readonly (number | null)[]): string;
  /** The array without its axes of 1 at those places. */
  squeeze(x: string, rank: number, ones: readonly number[]): string;
  size(x: string, axis: number): string;
  count(x: string): string;
  range(count: string): string;
  /** x at the positions `at` (of the same rank, 1 along the axis), with that axis of 1. */
  take(x: string, at: string, axis: number, rank: number): string;
  /** The neighbour `offset` further along the axis; from the other end beyond the last. */
  roll(x: string, offset: number, axis: number): string;
  /**
   * 1 where x is above 0 and else 0, where a comparison cannot stand in what is differentiated; and the choice by it.
   * Other comparisons of what the networks make are refused then.
   */
  step?(x: string): string;
  blend?(step: string, above: string, below: string): string;
  /** A condition as 1 and 0 in the dtype of another array, where a choice between 1 and 0 would be of integers. */
  indicator?(condition: string, like: string): string;
  /** The larger or smaller of an array and a number, where that is another function. */
  bound?(operation: 'max' | 'min', x: string, number: string): string;
  /** The value, with no gradient. */
  stop?(x: string): string;
  /** √Σx² whose gradient at 0 is no NaN. */
  norm?(x: string, axis: number, keep: boolean): string;
  /** √x of such a sum of squares, where no function does the whole. */
  safeRoot?(x: string): string;
  logSoftmax?(x: string, axis: number): string;
}

const axesOf = (axes: readonly number[]): string =>
  axes.length === 1 ? String(axes[0]) : `(${axes.join(', ')})`;

/** What the array libraries of Python have in common. */
function python(
  module: string,
  { axis = 'axis', keepdims = 'keepdims', max = 'max', min = 'min' } = {},
): Omit<Dialect, 'functions'> {
  return {
    numbers: {
      abs: 'abs',
      exp: 'math.exp',
      log: 'math.log',
      log1p: 'math.log1p',
      sqrt: 'math.sqrt',
      max: 'max',
      min: 'min',
    },
    helpers: {},
    infinity: `${module}.inf`,
    operators: true,
    reduce(reduction, x, axes, keep) {
      const options = axes ? `, ${axis}=${axesOf(axes)}${keep ? `, ${keepdims}=True` : ''}` : '';
      const name = reduction === 'max' ? max : reduction === 'min' ? min : reduction;
      return `${module}.${name}(${x}${options})`;
    },
    square: (x) => `${x} ** 2`,
    expand(x, places) {
      return `${x}[${places.map((place) => (place === null ? 'None' : ':')).join(', ')}]`;
    },
    squeeze: (x, rank, ones) =>
      `${x}[${Array.from({ length: rank }, (_, i) => (ones.includes(i) ? '0' : ':')).join(', ')}]`,
    size: (x, at) => `${x}.shape[${at}]`,
    count: (x) => `${x}.size`,
    range: (count) => `${module}.arange(${count})`,
    take: (x, at, along) => `${module}.take_along_axis(${x}, ${at}, ${axis}=${along})`,
    roll: (x, offset, along) => `${module}.roll(${x}, ${-offset}, ${axis}=${along})`,
  };
}

const named = (module: string, names: readonly OperationName[]): Functions =>
  Object.fromEntries(names.map((name) => [name, `${module}.${name}`]));

const elementary = ['abs', 'sign', 'sqrt', 'exp', 'log', 'log1p', 'expm1', 'tanh', 'where'] as const;

export const numpy: Dialect = {
  ...python('np'),
  functions: {
    ...named('np', elementary),
    max: 'np.maximum',
    min: 'np.minimum',
    clamp: 'np.clip',
    sigmoid: 'sigmoid',
    softplus: 'softplus',
    xlogy: 'xlogy',
    xlog1py: 'xlog1py',
  },
  helpers: {
    sigmoid: 'def sigmoid(x):\n    return np.exp(-np.logaddexp(0, -x))',
    softplus: 'def softplus(x):\n    return np.logaddexp(0, x)',
    xlogy: 'def xlogy(x, y):\n    return np.where(x == 0, 0, x * np.log(np.where(x == 0, 1, y)))',
    xlog1py: 'def xlog1py(x, y):\n    return np.where(x == 0, 0, x * np.log1p(np.where(x == 0, 0, y)))',
  },
};

export const torch: Dialect = {
  ...python('torch', { axis: 'dim', keepdims: 'keepdim', max: 'amax', min: 'amin' }),
  functions: {
    ...named('torch', [...elementary, 'sigmoid', 'xlogy']),
    max: 'torch.maximum',
    min: 'torch.minimum',
    clamp: 'torch.clamp',
    softplus: 'F.softplus',
    xlog1py: 'torch.special.xlog1py',
  },
  count: (x) => `${x}.numel()`,
  range: (count) => `torch.arange(${count})`,
  take: (x, at, axis) => `torch.take_along_dim(${x}, ${at}, dim=${axis})`,
  roll: (x, offset, axis) => `torch.roll(${x}, ${-offset}, dims=${axis})`,
  bound: (operation, x, number) => `torch.clamp(${x}, ${operation === 'max' ? 'min' : 'max'}=${number})`,
  indicator: (condition, like) => `${condition}.to(${like}.dtype)`,
  stop: (x) => `${x}.detach()`,
  norm: (x, axis, keep) => `torch.linalg.vector_norm(${x}, dim=${axis}${keep ? ', keepdim=True' : ''})`,
  logSoftmax: (x, axis) => `F.log_softmax(${x}, dim=${axis})`,
};

export const jax: Dialect = {
  ...python('jnp'),
  functions: {
    ...named('jnp', elementary),
    max: 'jnp.maximum',
    min: 'jnp.minimum',
    clamp: 'jnp.clip',
    sigmoid: 'jax.nn.sigmoid',
    softplus: 'jax.nn.softplus',
    xlogy: 'jax.scipy.special.xlogy',
    xlog1py: 'jax.scipy.special.xlog1py',
  },
  stop: (x) => `jax.lax.stop_gradient(${x})`,
  // jnp.linalg.norm sends NaN back where all of x is 0.
  norm: (x, axis, keep) => `optax.safe_norm(${x}, 1e-12, axis=${axis}${keep ? ', keepdims=True' : ''})`,
  logSoftmax: (x, axis) => `jax.nn.log_softmax(${x}, axis=${axis})`,
};

export const keras: Dialect = {
  ...python('ops'),
  functions: {
    ...named('ops', [...elementary, 'sigmoid', 'softplus']),
    max: 'ops.maximum',
    min: 'ops.minimum',
    clamp: 'ops.clip',
    xlogy: 'xlogy',
    xlog1py: 'xlog1py',
  },
  helpers: {
    xlogy: 'def xlogy(x, y):\n    return ops.where(x == 0, 0.0, x * ops.log(ops.where(x == 0, 1.0, y)))',
    xlog1py:
      'def xlog1py(x, y):\n    return ops.where(x == 0, 0.0, x * ops.log1p(ops.where(x == 0, 0.0, y)))',
  },
  infinity: 'float("inf")',
  count: (x) => `ops.size(${x})`,
  size: (x, axis) => `ops.shape(${x})[${axis}]`,
  indicator: (condition, like) => `ops.cast(${condition}, ${like}.dtype)`,
  stop: (x) => `ops.stop_gradient(${x})`,
  norm: (x, axis, keep) =>
    `ops.sqrt(ops.maximum(ops.sum(${x} ** 2, axis=${axis}${keep ? ', keepdims=True' : ''}), 1e-12))`,
  safeRoot: (x) => `ops.sqrt(ops.maximum(${x}, 1e-12))`,
  logSoftmax: (x, axis) => `ops.log_softmax(${x}, axis=${axis})`,
};

const list = (axes: readonly number[]): string =>
  axes.length === 1 ? String(axes[0]) : `[${axes.join(', ')}]`;

/** Everything is a function, and numbers stay JavaScript's. */
export const tfjs: Dialect = {
  functions: {
    ...named('tf', [
      ...elementary,
      'sigmoid',
      'softplus',
      'add',
      'sub',
      'mul',
      'div',
      'neg',
      'pow',
      'less',
      'equal',
    ]),
    max: 'tf.maximum',
    min: 'tf.minimum',
    clamp: 'tf.clipByValue',
    xlogy: 'xlogy',
    lessEqual: 'tf.lessEqual',
    notEqual: 'tf.notEqual',
    and: 'tf.logicalAnd',
    or: 'tf.logicalOr',
  },
  numbers: {
    abs: 'Math.abs',
    exp: 'Math.exp',
    log: 'Math.log',
    log1p: 'Math.log1p',
    sqrt: 'Math.sqrt',
    max: 'Math.max',
    min: 'Math.min',
    pow: 'Math.pow',
  },
  helpers: {
    xlogy:
      'const xlogy = (x: tf.Tensor, y: tf.Tensor) =>\n  tf.where(tf.equal(x, 0), 0, tf.mul(x, tf.log(tf.where(tf.equal(x, 0), 1, y))));',
  },
  infinity: 'Infinity',
  operators: false,
  reduce(reduction, x, axes, keep) {
    return `tf.${reduction}(${x}${axes ? `, ${list(axes)}${keep ? ', true' : ''}` : ''})`;
  },
  square: (x) => `tf.square(${x})`,
  expand(x, places) {
    return places.reduce<string>(
      (code, place, i) => (place === null ? `tf.expandDims(${code}, ${i})` : code),
      x,
    );
  },
  squeeze: (x, _rank, ones) => `tf.squeeze(${x}, [${ones.join(', ')}])`,
  size: (x, axis) => `${x}.shape[${axis}]`,
  count: (x) => `${x}.size`,
  range: (count) => `tf.range(0, ${count})`,
  take(x, at, axis, rank) {
    const last = rank - 1;
    const selected = `tf.oneHot(tf.squeeze(${at}, [${axis}]), ${x}.shape[${axis}])`;
    const order = Array.from({ length: rank }, (_, i) => (i < axis ? i : i === axis ? last : i - 1));
    const turned = axis === last ? selected : `tf.transpose(${selected}, [${order.join(', ')}])`;
    return `tf.sum(tf.mul(${x}, ${turned}), ${axis}, true)`;
  },
  roll(x, offset, axis) {
    const n = `${x}.shape[${axis}]`;
    return `tf.gather(${x}, tf.mod(tf.range(${offset}, ${n} + ${offset}, 1, 'int32'), tf.scalar(${n}, 'int32')), ${axis})`;
  },
  // Comparisons have no gradient, and TensorFlow.js asks for one; a step has one, of 0.
  step: (x) => `tf.step(${x})`,
  blend: (step, above, below) => `tf.add(tf.mul(${step}, ${above}), tf.mul(tf.sub(1, ${step}), ${below}))`,
  safeRoot: (x) => `tf.sqrt(tf.maximum(${x}, 1e-12))`,
  norm: (x, axis, keep) =>
    `tf.sqrt(tf.maximum(tf.sum(tf.square(${x}), ${axis}${keep ? ', true' : ''}), 1e-12))`,
  logSoftmax: (x, axis) => `tf.logSoftmax(${x}, ${axis})`,
};
