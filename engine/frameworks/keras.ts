/**
 * `keras.losses` (also `tf.keras.losses`), as Keras 3.15 computes them on the TensorFlow backend. Every number and
 * refusal here was measured (test/golden/NOTES.md) and is held to Keras' own answers by test/golden/data/keras.json.
 */
import { cast, isFloat } from '../array.ts';
import type { ParameterInfo } from '../catalogue.ts';
import { type Body, type Call, describe, type FrameworkSymbol, floatInput } from '../definition.ts';
import { LossLensError } from '../errors.ts';
import type { Reduction } from '../evaluation.ts';
import {
  abs,
  add,
  clamp,
  constant,
  type Dims,
  div,
  type Expr,
  equal,
  exp,
  type Input,
  lessEqual,
  log,
  logSoftmax,
  mean,
  mul,
  neg,
  notEqual,
  pick,
  sigmoid,
  sign,
  softplus,
  sub,
  sum,
  where,
  withGradient,
} from '../language/expression.ts';
import { Space } from '../language/space.ts';
import { axisOf, broadcastShape, requireValues, sameShape } from '../layout.ts';
import { hingeLoss } from '../losses/classification/hinge.ts';
import {
  binaryCurve,
  classCurve,
  divergenceCurve,
  type From,
  marginCurve,
  residualCurve,
} from '../losses/curves.ts';
import { huberLoss } from '../losses/regression/huber.ts';
import { absoluteError } from '../losses/regression/mean-absolute-error.ts';
import { squaredError } from '../losses/regression/mean-squared-error.ts';
import {
  type Argument,
  declare,
  ignoredArgument,
  inputArgument,
  parameterArgument,
  withDefault,
} from './symbol.ts';

// Arguments

const yTrue = (description: string, kind: 'float' | 'any' = 'float'): Argument =>
  inputArgument({ name: 'y_true', kind, optional: false, description });
const yPred = (description: string): Argument => inputArgument(floatInput('y_pred', description));
const sampleWeight = inputArgument(
  floatInput('sample_weight', 'a weight for each sample, or for each unreduced value', true),
);

const reduction = parameterArgument({
  name: 'reduction',
  kind: 'choice',
  choices: ['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none', null],
  default: 'sum_over_batch_size',
  description: 'how the values of the samples become one number',
});
const dtype = parameterArgument({
  name: 'dtype',
  kind: 'choice',
  choices: [null, 'float32', 'float64'],
  default: null,
  description: 'what everything is cast to first: float32, unless given',
});
const fromLogits = parameterArgument({
  name: 'from_logits',
  kind: 'boolean',
  default: false,
  description: 'whether y_pred holds logits, not probabilities',
});
const labelSmoothing = withDefault(
  parameterArgument({
    name: 'label_smoothing',
    kind: 'number',
    default: 0,
    description: 'how much of y_true is spread evenly over the classes',
  }),
  '0.0',
);
const axis = (description: string): Argument =>
  parameterArgument({ name: 'axis', kind: 'integer', default: -1, description });
const ignoreClass = parameterArgument({
  name: 'ignore_class',
  kind: 'integer',
  default: null,
  description: 'the label that counts nothing',
});
const deltaInfo: ParameterInfo = {
  name: 'delta',
  kind: 'number',
  default: 1,
  description: 'where the parabola becomes a straight line',
};
const delta = withDefault(parameterArgument(deltaInfo), '1.0');

// Shapes

/** A dimension of an array as Keras sees it: its size, and which of the array's own it is (none: added by Keras). */
interface Extent {
  readonly size: number;
  readonly own?: number;
}

const extents = (shape: readonly number[]): Extent[] => shape.map((size, own) => ({ size, own }));
const sizes = (list: readonly Extent[]): number[] => list.map(({ size }) => size);

/**
 * Keras' rule for ranks that differ by one where the longer ends in an axis of 1: a 1-D partner gets that axis too, any
 * other lets the longer lose it.
 */
