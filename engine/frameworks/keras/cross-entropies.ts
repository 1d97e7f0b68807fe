import type { Body, Call, FrameworkSymbol } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  add,
  constant,
  div,
  type Expr,
  exp,
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
import { axisOf, requireValues } from '../../layout.ts';
import { binaryCurve, classCurve, divergenceCurve, type From } from '../../losses/curves.ts';
import {
  axis,
  clipCaveat,
  fromLogits,
  ignoreClass,
  labelSmoothing,
  pair,
  reduction,
  yPred,
  yTrue,
} from './declare.ts';
import { clipped, overLastAxis, reduced, requireFloatPrediction } from './numbers.ts';
import { type Placed, place } from './shapes.ts';

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
    program: overLastAxis(divergenceTerm, { squeezes: false, total: true }),
    curve: divergenceCurve('y_pred', 'y_true', () => ({ prediction: false, target: false })),
  }),
];
