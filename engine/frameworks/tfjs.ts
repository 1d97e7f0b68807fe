/**
 * `tf.losses` of TensorFlow.js, as version 4.22 computes them on its CPU backend, in float32. Every number, gradient and
 * refusal here was measured (test/golden/NOTES.md) and is held to the library's own answers by test/golden/data/tfjs.json.
 */
import { t } from '@vscode/l10n';
import { type Body, type Call, describe, type FrameworkSymbol, floatInput } from '../definition.ts';
import { LossLensError } from '../errors.ts';
import {
  abs,
  add,
  constant,
  type Dims,
  type Expr,
  equal,
  exp,
  index,
  less,
  lessEqual,
  log,
  logSoftmax,
  max,
  min,
  mul,
  neg,
  sigmoid,
  square,
  stop,
  sub,
  sum,
  where,
  withGradient,
} from '../language/expression.ts';
import { Space } from '../language/space.ts';
import { broadcastShape, sameShape, shapeMismatch } from '../layout.ts';
import { angleCurve, binaryCurve, classCurve, marginCurve, residualCurve } from '../losses/curves.ts';
import { squaredError } from '../losses/regression/mean-squared-error.ts';
import { type Argument, declare, inputArgument, parameterArgument, withDefault } from './symbol.ts';
import { logisticLoss } from './tensorflow/operations.ts';

// Weights and reductions

interface Placed {
  readonly truth: Expr;
  readonly prediction: Expr;
  readonly weights: Expr | undefined;
  /** What is summed over, and a dimension that the losses keep with an extent of 1. */
  readonly feature: Dims;
  readonly kept: Dims;
  /** How many losses there are for each weight. */
  readonly lossesPerWeight: number;
  readonly count: number;
}

/**
 * Two arrays of one shape, one of whose dimensions may be summed over, kept or not; and the weights, which are broadcast
 * against the losses that remain as NumPy does.
 * @throws LossLensError `shape-mismatch`.
 */
function place(
  call: Call,
  names: readonly [string, string],
  reduced?: { axis: number; keeps: boolean },
): Placed {
  const [first, second] = names;
  const shape = call.shape(first);
  if (!sameShape(shape, call.shape(second))) {
    throw shapeMismatch(call, first, second, t('TensorFlow.js wants both arrays of one shape.'));
  }
  const losses = shape.flatMap((size, d) => (d !== reduced?.axis ? [size] : reduced.keeps ? [1] : []));
  const weights = call.has('weights') ? call.shape('weights') : [];
  const together = broadcastShape(losses, weights);
  if (!together) {
    throw new LossLensError('shape-mismatch', t('The weights cannot be broadcast to the losses.'), {
      found: `weights ${describe(call.array('weights'))}, losses [${losses.join(', ')}]`,
      expected: t`[${losses.join(', ')}], or a number`,
    });
  }
  if (call.has('weights') && weights.length > 0 && weights.length !== losses.length) {
    call.warn(
      'broadcast',
      t`Weights [${weights.join(', ')}] of another rank are broadcast against losses [${losses.join(', ')}].`,
    );
  }
  const offset = together.length - losses.length;
  const isKept = (d: number): boolean => reduced?.keeps === true && d === offset + reduced.axis;
  const space = together.map((size, d) => ({ axis: isKept(d) ? 'kept' : 'batch', size }));
  call.space = new Space(reduced ? [...space, { axis: 'class', size: shape[reduced.axis]! }] : space);
  // Each of the arrays' dimensions along one of the losses, or along that which is summed over.
  const at = shape.map((size, d) => {
    if (d === reduced?.axis) return together.length;
    const own = offset + (reduced && !reduced.keeps && d > reduced.axis ? d - 1 : d);
    return size === 1 && together[own] !== 1 ? -1 : own;
  });
  const behind = together.length - weights.length;
  const count = losses.reduce((total, size) => total * size, 1);
  return {
    truth: call.place(first, at),
    prediction: call.place(second, at),
    weights: call.has('weights')
      ? call.place(
          'weights',
          weights.map((size, i) => (size === 1 && together[behind + i] !== 1 ? -1 : behind + i)),
        )
      : undefined,
    feature: call.space.axis('class'),
    kept: call.space.axis('kept'),
    lossesPerWeight: count / weights.reduce((total, size) => total * size, 1),
    count,
  };
}