function squeezeOrExpand(a: Extent[], b: Extent[]): [Extent[], Extent[]] {
  if (a.length === b.length + 1 && a.at(-1)!.size === 1) {
    return b.length === 1 ? [a, [...b, { size: 1 }]] : [a.slice(0, -1), b];
  }
  if (b.length === a.length + 1 && b.at(-1)!.size === 1) {
    const [second, first] = squeezeOrExpand(b, a);
    return [first, second];
  }
  return [a, b];
}

function mismatch(call: Call, sentence: string): LossLensError {
  return new LossLensError('shape-mismatch', sentence, {
    found: `y_true ${describe(call.array('y_true'))}, y_pred ${describe(call.array('y_pred'))}`,
    expected: 'two equal shapes',
  });
}

interface Placed {
  readonly truth: Input;
  readonly prediction: Input;
  readonly weight: Input | undefined;
  /** The axis that the function reduces. */
  readonly classes: Dims;
  /** How long that axis is before it is reduced, and the last one. */
  readonly width: number;
  readonly last: number;
}

interface Layout {
  /** What the function does where the two shapes differ: refuse, or broadcast as NumPy does. */
  readonly differing: 'refuse' | 'broadcast';
  /** Whether the function itself squeezes a last axis of 1; classes always do. */
  readonly squeezes: boolean;
  readonly axis?: number;
  /** y_true has no class axis. */
  readonly labels?: boolean;
}

/**
 * Lays y_true, y_pred and the sample weights out. The weights meet the values that remain when the class axis is gone, by
 * the same squeezing and by NumPy's broadcasting, which may give the values more axes than the samples have.
 */
function place(call: Call, layout: Layout): Placed {
  const isClass = call.definition.parameters.some((parameter) => parameter.name === 'reduction');
  let [truth, prediction] = [extents(call.shape('y_true')), extents(call.shape('y_pred'))];
  if (layout.labels) {
    if (truth.length === prediction.length && truth.at(-1)?.size === 1) truth = truth.slice(0, -1);
  } else if (layout.squeezes || isClass) {
    [truth, prediction] = squeezeOrExpand(truth, prediction);
  }
  if (prediction.length === 0) {
    throw mismatch(call, 'Keras reduces the last axis, and a scalar has none.');
  }
  let whole: Extent[];
  if (layout.labels) {
    if (!sameShape(sizes(truth), sizes(prediction.slice(0, -1)))) {
      throw mismatch(call, 'Labels have the shape of y_pred without its class axis.');
    }
    whole = prediction;
  } else {
    if (layout.differing === 'refuse' && !sameShape(sizes(truth), sizes(prediction))) {
      throw mismatch(call, 'Keras wants y_true and y_pred of one shape here.');
    }
    const shape = broadcastShape(sizes(truth), sizes(prediction));
    if (!shape) throw mismatch(call, 'Keras cannot broadcast these shapes together.');
    if (!sameShape(sizes(truth), sizes(prediction))) {
      call.warn(
        'broadcast',
        `Keras broadcasts silently: y_true [${sizes(truth).join(', ')}] and y_pred [${sizes(prediction).join(', ')}] are compared as [${shape.join(', ')}].`,
      );
    }
    whole = extents(shape);
  }
  const classAxis = ((layout.axis ?? -1) + whole.length) % whole.length;
  let values = whole.map(({ size }, own) => ({ size, own })).filter((_extent, d) => d !== classAxis);
  let weight: Extent[] = [];
  if (call.has('sample_weight')) {
    weight = extents(call.shape('sample_weight'));
    [weight, values] = squeezeOrExpand(weight, values) as [Extent[], { size: number; own: number }[]];
  }
  const result = broadcastShape(sizes(weight), sizes(values));
  if (!result) {
    throw new LossLensError('shape-mismatch', 'The sample weights do not fit the values of the samples.', {
      found: `sample_weight ${describe(call.array('sample_weight'))}, values [${sizes(values).join(', ')}]`,
      expected: `[${sizes(values).join(', ')}], or a shape that broadcasts to it`,
    });
  }

  // The space: axes that only the weights have, then y_pred's own with the class axis in its place, then one that was added.
  const dimensions: { axis: string; size: number }[] = [];
  const ofWhole = new Array<number>(whole.length);
  const ofResult: number[] = [];
  const offset = result.length - values.length;
  result.forEach((size, i) => {
    const own = values[i - offset]?.own;
    if (own !== undefined && own > classAxis && ofWhole[classAxis] === undefined) addClassAxis();
    if (own !== undefined) ofWhole[own] = dimensions.length;
    ofResult.push(dimensions.length);
    dimensions.push({ axis: 'batch', size });
  });
  if (ofWhole[classAxis] === undefined) addClassAxis();
  call.space = new Space(dimensions);

  function addClassAxis(): void {
    ofWhole[classAxis] = dimensions.length;
    dimensions.push({ axis: 'class', size: whole[classAxis]!.size });
  }

  const put = (
    name: string,
    list: readonly Extent[],
    along: readonly number[],
    data = call.array(name),
  ): Input => {
    const at = new Array<number>(call.shape(name).length).fill(-1);
    list.forEach(({ size, own }, i) => {
      const d = along[along.length - list.length + i]!;
      if (own !== undefined && !(size === 1 && dimensions[d]!.size !== 1)) at[own] = d;
    });
    return call.place(name, at, data);
  };
  return {
    prediction: put('y_pred', prediction, ofWhole),
    truth: layout.labels
      ? put('y_true', truth, ofWhole.slice(0, -1), {
          ...call.array('y_true'),
          data: cast(call.array('y_true').data, 'int32'),
        })
      : put('y_true', truth, ofWhole),
    weight: call.has('sample_weight') ? put('sample_weight', weight, ofResult) : undefined,
    classes: call.space.axis('class'),
    width: whole[classAxis]!.size,
    last: whole.at(-1)!.size,
  };
}

