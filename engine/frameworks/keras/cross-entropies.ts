import { t } from '@vscode/l10n';
import type { Body, Call, FrameworkSymbol } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  add,
  constant,
  type Dims,
  div,
  type Expr,
  equal,
  exp,
  index,
  less,
  log,
  logSoftmax,
  mean,
  mul,
  neg,
  notEqual,
  pick,
  sigmoid,
  softplus,
  sub,
  sum,
  where,
  withGradient,
} from '../../language/expression.ts';
import { requireValues } from '../../layout.ts';
import { crossEntropyOfLogit } from '../../losses/classification/binary-cross-entropy.ts';
import { generalized } from '../../losses/classification/generalized-cross-entropy.ts';
import { binaryCurve, classCurve, divergenceCurve, type From } from '../../losses/curves.ts';
import { type Argument, parameterArgument } from '../symbol.ts';
import { logisticSlope, power, sigmoidCrossEntropy, softmaxCrossEntropy } from '../tensorflow/operations.ts';
import {
  axis,
  backendOf,
  clipCaveat,
  fromLogits,
  ignoreClass,
  labelSmoothing,
  number,
  pair,
  reduction,
  yPred,
  yTrue,
} from './declare.ts';
import { clipped, overLastAxis, reduced, requireFloatPrediction } from './numbers.ts';
import { type Placed, place } from './shapes.ts';

function divergenceTerm(call: Call, prediction: Expr, truth: Expr): Expr {
  const [p, q] = [
    clipped(call, truth, { top: 1, byOps: true }),
    clipped(call, prediction, { top: 1, byOps: true }),
  ];
  return mul(p, log(div(p, q)));
}

const ofProbability = (p: Expr, y: Expr): Expr => neg(add(mul(y, log(p)), mul(sub(1, y), log(sub(1, p)))));

/** As each backend's own function has it: they part at infinite logits. */
function ofLogit(call: Call, x: Expr, y: Expr): Expr {
  const sloped = (value: Expr, slope: Expr): Expr =>
    withGradient(value, [
      [x, slope],
      [y, neg(x)],
    ]);
  switch (backendOf(call)) {
    case 'tensorflow':
      return sigmoidCrossEntropy(x, y);
    case 'torch':
      return sloped(sub(mul(sub(1, y), x), neg(softplus(neg(x)))), sub(sigmoid(x), y));
    case 'jax':
      return sloped(crossEntropyOfLogit(x, y), logisticSlope(x, y));
  }
}

/** @throws LossLensError `domain`: torch's function checks what it is given, and NaN is outside of everything. */
function checkAsTorch(call: Call): void {
  if (backendOf(call) !== 'torch') return;
  const smoothing = Number(call.option('label_smoothing'));
  requireValues(
    call,
    'y_pred',
    (p) => !Number.isNaN(p),
    'domain',
    t('On the torch backend NaN is refused (`all elements of input should be between 0 and 1`).'),
    'numbers',
  );
  requireValues(
    call,
    'y_true',
    (y) => {
      const smoothed = y * (1 - smoothing) + smoothing / 2;
      return smoothed >= 0 && smoothed <= 1;
    },
    'domain',
    t('On the torch backend labels outside [0, 1] are refused, as they are after smoothing.'),
    t('numbers from 0 to 1'),
  );
}

function warnOfOneClass(call: Call): void {
  call.warn('one-class', t('There is one class only: the loss is the same whatever is predicted.'));
}

function binaryCrossEntropyProgram(call: Call): Body {
  requireFloatPrediction(call, ['jax']);
  const placed = place(call, {
    differing: 'refuse',
    squeezes: false,
    axis: call.option<number>('axis'),
  });
  const { prediction, classes } = placed;
  const y = smoothedTruth(call, placed, 2);
  const isLogit = call.option('from_logits');
  if (!isLogit) checkAsTorch(call);
  const terms = isLogit ? ofLogit(call, prediction, y) : ofProbability(clipped(call, prediction), y);
  return reduced(call, mean(terms, classes), placed.weight);
}

function smoothedTruth(call: Call, { truth }: Placed, classes: number): Expr {
  if (call.vanishes('label_smoothing')) return truth;
  const smoothing = call.uniform('label_smoothing');
  return add(mul(truth, sub(1, smoothing)), div(smoothing, constant(classes)));
}

