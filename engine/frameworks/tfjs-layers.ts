/**
 * The losses that `compile` of a TensorFlow.js model knows by a string, as version 4.22 computes them for each sample, in
 * float32; `tf.layers.meanSquaredError` stands for `'meanSquaredError'`. Held to the library's answers as `tf.losses` is.
 */
import { t } from '@vscode/l10n';
import { array } from '../array.ts';
import {
  actsAsFloat,
  type Body,
  type Call,
  describe,
  type FrameworkSymbol,
  floatInput,
} from '../definition.ts';
import { LossLensError } from '../errors.ts';
import {
  add,
  and,
  clamp,
  constant,
  type Dims,
  div,
  type Expr,
  equal,
  index,
  less,
  lessEqual,
  log,
  max,
  maxOver,
  mean,
  mul,
  neg,
  softplus,
  sqrt,
  square,
  sub,
  sum,
  where,
  withGradient,
} from '../language/expression.ts';
import { Space } from '../language/space.ts';
import { broadcast, sameShape, shapeMismatch } from '../layout.ts';
import {
  angleCurve,
  binaryCurve,
  classCurve,
  divergenceCurve,
  marginCurve,
  predictionCurve,
  rateCurve,
  residualCurve,
  scoreOfClassCurve,
} from '../losses/curves.ts';
import { squaredError } from '../losses/regression/mean-squared-error.ts';
import { declare, inputArgument } from './symbol.ts';
import { magnitude, sigmoidCrossEntropyOf } from './tfjs.ts';

const names = ['yTrue', 'yPred'] as const;

/** The library's 10⁻⁷, and what is left of 1 above it, as float32 has them. */
const epsilon = Math.fround(1e-7);
const clipped = (x: Expr, high: number, low = epsilon): Expr => clamp(x, low, high, { atBounds: 1 });
/** Where the true values are clipped: integers stay integers, and 1e-7 is 0 then. */
const lowOf = (call: Call): number => (actsAsFloat(call.array('yTrue')) ? epsilon : 0);
const probability = (x: Expr): Expr => clipped(x, Math.fround(1 - 1e-7));
const atLeastEpsilon = (x: Expr): Expr => clipped(x, Number.POSITIVE_INFINITY);

/** max(0, x): nothing is sent back at 0. */
const positivePart = (x: Expr): Expr => withGradient(max(x, 0, { tie: 0 }), [[x, where(less(0, x), 1, 0)]]);

type Loss = (truth: Expr, prediction: Expr, last: Dims, call: Call) => Expr;

/** A loss that removes the last axis, of arrays that are broadcast silently, or refused where they differ. */
const overLast =
  (loss: Loss, { strict = false } = {}) =>
  (call: Call): Body => {
    const same = sameShape(call.shape('yTrue'), call.shape('yPred'));
    if (strict && !same)
      throw shapeMismatch(call, ...names, t('TensorFlow.js wants both arrays of one shape here.'));
    const [truth, prediction] = broadcast(call, names) as [Expr, Expr];
    if (call.space.sizes.length === 0) {
      throw shapeMismatch(call, ...names, t('The last axis is averaged, and a number has none.'));
    }
    if (!same) {
      call.warn(
        'broadcast',
        t`TensorFlow.js broadcasts silently: the arrays are compared as [${call.space.sizes.join(', ')}].`,
      );
    }
    const last = 1 << (call.space.sizes.length - 1);
    return { elements: loss(truth, prediction, last, call), reduction: 'none', dtype: 'float32' };
  };

const averaged =
  (term: (truth: Expr, prediction: Expr) => Expr): Loss =>
  (truth, prediction, last) =>
    mean(term(truth, prediction), last);

const percentageError: Loss = (truth, prediction, last, call) => {
  const size = clipped(magnitude(truth), Number.POSITIVE_INFINITY, lowOf(call));
  return mul(100, mean(magnitude(div(sub(truth, prediction), size)), last));
};

const logOfOnePlus = (x: Expr): Expr => log(add(1, atLeastEpsilon(x)));

/** r + log(1 + e^−2r) − log 2 */
function logCosh(truth: Expr, prediction: Expr): Expr {
  const residual = sub(prediction, truth);
  return sub(add(residual, softplus(mul(-2, residual))), Math.LN2);
}

/** The largest along the last axis; each that attains it gets the whole gradient. */
function largest(x: Expr, last: Dims): Expr {
  const found = maxOver(x, last);
  return withGradient(found, [[x, where(equal(x, found), 1, 0)]]);
}

const categoricalHinge: Loss = (truth, prediction, last) => {
  const right = sum(mul(truth, prediction), last);
  return positivePart(add(1, sub(largest(mul(sub(1, truth), prediction), last), right)));
};