// Numbers

/** What the symbol computes in: a class casts to its dtype, a function takes that of y_pred. */
function dtypeOf(call: Call): 'float32' | 'float64' {
  const hasDtype = call.definition.parameters.some((parameter) => parameter.name === 'dtype');
  if (hasDtype) return call.option<'float64' | null>('dtype') ?? 'float32';
  const prediction = call.array('y_pred');
  return prediction.dtype === 'float64' && !prediction.weak ? 'float64' : 'float32';
}

/** @throws LossLensError `dtype` where a function is given integers that TensorFlow will not compute with. */
function requireFloatPrediction(call: Call): void {
  const prediction = call.array('y_pred');
  const isFunction = !call.definition.parameters.some((parameter) => parameter.name === 'dtype');
  if (isFunction && !prediction.weak && !isFloat(prediction.dtype)) {
    throw new LossLensError(
      'dtype',
      `${call.definition.name} does not compute with integers; the class casts them.`,
      {
        found: `y_pred ${describe(prediction)}`,
        expected: 'float32 or float64',
      },
    );
  }
}

/** Keras' 10⁻⁷, and what is left of 1 above it, in the dtype that it computes in. */
function clipped(call: Call, x: Expr, top?: number): Expr {
  const single = dtypeOf(call) === 'float32';
  const epsilon = single ? Math.fround(1e-7) : 1e-7;
  const high = single ? Math.fround(1 - epsilon) : 1 - epsilon;
  return clamp(x, epsilon, top ?? high, { atBounds: 1 });
}

/** A quotient whose denominator is 0 is 0, with no gradient: so Keras divides where everything was masked away. */
const safely = (denominator: Expr): Expr =>
  where(equal(denominator, 0), Number.POSITIVE_INFINITY, denominator);