function categoricalCrossEntropyProgram(call: Call): Body {
  requireFloatPrediction(call, ['torch', 'jax']);
  const placed = place(call, {
    differing: 'refuse',
    squeezes: false,
    axis: call.option<number>('axis'),
  });
  const { prediction, classes, width, lastOfTruth, weight } = placed;
  if (width === 1) warnOfOneClass(call);
  // Keras spreads over as many classes as the last axis has, whatever `axis` is.
  const y = smoothedTruth(call, placed, lastOfTruth);
  if (!call.option('from_logits')) {
    const p = clipped(call, div(prediction, sum(prediction, classes)));
    return reduced(call, neg(sum(mul(y, log(p)), classes)), weight);
  }
  if (backendOf(call) !== 'tensorflow') {
    return reduced(call, neg(sum(mul(y, logSoftmax(prediction, classes)), classes)), weight);
  }
  const asked = call.option<number>('axis');
  if (asked < -1) {
    throw new LossLensError(
      'parameter',
      t('With logits, TensorFlow counts a class axis other than the last from the front.'),
      {
        found: `axis=${asked}`,
        expected: `axis=${asked + call.shape('y_pred').length}`,
      },
    );
  }
  return reduced(call, softmaxCrossEntropy(prediction, y, classes), weight);
}

function sparseCategoricalCrossEntropyProgram(call: Call): Body {
  requireFloatPrediction(call, ['torch', 'jax']);
  const backend = backendOf(call);
  const rank = call.shape('y_pred').length;
  const asked = call.option<number>('axis');
  if (backend !== 'torch' && asked !== -1 && asked !== rank - 1) {
    throw new LossLensError(
      'parameter',
      t('The classes of sparse labels are the last axis, unless Keras runs on torch.'),
      {
        found: `axis=${asked}`,
        expected: 'axis=-1',
      },
    );
  }
  const { prediction, truth, classes, weight, width } = place(call, {
    differing: 'refuse',
    squeezes: false,
    labels: 'index',
    axis: asked,
  });
  const ignored = call.option<number | null>('ignore_class');
  if (backend === 'jax') warnOfNoClass(call, width, ignored);
  else requireClasses(call, width, ignored);
  const counts = ignored === null ? undefined : notEqual(truth, call.uniform('ignore_class'));
  // What is ignored is replaced by 0 before anything: a NaN there reaches nothing.
  const rows = counts ? where(counts, prediction, 0) : prediction;
  const plain = neg(ofLabel(call, logProbabilities(call, rows, classes), truth, classes));
  if (!counts) return reduced(call, plain, weight);
  return reduced(call, where(counts, plain, 0), weight, where(counts, 1, 0));
}

/** @throws LossLensError `label-out-of-range`. */
function requireClasses(call: Call, width: number, ignored: number | null): void {
  requireValues(
    call,
    'y_true',
    (label) => (Math.trunc(label) >= 0 && Math.trunc(label) < width) || Math.trunc(label) === ignored,
    'label-out-of-range',
    t`y_pred has ${width} classes.`,
    t`labels from 0 to ${width - 1}`,
  );
}

function warnOfNoClass(call: Call, width: number, ignored: number | null): void {
  // As an integer JAX makes one number of NaN for the value and another for the gradient.
  requireValues(call, 'y_true', (label) => !Number.isNaN(label), 'domain', t('A label is NaN.'), 'labels');
  const outside = Array.from(call.array('y_true').data as ArrayLike<number>, (label) =>
    Math.trunc(Number(label)),
  ).filter((label) => (label < 0 || label >= width) && label !== ignored).length;
  if (outside === 0) return;
  call.warn(
    'label-out-of-range',
    t`${outside} of the labels are none of the ${width} classes: on JAX their loss is 0, without a word.`,
  );
}

/**
 * TensorFlow clips and then takes the logarithms for logits, so that the probabilities are normalised after the clip; the
 * others normalise before it.
 */
function logProbabilities(call: Call, rows: Expr, classes: Dims): Expr {
  if (call.option('from_logits')) return logSoftmax(rows, classes);
  if (backendOf(call) === 'tensorflow') return logSoftmax(log(clipped(call, rows)), classes);
  return log(clipped(call, div(rows, sum(rows, classes))));
}