/** The library's `computeWeightedLoss`. */
function weighted(call: Call, losses: Expr, { weights, lossesPerWeight, count }: Placed): Body {
  const dtype = 'float32' as const;
  const chosen = call.option<string>('reduction').toUpperCase();
  // Weights have no gradient where those that are not 0 are counted.
  const counts = chosen === 'SUM_BY_NONZERO_WEIGHTS';
  const weight = weights && counts ? stop(weights) : weights;
  const elements = weight ? mul(losses, weight) : losses;
  if (chosen === 'NONE') return { elements, reduction: 'none', dtype };
  if (chosen === 'SUM') return { elements, reduction: 'sum', dtype };
  if (!weight) return { elements, reduction: 'mean', denominator: constant(count), dtype };
  const denominator = counts
    ? sum(where(equal(weight, 0), 0, 1), elements.dims)
    : mul(sum(weight, weight.dims), Math.max(1, lossesPerWeight));
  return { elements, reduction: 'mean', denominator, dtype };
}

type Loss = (truth: Expr, prediction: Expr, call: Call) => Expr;

const elementwise =
  (names: readonly [string, string], loss: Loss) =>
  (call: Call): Body => {
    const placed = place(call, names);
    return weighted(call, loss(placed.truth, placed.prediction, call), placed);
  };

// Losses

/** |x|, whose slope the library takes to be −1 at 0. */
export const magnitude = (x: Expr): Expr =>
  withGradient(abs(x), [[x, where(less(0, x), 1, where(lessEqual(x, 0), -1, x))]]);

const absoluteDifference: Loss = (truth, prediction) => magnitude(sub(truth, prediction));

/** ½q² + δ(|r| − q) with q = min(|r|, δ). */
const huber: Loss = (truth, prediction, call) => {
  const delta = call.uniform('delta');
  const error = sub(prediction, truth);
  const size = abs(error);
  const inner = min(size, delta, { tie: 1 });
  const slope = where(lessEqual(size, delta), inner, delta);
  return withGradient(add(mul(0.5, square(inner)), mul(delta, sub(size, inner))), [
    [error, mul(slope, where(less(0, error), 1, where(lessEqual(error, 0), -1, error)))],
  ]);
};

/** max(0, 1 − (2y − 1)ŷ): labels are always moved from {0, 1} to {−1, 1}. */
const hinge: Loss = (truth, prediction) => {
  const margin = sub(1, mul(sub(mul(2, truth), 1), prediction));
  return withGradient(max(margin, 0, { tie: 0 }), [
    [margin, where(less(0, margin), 1, where(lessEqual(margin, 0), 0, margin))],
  ]);
};

const logLoss: Loss = (truth, prediction, call) => {
  const epsilon = call.uniform('epsilon');
  const ofOne = mul(truth, log(add(prediction, epsilon)));
  return sub(neg(ofOne), mul(sub(1, truth), log(add(sub(1, prediction), epsilon))));
};

/** y(1 − ε) + ε·share, for an ε above 0 only. */
function smoothed(call: Call, truth: Expr, share: number): Expr {
  if (call.sign('labelSmoothing') !== 1) return truth;
  const smoothing = call.uniform('labelSmoothing');
  return add(mul(truth, sub(1, smoothing)), mul(share, smoothing));
}

const sigmoidCrossEntropy: Loss = (truth, logits, call) =>
  sigmoidCrossEntropyOf(smoothed(call, truth, 0.5), logits);

/** The parts of the gradient are added up in an order that loses the digits of σ(x) − y where a large x is right. */
export const sigmoidCrossEntropyOf = (truth: Expr, logits: Expr): Expr =>
  withGradient(logisticLoss(logits, truth), [
    [logits, sub(sigmoid(logits), truth)],
    [truth, neg(logits)],
  ]);