/** The class's reduction of the weighted values, or the function's values as they are. */
function reduced(call: Call, values: Expr, weight: Expr | undefined, valid?: Expr): Body {
  const elements = weight ? mul(values, weight) : values;
  const body = { elements, dtype: dtypeOf(call) };
  if (!call.definition.parameters.some((parameter) => parameter.name === 'reduction')) {
    return { ...body, reduction: 'none' };
  }
  const shape = call.space.shape(elements.dims);
  const chosen = call.option<string | null>('reduction');
  // Keras returns an empty batch as it is, whatever the reduction.
  if (chosen === null || chosen === 'none' || sameShape(shape, [0])) return { ...body, reduction: 'none' };
  if (chosen === 'sum') return { ...body, reduction: 'sum' };
  const mean: { reduction: Reduction } = { reduction: 'mean' };
  if (chosen === 'mean_with_sample_weight' && (weight || valid)) {
    const counted = weight && valid ? mul(weight, valid) : (weight ?? valid)!;
    return { ...body, ...mean, denominator: safely(sum(counted, counted.dims)) };
  }
  return valid ? { ...body, ...mean, denominator: safely(sum(valid, elements.dims)) } : { ...body, ...mean };
}

// Programs

/** A loss that compares element by element and takes the mean (or the sum) of the last axis. */
function overLastAxis(
  termOf: (call: Call, prediction: Expr, truth: Expr) => Expr,
  options: { squeezes: boolean; total?: boolean; integers?: boolean },
) {
  return (call: Call): Body => {
    if (!options.integers) requireFloatPrediction(call);
    const { prediction, truth, weight, classes } = place(call, {
      differing: 'broadcast',
      squeezes: options.squeezes,
    });
    const terms = termOf(call, prediction, truth);
    return reduced(call, options.total ? sum(terms, classes) : mean(terms, classes), weight);
  };
}

/** TensorFlow's gradient of a `where` multiplies the branch not taken by 0: at an infinite residual that is NaN. */
function huberTerm(call: Call, prediction: Expr, truth: Expr): Expr {
  const bound = call.uniform('delta');
  const residual = sub(prediction, truth);
  const beyond = add(mul(bound, sign(residual)), mul(0, residual));
  return withGradient(huberLoss(prediction, truth, bound), [
    [prediction, where(lessEqual(abs(residual), bound), residual, beyond)],
    [truth, neg(where(lessEqual(abs(residual), bound), residual, beyond))],
  ]);
}

/** Labels are moved from {0, 1} to {−1, 1} only if every one of them is 0 or 1. */
function hingeTerm(call: Call, prediction: Expr, truth: Expr): Expr {
  const labels = call.array('y_true').data;
  let binary = true;
  for (let i = 0; i < labels.length && binary; i++)
    binary = Number(labels[i]) === 0 || Number(labels[i]) === 1;
  if (binary) call.warn('labels', 'Every label is 0 or 1: Keras takes them as −1 and 1.');
  return hingeLoss(prediction, binary ? sub(mul(2, truth), 1) : truth, { atKink: 1 });
}

function divergenceTerm(call: Call, prediction: Expr, truth: Expr): Expr {
  const [p, q] = [clipped(call, truth, 1), clipped(call, prediction, 1)];
  return mul(p, log(div(p, q)));
}

function binaryCrossEntropyProgram(call: Call): Body {
  requireFloatPrediction(call);
  const placed = place(call, {
    differing: 'refuse',
    squeezes: false,
    axis: axisOf(call, 'y_pred', call.option<number>('axis')),
  });
  const { prediction, classes } = placed;
  const y = smoothedTruth(call, placed, 2);
  let terms: Expr;
  if (call.option('from_logits')) {
    terms = withGradient(sub(softplus(prediction), mul(prediction, y)), [
      [prediction, sub(sigmoid(prediction), y)],
      [y, neg(prediction)],
    ]);
  } else {
    const p = clipped(call, prediction);
    terms = neg(add(mul(y, log(p)), mul(sub(1, y), log(sub(1, p)))));
  }
  return reduced(call, mean(terms, classes), placed.weight);
}