/** Of vectors whose squared norm counts as 10⁻⁷ at least. */
const cosineProximity: Loss = (truth, prediction, last) => {
  const unit = (x: Expr): Expr => div(x, sqrt(max(sum(square(x), last & x.dims), epsilon, { tie: 1 })));
  return neg(sum(mul(unit(truth), unit(prediction)), last));
};

/** Through the logit of the clipped probability. */
function binaryCrossEntropy(truth: Expr, prediction: Expr): Expr {
  const p = probability(prediction);
  const logit = log(div(p, sub(1, p)));
  return sigmoidCrossEntropyOf(truth, logit);
}

/** Divided by their sum, then clipped. */
const logOfShare = (prediction: Expr, last: Dims): Expr =>
  log(probability(div(prediction, sum(prediction, last & prediction.dims))));

const categoricalCrossEntropy: Loss = (truth, prediction, last, call) => {
  // Added up along what is the prediction's last axis, counted from the front: where yTrue has more axes, another one.
  const summed = 1 << (call.shape('yPred').length - 1);
  return neg(sum(mul(truth, logOfShare(prediction, last)), summed));
};

/** Class numbers, floored; the prediction is clipped before it is divided by its sum, and again after. */
function sparseProgram(call: Call): Body {
  const labels = call.array('yTrue');
  if (!actsAsFloat(labels)) {
    throw new LossLensError(
      'dtype',
      t('TensorFlow.js floors the labels, which it does to a float32 tensor only.'),
      {
        found: t`yTrue ${describe(labels)}`,
        expected: 'float32',
      },
    );
  }
  const shape = call.shape('yPred');
  const rest = shape.slice(0, -1);
  const own = call.shape('yTrue');
  const isColumn = sameShape(own, [...rest, 1]);
  if (shape.length === 0 || (!isColumn && !sameShape(own, rest))) {
    throw shapeMismatch(call, ...names, t('There is a label for each row of predictions.'));
  }
  const last = 1 << (shape.length - 1);
  call.space = new Space(shape.map((size) => ({ axis: 'batch', size })));
  const along = [...rest.keys()];
  const label = call.place('yTrue', isColumn ? [...along, -1] : along);
  const prediction = call.place('yPred', [...shape.keys()]);
  const at = index(last);
  const isLabel = and(lessEqual(at, label), less(label, add(at, 1)));
  const loss = categoricalCrossEntropy(where(isLabel, 1, 0), probability(prediction), last, call);
  return {
    // The floor sends 0 back to the labels.
    elements: add(loss, withGradient(mul(0, label), [[label, constant(0)]])),
    reduction: 'none',
    dtype: 'float32',
  };
}

// Declarations

interface LayerLoss {
  readonly id: string;
  readonly loss: string;
  /** Under which names `tf.metrics` has the same function. */
  readonly metrics?: readonly string[];
  readonly caveats?: readonly string[];
  readonly program: FrameworkSymbol['program'];
  readonly curve: FrameworkSymbol['curve'];
}

const predicted = (id: string): string => {
  if (/Crossentropy|kullback/.test(id)) return 'probabilities';
  return id === 'poisson' ? 'expected counts' : 'predictions';
};

const symbol = ({ id, metrics = [], caveats = [], ...rest }: LayerLoss): FrameworkSymbol =>
  declare({
    ...rest,
    name: `tf.layers.${id}`,
    paths: [`tf.layers.${id}`, ...metrics.map((name) => `tf.metrics.${name}`)],
    framework: 'tfjs',
    call: [
      inputArgument(floatInput('yTrue', 'true values, [N, K]')),
      inputArgument(floatInput('yPred', `${predicted(id)}, same shape`)),
    ],
    caveats: [
      ...caveats,
      `A string: \`model.compile({ loss: '${id}' })\`. What is shown is one value a sample; training averages them.`,
      'Everything is computed in float32.',
    ],
  });

const ofIndices = classCurve(
  { prediction: 'yPred', target: 'yTrue', from: () => 'probability', axis: () => -1 },
  'index',
);
const residual = residualCurve('yPred', 'yTrue');
const clipCaveat = 'Probabilities are clipped to [1e-7, 1 − 1e-7].';
const unmoved = 'Labels are −1 and 1 and are not converted.';