/** JAX multiplies by a one-hot vector, zeros where the label is no class. */
function ofLabel(call: Call, logP: Expr, label: Expr, classes: Dims): Expr {
  if (backendOf(call) !== 'jax') return pick(logP, label, classes);
  return sum(mul(where(equal(index(classes), label), 1, 0), logP), classes);
}

/** x to the power of a parameter; on torch a power of 0 sends nothing back, not even of NaN. */
function powerOf(call: Call, x: Expr, exponent: string): Expr {
  if (backendOf(call) !== 'torch' || !call.vanishes(exponent)) return power(x, call.uniform(exponent));
  const never = less(x, Number.NEGATIVE_INFINITY);
  return where(never, x, 1);
}

/** On TensorFlow logits are taken back behind the sigmoid, for the cross-entropy alone. */
function binaryFocalProgram(call: Call): Body {
  requireFloatPrediction(call, ['jax']);
  const placed = place(call, { differing: 'refuse', squeezes: false, axis: call.option<number>('axis') });
  const { prediction, classes } = placed;
  const isLogit = call.option<boolean>('from_logits');
  const y = smoothedTruth(call, placed, 2);
  const p = isLogit ? sigmoid(prediction) : prediction;
  const right = add(mul(y, p), mul(sub(1, y), sub(1, p)));
  checkAsTorch(call);
  const isTakenBack = isLogit && backendOf(call) === 'tensorflow';
  const focused = mul(
    powerOf(call, sub(1, right), 'gamma'),
    isTakenBack ? sigmoidCrossEntropy(prediction, y) : ofProbability(clipped(call, p), y),
  );
  const alpha = call.uniform('alpha');
  const balance = add(mul(y, alpha), mul(sub(1, y), sub(1, alpha)));
  const terms = call.option('apply_class_balancing') ? mul(balance, focused) : focused;
  return reduced(call, mean(terms, classes), placed.weight);
}

function categoricalFocalProgram(call: Call): Body {
  requireFloatPrediction(call);
  if (call.shape('y_true').length === 0) {
    throw new LossLensError('shape-mismatch', t('Labels have a class axis, and a scalar has none.'), {
      found: 'y_true []',
      expected: '[N, K]',
    });
  }
  const placed = place(call, { differing: 'broadcast', squeezes: false, axis: call.option<number>('axis') });
  const { prediction, classes, ofPrediction, lastOfTruth, lastOfPrediction } = placed;
  if (lastOfPrediction === 1) warnOfOneClass(call);
  const y = smoothedTruth(call, placed, lastOfTruth);
  const given = call.option('from_logits') ? exp(logSoftmax(prediction, ofPrediction)) : prediction;
  const p = clipped(call, div(given, sum(given, ofPrediction)), { byOps: true });
  const terms = mul(mul(call.uniform('alpha'), powerOf(call, sub(1, p), 'gamma')), mul(neg(y), log(p)));
  return reduced(call, sum(terms, classes), placed.weight);
}

/** Labels become one-hot vectors, zeros where they are out of range, and those are broadcast against y_pred. */
function generalizedCrossEntropyProgram(call: Call): Body {
  requireFloatPrediction(call);
  const q = call.option<number | null>('q');
  if (q === null) {
    throw new LossLensError('parameter', t('The function has no default for q; the class takes 0.5.'), {
      found: t('no q'),
      expected: t('q=0.5, or another number'),
    });
  }
  const isClass = call.definition.parameters.some(({ name }) => name === 'reduction');
  if (isClass && !(q > 0 && q < 1)) {
    throw new LossLensError('parameter', t('The class takes q between 0 and 1, both excluded.'), {
      found: `q=${q}`,
      expected: t('a number above 0 and below 1'),
    });
  }
  const { prediction, truth, classes, weight, width } = place(call, {
    differing: 'broadcast',
    squeezes: false,
    labels: 'one-hot',
  });
  if (backendOf(call) === 'torch') requireClasses(call, width, null);
  // Multiplied, not selected: a NaN in a row reaches its loss from any class.
  const p = sum(mul(prediction, where(equal(index(classes), truth), 1, 0)), classes);
  return reduced(call, generalized(powerOf(call, p, 'q'), call.uniform('q')), weight);
}