function smoothedTruth(call: Call, { truth }: Placed, classes: number): Expr {
  if (call.vanishes('label_smoothing')) return truth;
  const smoothing = call.uniform('label_smoothing');
  return add(mul(truth, sub(1, smoothing)), div(smoothing, constant(classes)));
}

function categoricalCrossEntropyProgram(call: Call): Body {
  requireFloatPrediction(call);
  const placed = place(call, {
    differing: 'refuse',
    squeezes: false,
    axis: axisOf(call, 'y_pred', call.option<number>('axis')),
  });
  const { prediction, classes, width, last, weight } = placed;
  if (width === 1) {
    call.warn('one-class', 'There is one class only: the loss is the same whatever is predicted.');
  }
  // Keras spreads over as many classes as the last axis has, whatever `axis` is.
  const y = smoothedTruth(call, placed, last);
  if (!call.option('from_logits')) {
    const p = clipped(call, div(prediction, sum(prediction, classes)));
    return reduced(call, neg(sum(mul(y, log(p)), classes)), weight);
  }
  const asked = call.option<number>('axis');
  if (asked < -1) {
    throw new LossLensError(
      'parameter',
      'With logits, TensorFlow counts a class axis other than the last from the front.',
      {
        found: `axis=${asked}`,
        expected: `axis=${asked + call.shape('y_pred').length}`,
      },
    );
  }
  const logP = logSoftmax(prediction, classes);
  // TensorFlow's kernel sends back softmax − y, which is the derivative only where y sums to 1.
  const values = withGradient(neg(sum(mul(y, logP), classes)), [
    [prediction, sub(exp(logP), y)],
    [y, neg(logP)],
  ]);
  return reduced(call, values, weight);
}

function sparseCategoricalCrossEntropyProgram(call: Call): Body {
  requireFloatPrediction(call);
  const rank = call.shape('y_pred').length;
  const asked = call.option<number>('axis');
  if (asked !== -1 && asked !== rank - 1) {
    throw new LossLensError(
      'parameter',
      'On the TensorFlow backend the classes of sparse labels are the last axis.',
      {
        found: `axis=${asked}`,
        expected: 'axis=-1',
      },
    );
  }
  const { prediction, truth, classes, weight, width } = place(call, {
    differing: 'refuse',
    squeezes: false,
    labels: true,
  });
  const ignored = call.option<number | null>('ignore_class');
  requireValues(
    call,
    'y_true',
    (label) => (Math.trunc(label) >= 0 && Math.trunc(label) < width) || Math.trunc(label) === ignored,
    'label-out-of-range',
    `y_pred has ${width} classes.`,
    `labels from 0 to ${width - 1}`,
  );
  const counts = ignored === null ? undefined : notEqual(truth, call.uniform('ignore_class'));
  // What is ignored is replaced by 0 before anything: a NaN there reaches nothing.
  const rows = counts ? where(counts, prediction, 0) : prediction;
  // Clipped, then taken for logits: so the probabilities are normalised again after the clip.
  const logits = call.option('from_logits') ? rows : log(clipped(call, rows));
  const plain = neg(pick(logSoftmax(logits, classes), truth, classes));
  if (!counts) return reduced(call, plain, weight);
  return reduced(call, where(counts, plain, 0), weight, where(counts, 1, 0));
}

// Declarations

interface Pair {
  readonly class: string;
  readonly function: string;
  /** Other names of the function that `tf.keras` still has. */
  readonly aliases?: readonly string[];
  readonly loss: string;
  readonly inputs: readonly [Argument, Argument];
  readonly options?: readonly Argument[];
  /** The class's own order, where it is not the options, then the reduction. */
  readonly classOptions?: readonly Argument[];
  readonly name: string;
  readonly caveats: readonly string[];
  readonly program: (call: Call) => Body;
  readonly curve: FrameworkSymbol['curve'];
}