function cosineProgram(call: Call): Body {
  const asked = call.option<number | null>('axis');
  const rank = call.shape('labels').length;
  const axis = asked !== null && asked < 0 ? asked + rank : asked;
  if (axis === null || axis < 0 || axis >= rank) {
    throw new LossLensError('parameter', t('The axis that holds the vectors has to be one of the arrays’.'), {
      found: `axis ${asked}, labels ${describe(call.array('labels'))}`,
      expected: rank > 0 ? t`from ${-rank} to ${rank - 1}` : t('arrays with dimensions'),
    });
  }
  const placed = place(call, ['labels', 'predictions'], { axis, keeps: true });
  const cosines = sum(mul(placed.truth, placed.prediction), placed.feature);
  // The position along an extent of 1 gives the losses that axis.
  const losses = sub(sub(1, cosines), mul(0, index(placed.kept)));
  return weighted(call, losses, placed);
}

/** −Σ y log softmax x. The library sends softmax − y to the logits, and the opposite of it to the labels. */
function softmaxProgram(call: Call): Body {
  const shape = call.shape('logits');
  if (shape.length === 0 || (shape.length === 1 && call.sign('labelSmoothing') === 1)) {
    throw new LossLensError(
      'shape-mismatch',
      t('Labels are smoothed by the extent of their second dimension.'),
      {
        found: `logits ${describe(call.array('logits'))}`,
        expected: '[N, K]',
      },
    );
  }
  const placed = place(call, ['onehotLabels', 'logits'], { axis: shape.length - 1, keeps: false });
  const truth = smoothed(call, placed.truth, 1 / shape[1]!);
  const logP = logSoftmax(placed.prediction, placed.feature);
  const p = exp(logP);
  const losses = withGradient(neg(sum(mul(logP, truth), placed.feature)), [
    [placed.prediction, sub(p, truth)],
    [truth, sub(truth, p)],
  ]);
  return weighted(call, losses, placed);
}

// Declarations

const required = (name: string, description: string): Argument =>
  inputArgument(floatInput(name, description));
const weights = withDefault(
  inputArgument(floatInput('weights', 'a number, or weights that broadcast to the losses', true)),
  'undefined',
);
const reduction = withDefault(
  parameterArgument({
    name: 'reduction',
    kind: 'choice',
    choices: ['SUM_BY_NONZERO_WEIGHTS', 'MEAN', 'SUM', 'NONE'],
    default: 'SUM_BY_NONZERO_WEIGHTS',
    description: 'how the losses become one number, of tf.Reduction',
  }),
  'Reduction.SUM_BY_NONZERO_WEIGHTS',
);
const number = (name: string, value: number, description: string): Argument =>
  parameterArgument({ name, kind: 'number', default: value, description });
const labelSmoothing = number('labelSmoothing', 0, 'how much of the labels is spread evenly');
const axis: Argument = {
  ...parameterArgument({
    name: 'axis',
    kind: 'integer',
    default: null,
    description: 'the dimension that holds the vectors',
  }),
  argument: { name: 'axis', kind: 'parameter' },
};

const caveats = [
  'The labels come first.',
  'The mean divides by how many weights are not 0, whatever their sum; by `Reduction.MEAN`, by their sum.',
  'Everything is computed in float32.',
];

interface TfjsSymbol {
  readonly function: string;
  readonly loss: string;
  readonly call: readonly Argument[];
  readonly caveats: readonly string[];
  readonly program: FrameworkSymbol['program'];
  readonly curve: FrameworkSymbol['curve'];
}

const symbol = ({ function: name, caveats: own, ...rest }: TfjsSymbol): FrameworkSymbol =>
  declare({
    ...rest,
    name: `tf.losses.${name}`,
    paths: [`tf.losses.${name}`],
    framework: 'tfjs',
    caveats: [...own, ...caveats],
  });

const pair = ['labels', 'predictions'] as const;
const regression = [
  required('labels', 'true values, any shape'),
  required('predictions', 'predicted values, same shape'),
];
const residual = residualCurve('predictions', 'labels');