const isLogit = (parameters: Record<string, unknown>): boolean => parameters.from_logits === true;
const classes = (labels: 'index' | 'one-hot'): FrameworkSymbol['curve'] =>
  classCurve(
    {
      prediction: 'y_pred',
      target: 'y_true',
      from: (parameters): From => (isLogit(parameters) ? 'logit' : 'probability'),
      axis: (parameters) => Number(parameters.axis),
      ignored: (parameters) => (parameters.ignore_class ?? null) as number | null,
    },
    labels,
  );

const gamma = number('gamma', 2, 'how strongly easy examples are played down');
const applyClassBalancing = parameterArgument({
  name: 'apply_class_balancing',
  kind: 'boolean',
  default: false,
  description: 'whether the classes are weighted by alpha and 1 − alpha',
});

/** A number that the function has no default for. */
const required = (name: string, description: string): Argument => ({
  ...parameterArgument({ name, kind: 'number', default: null, description }),
  argument: { name, kind: 'parameter' },
});

export const crossEntropies: readonly FrameworkSymbol[] = [
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
    program: overLastAxis(divergenceTerm, { squeezes: false, over: sum, integers: ['torch', 'jax'] }),
    curve: divergenceCurve('y_pred', 'y_true', () => ({ prediction: false, target: false })),
  }),
  ...pair({
    class: 'BinaryFocalCrossentropy',
    function: 'binary_focal_crossentropy',
    loss: 'focal',
    inputs: [
      yTrue('labels 0 or 1, or probabilities, any shape'),
      yPred('probabilities, or logits with from_logits, same shape'),
    ],
    options: [
      applyClassBalancing,
      number(
        'alpha',
        0.25,
        'the weight of class 1, and 1 − alpha that of class 0, with apply_class_balancing',
      ),
      gamma,
      fromLogits,
      labelSmoothing,
      axis('the axis that the mean is taken over'),
    ],
    name: 'binary_focal_crossentropy',
    caveats: [
      '`alpha` does nothing unless `apply_class_balancing=True`.',
      'Takes probabilities unless `from_logits=True`.',
      clipCaveat,
    ],
    program: binaryFocalProgram,
    curve: binaryCurve('y_pred', 'y_true', isLogit),
  }),
  ...pair({
    class: 'CategoricalFocalCrossentropy',
    function: 'categorical_focal_crossentropy',
    loss: 'focal',
    inputs: [
      yTrue('one-hot or soft labels, [N, K] or any rank'),
      yPred('probabilities, or logits with from_logits, same shape'),
    ],
    options: [
      number('alpha', 0.25, 'the weight of every class'),
      gamma,
      fromLogits,
      labelSmoothing,
      axis('the class axis'),
    ],
    name: 'categorical_focal_crossentropy',
    caveats: [
      '`alpha` multiplies every class alike.',
      'Logits go through softmax and are clipped like probabilities: the loss of one element is bounded.',
      'Unequal shapes are broadcast silently.',
    ],
    program: categoricalFocalProgram,
    curve: classes('one-hot'),
  }),
  ...pair({
    class: 'CategoricalGeneralizedCrossEntropy',
    function: 'categorical_generalized_cross_entropy',
    loss: 'generalized-cross-entropy',
    inputs: [yTrue('class numbers, [N]', 'any'), yPred('probabilities, [N, K]')],
    options: [required('q', 'from cross-entropy (towards 0) to absolute error (towards 1)')],
    classOptions: [
      number('q', 0.5, 'from cross-entropy (towards 0) to absolute error (towards 1)'),
      reduction,
    ],
    name: 'categorical_generalized_cross_entropy',
    isMetric: false,
    caveats: [
      'Labels are class numbers, in spite of the name. Labels `[N, 1]` are broadcast against `[N, K]` into N × N losses.',
      'A label outside the classes gives 1/q and a NaN gradient, not an error.',
      'Nothing is clipped: a probability of 0 at the label gives an infinite gradient.',
      'It has no string id.',
    ],
    program: generalizedCrossEntropyProgram,
    curve: (parameters) => ({
      ...classCurve(
        { prediction: 'y_pred', target: 'y_true', from: () => 'probability', axis: () => -1 },
        'index',
      )(parameters),
      parameters: { q: parameters.q ?? 0.5 },
    }),
  }),
];