const homes = ['keras.losses', 'tensorflow.keras.losses', 'tensorflow.losses', 'tf_keras.losses'];

/** A Keras class and its function: one program. */
function pair(declared: Pair): FrameworkSymbol[] {
  const shared = {
    framework: 'keras',
    loss: declared.loss,
    program: declared.program,
    curve: declared.curve,
  } as const;
  const options = declared.options ?? [];
  return [
    declare({
      ...shared,
      name: `keras.losses.${declared.class}`,
      paths: homes.map((home) => `${home}.${declared.class}`),
      constructor_: [
        ...(declared.classOptions ?? [...options, reduction]),
        ignoredArgument('name', `'${declared.name}'`),
        dtype,
      ],
      call: [...declared.inputs, sampleWeight],
      caveats: [
        ...declared.caveats,
        'The mean divides by the number of values, even where `sample_weight` does not add up to it.',
        'Everything is cast to float32 first, unless `dtype` says otherwise.',
      ],
    }),
    declare({
      ...shared,
      name: `keras.losses.${declared.function}`,
      paths: [
        ...homes.map((home) => `${home}.${declared.function}`),
        ...['keras.metrics', 'tensorflow.keras.metrics', 'tf_keras.metrics'].map(
          (home) => `${home}.${declared.function}`,
        ),
        ...(declared.aliases ?? []).flatMap((alias) => homes.slice(1).map((home) => `${home}.${alias}`)),
      ],
      call: [...declared.inputs, ...options],
      caveats: ['The function reduces the last axis only: one value a sample.', ...declared.caveats],
    }),
  ];
}

const regression: readonly [Argument, Argument] = [
  yTrue('true values, any shape'),
  yPred('predicted values, same shape'),
];
const isLogit = (parameters: Record<string, unknown>): boolean => parameters['from_logits'] === true;
const classes = (labels: 'index' | 'one-hot'): FrameworkSymbol['curve'] =>
  classCurve(
    {
      prediction: 'y_pred',
      target: 'y_true',
      from: (parameters): From => (isLogit(parameters) ? 'logit' : 'probability'),
      axis: (parameters) => Number(parameters['axis']),
      ignored: (parameters) => (parameters['ignore_class'] ?? null) as number | null,
    },
    labels,
  );

const squeezeCaveat =
  'A last axis of 1 is squeezed or added where the ranks differ by one: `[N, 1]` against `[N]` is what it looks like.';
const clipCaveat =
  'Probabilities are clipped to [1e-7, 1 − 1e-7]: in float32 the loss of one element is at most 16.118.';