export const tfjsLayerSymbols: readonly FrameworkSymbol[] = [
  symbol({
    id: 'meanSquaredError',
    loss: 'mean-squared-error',
    metrics: ['meanSquaredError', 'MSE', 'mse'],
    program: overLast(averaged(squaredError)),
    curve: residual,
  }),
  symbol({
    id: 'meanAbsoluteError',
    loss: 'mean-absolute-error',
    metrics: ['meanAbsoluteError'],
    caveats: ['Where both are equal the gradient by the prediction is −1, not 0.'],
    program: overLast(averaged((truth, prediction) => magnitude(sub(prediction, truth)))),
    curve: residual,
  }),
  symbol({
    id: 'meanAbsolutePercentageError',
    loss: 'mean-absolute-percentage-error',
    metrics: ['meanAbsolutePercentageError', 'MAPE', 'mape'],
    program: overLast(percentageError),
    curve: predictionCurve('yPred', 'yTrue', { range: [-1, 5], targets: [1, 2, 4] }),
  }),
  symbol({
    id: 'meanSquaredLogarithmicError',
    loss: 'mean-squared-logarithmic-error',
    caveats: ['Values below 1e-7 count as 1e-7 and get no gradient.'],
    program: overLast(
      averaged((truth, prediction) => square(sub(logOfOnePlus(prediction), logOfOnePlus(truth)))),
    ),
    curve: predictionCurve('yPred', 'yTrue', { range: [0, 5], targets: [1, 2, 4] }),
  }),
  symbol({
    id: 'logcosh',
    loss: 'log-cosh',
    program: overLast(averaged(logCosh)),
    curve: residual,
  }),
  symbol({
    id: 'hinge',
    loss: 'hinge',
    caveats: [unmoved],
    program: overLast(averaged((truth, prediction) => positivePart(sub(1, mul(truth, prediction))))),
    curve: marginCurve('yPred', 'yTrue'),
  }),
  symbol({
    id: 'squaredHinge',
    loss: 'squared-hinge',
    caveats: [unmoved],
    program: overLast(averaged((truth, prediction) => square(positivePart(sub(1, mul(truth, prediction)))))),
    curve: marginCurve('yPred', 'yTrue'),
  }),
  symbol({
    id: 'categoricalHinge',
    loss: 'categorical-hinge',
    caveats: ['Classes that tie for the largest each get the whole gradient.'],
    program: overLast(categoricalHinge),
    curve: scoreOfClassCurve('yPred', 'yTrue'),
  }),
  symbol({
    id: 'poisson',
    loss: 'poisson',
    caveats: ['Predictions are rates, not logarithms; 1e-7 is added under the logarithm.'],
    program: overLast(
      averaged((truth, prediction) => sub(prediction, mul(truth, log(add(epsilon, prediction))))),
    ),
    curve: rateCurve('yPred', 'yTrue', () => false),
  }),
  symbol({
    id: 'kullbackLeiblerDivergence',
    loss: 'kl-divergence',
    caveats: ['Both are clipped to [1e-7, 1] under the logarithm, the target in front of it is not.'],
    program: overLast((truth, prediction, last, call) =>
      sum(mul(truth, log(div(clipped(truth, 1, lowOf(call)), clipped(prediction, 1)))), last),
    ),
    curve: divergenceCurve('yPred', 'yTrue', () => ({ prediction: false, target: false })),
  }),
  symbol({
    id: 'cosineProximity',
    loss: 'cosine-proximity',
    metrics: ['cosineProximity'],
    caveats: ['The negative cosine: −1 is best. A vector of zeros gives 0.'],
    program: overLast(cosineProximity),
    curve: angleCurve('yPred', 'yTrue'),
  }),
  symbol({
    id: 'binaryCrossentropy',
    loss: 'binary-cross-entropy',
    metrics: ['binaryCrossentropy'],
    caveats: ['Takes probabilities.', clipCaveat],
    program: overLast(averaged(binaryCrossEntropy), { strict: true }),
    curve: binaryCurve('yPred', 'yTrue', () => false),
  }),
  symbol({
    id: 'categoricalCrossentropy',
    loss: 'categorical-cross-entropy',
    metrics: ['categoricalCrossentropy'],
    caveats: ['Takes probabilities, which are divided by their sum first.', clipCaveat],
    program: overLast(categoricalCrossEntropy),
    curve: classCurve(
      { prediction: 'yPred', target: 'yTrue', from: () => 'probability', axis: () => -1 },
      'one-hot',
    ),
  }),
  symbol({
    id: 'sparseCategoricalCrossentropy',
    loss: 'sparse-categorical-cross-entropy',
    caveats: [
      'Takes probabilities, and class numbers in a float32 tensor; an int32 tensor is refused.',
      'A label that is no class gives 0, silently.',
      clipCaveat,
    ],
    program: sparseProgram,
    curve: (parameters) => {
      const { series, points: _none, ...spec } = ofIndices(parameters);
      return {
        ...spec,
        series: series.map(({ label, rows }) => ({
          label,
          rows: (x) => {
            const own = rows(x);
            return { ...own, inputs: { ...own.inputs, yTrue: array(new Float32Array(own.count)) } };
          },
        })),
      };
    },
  }),
];