export const tfjsSymbols: readonly FrameworkSymbol[] = [
  symbol({
    function: 'absoluteDifference',
    loss: 'mean-absolute-error',
    call: [...regression, weights, reduction],
    caveats: ['Where both are equal the gradient by the predictions is 1, not 0.'],
    program: elementwise(pair, absoluteDifference),
    curve: residual,
  }),
  symbol({
    function: 'meanSquaredError',
    loss: 'mean-squared-error',
    call: [...regression, weights, reduction],
    caveats: [],
    program: elementwise(pair, squaredError),
    curve: residual,
  }),
  symbol({
    function: 'huberLoss',
    loss: 'huber',
    call: [
      ...regression,
      weights,
      withDefault(number('delta', 1, 'where the parabola becomes a straight line'), '1.0'),
      reduction,
    ],
    caveats: ['`delta` comes after the weights and is not checked.'],
    program: elementwise(pair, huber),
    curve: residual,
  }),
  symbol({
    function: 'hingeLoss',
    loss: 'hinge',
    call: [
      required('labels', 'labels 0 or 1, any shape'),
      required('predictions', 'scores, same shape'),
      weights,
      reduction,
    ],
    caveats: ['Labels are 0 and 1 and always become −1 and 1: labels of −1 come out as −3.'],
    program: elementwise(pair, hinge),
    curve: (parameters) => {
      const { points: _moved, ...spec } = marginCurve('predictions', 'labels')(parameters);
      return { ...spec, xLabel: '(2 labels − 1) × predictions' };
    },
  }),
  symbol({
    function: 'logLoss',
    loss: 'binary-cross-entropy',
    call: [
      required('labels', 'labels 0 or 1, or probabilities, any shape'),
      required('predictions', 'probabilities, same shape'),
      weights,
      number('epsilon', 1e-7, 'added under each logarithm'),
      reduction,
    ],
    caveats: [
      '`epsilon` is added, not clipped: a sure right answer has a loss of −1e-7, and one outside [0, 1] may give NaN.',
    ],
    program: elementwise(pair, logLoss),
    curve: binaryCurve('predictions', 'labels', () => false),
  }),
  symbol({
    function: 'sigmoidCrossEntropy',
    loss: 'binary-cross-entropy',
    call: [
      required('multiClassLabels', 'labels 0 or 1, or probabilities, any shape'),
      required('logits', 'logits, same shape'),
      weights,
      labelSmoothing,
      reduction,
    ],
    caveats: ['Takes logits.', '`labelSmoothing` moves labels towards ½; below 0 it does nothing.'],
    program: elementwise(['multiClassLabels', 'logits'], sigmoidCrossEntropy),
    curve: binaryCurve('logits', 'multiClassLabels', () => true),
  }),
  symbol({
    function: 'softmaxCrossEntropy',
    loss: 'categorical-cross-entropy',
    call: [
      required('onehotLabels', 'one-hot or soft labels, [N, K]'),
      required('logits', 'logits, same shape'),
      weights,
      labelSmoothing,
      reduction,
    ],
    caveats: [
      'Takes logits, classes last.',
      'The gradient is softmax − labels, which is right only where labels add up to 1; by the labels it is the opposite of that.',
      'Labels are smoothed by the extent of the second dimension, which is the number of classes in [N, K] only.',
    ],
    program: softmaxProgram,
    curve: classCurve(
      { prediction: 'logits', target: 'onehotLabels', from: () => 'logit', axis: () => -1 },
      'one-hot',
    ),
  }),
  symbol({
    function: 'cosineDistance',
    loss: 'cosine-proximity',
    call: [
      required('labels', 'vectors of length 1 along the axis'),
      required('predictions', 'vectors of length 1, same shape'),
      axis,
      weights,
      reduction,
    ],
    caveats: [
      '1 − Σ of the products: nothing is normalised, so give it vectors of length 1.',
      'The axis stays with an extent of 1: weights for N vectors are [N, 1].',
    ],
    program: cosineProgram,
    curve: (parameters) => ({ ...angleCurve('predictions', 'labels')(parameters), parameters: { axis: 1 } }),
  }),
];