export const kerasSymbols: readonly FrameworkSymbol[] = [
  ...pair({
    class: 'MeanSquaredError',
    function: 'mean_squared_error',
    aliases: ['MSE', 'mse'],
    loss: 'mean-squared-error',
    inputs: regression,
    name: 'mean_squared_error',
    caveats: [squeezeCaveat],
    program: overLastAxis((_call, prediction, truth) => squaredError(prediction, truth), {
      squeezes: true,
      integers: true,
    }),
    curve: residualCurve('y_pred', 'y_true'),
  }),
  ...pair({
    class: 'MeanAbsoluteError',
    function: 'mean_absolute_error',
    aliases: ['MAE', 'mae'],
    loss: 'mean-absolute-error',
    inputs: regression,
    name: 'mean_absolute_error',
    caveats: [squeezeCaveat],
    program: overLastAxis((_call, prediction, truth) => absoluteError(prediction, truth), {
      squeezes: true,
      integers: true,
    }),
    curve: residualCurve('y_pred', 'y_true'),
  }),
  ...pair({
    class: 'Huber',
    function: 'huber',
    loss: 'huber',
    inputs: regression,
    options: [delta],
    name: 'huber_loss',
    caveats: [squeezeCaveat, '`delta` is not checked: a negative one runs and gives negative losses.'],
    program: overLastAxis(huberTerm, { squeezes: true, integers: true }),
    curve: residualCurve('y_pred', 'y_true'),
  }),
  ...pair({
    class: 'BinaryCrossentropy',
    function: 'binary_crossentropy',
    loss: 'binary-cross-entropy',
    inputs: [
      yTrue('labels 0 or 1, or probabilities, any shape'),
      yPred('probabilities, or logits with from_logits, same shape'),
    ],
    options: [fromLogits, labelSmoothing, axis('the axis that the mean is taken over')],
    name: 'binary_crossentropy',
    caveats: ['Takes probabilities unless `from_logits=True`.', clipCaveat, 'y_true is not checked.'],
    program: binaryCrossEntropyProgram,
    curve: binaryCurve('y_pred', 'y_true', isLogit),
  }),
  ...pair({
    class: 'CategoricalCrossentropy',
    function: 'categorical_crossentropy',
    loss: 'categorical-cross-entropy',
    inputs: [
      yTrue('one-hot or soft labels, [N, K] or any rank'),
      yPred('probabilities, or logits with from_logits, same shape'),
    ],
    options: [fromLogits, labelSmoothing, axis('the class axis')],
    name: 'categorical_crossentropy',
    caveats: [
      'Takes probabilities unless `from_logits=True`; it divides them by their sum first, so logits give a number too.',
      clipCaveat,
      'With logits, TensorFlow sends back softmax − y_true, which is the derivative only where y_true sums to 1.',
    ],
    program: categoricalCrossEntropyProgram,
    curve: classes('one-hot'),
  }),
  ...pair({
    class: 'SparseCategoricalCrossentropy',
    function: 'sparse_categorical_crossentropy',
    loss: 'sparse-categorical-cross-entropy',
    inputs: [
      yTrue('class numbers, [N] or [N, 1]', 'any'),
      yPred('probabilities, or logits with from_logits, [N, K]'),
    ],
    options: [fromLogits, ignoreClass, axis('the class axis: the last one')],
    classOptions: [fromLogits, ignoreClass, reduction, axis('the class axis: the last one')],
    name: 'sparse_categorical_crossentropy',
    caveats: [
      'Takes probabilities unless `from_logits=True`.',
      'On the TensorFlow backend probabilities are clipped, then normalised again: other backends normalise first.',
      'With `ignore_class`, the mean divides by the number of labels that count.',
    ],
    program: sparseCategoricalCrossEntropyProgram,
    curve: classes('index'),
  }),
  ...pair({
    class: 'KLDivergence',
    function: 'kl_divergence',
    aliases: ['KLD', 'kld', 'kullback_leibler_divergence'],
    loss: 'kl-divergence',
    inputs: [
      yTrue('true probabilities P, [N, K] or any rank'),
      yPred("the model's probabilities Q, same shape"),
    ],
    name: 'kl_divergence',
    caveats: [
      'Both arguments are probabilities, not logarithms, and are clipped to [1e-7, 1]; neither is normalised.',
      'The class divides by the batch, so it agrees with torch where that says `batchmean`.',
    ],
    program: overLastAxis(divergenceTerm, { squeezes: false, total: true }),
    curve: divergenceCurve('y_pred', 'y_true', () => ({ prediction: false, target: false })),
  }),
  ...pair({
    class: 'Hinge',
    function: 'hinge',
    loss: 'hinge',
    inputs: [yTrue('labels −1 or 1 (or 0 and 1), any shape'), yPred('scores, same shape')],
    name: 'hinge',
    caveats: [
      'Labels 0 and 1 become −1 and 1 only if every label of the array is 0 or 1.',
      'Where y_true × y_pred is exactly 1 TensorFlow sends back the whole gradient, other backends half of it.',
    ],
    program: overLastAxis(hingeTerm, { squeezes: false }),
    curve: marginCurve('y_pred', 'y_true'),
  }),
];
