import type { Body, Call, FrameworkSymbol } from '../../definition.ts';
import {
  abs,
  add,
  type Dims,
  div,
  type Expr,
  lessEqual,
  log,
  mul,
  neg,
  sign,
  square,
  sub,
  sum,
  where,
  withGradient,
} from '../../language/expression.ts';
import { angleCurve, predictionCurve, rateCurve, residualCurve } from '../../losses/curves.ts';
import { huberLoss } from '../../losses/regression/huber.ts';
import { logCosh } from '../../losses/regression/log-cosh.ts';
import { squaredError } from '../../losses/regression/mean-squared-error.ts';
import { squaredLogarithmicError } from '../../losses/regression/mean-squared-logarithmic-error.ts';
import { absolute, atLeast, inverseLength } from './backends.ts';
import {
  axis,
  backendOf,
  delta,
  pair,
  regressionInputs,
  squeezeCaveat,
  takesIntegers,
  yPred,
  yTrue,
} from './declare.ts';
import { dtypeOf, epsilonOf, overLastAxis, reduced, requireFloatPrediction } from './numbers.ts';
import { place } from './shapes.ts';

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

/** |t − p| over |t|, which is taken to be at least 10⁻⁷. */
const percentageTerm = (call: Call, prediction: Expr, truth: Expr): Expr =>
  mul(
    100,
    absolute(call, div(sub(truth, prediction), atLeast(call, epsilonOf(call), absolute(call, truth)))),
  );

/** Here Keras' 10⁻⁷ is a float32 whatever it computes in. */
function logarithmicTerm(call: Call, prediction: Expr, truth: Expr): Expr {
  // On torch it is compared in float32 even with float64, so that 1e-7 is at the bound.
  const isDouble = backendOf(call) === 'torch' && dtypeOf(call) === 'float64';
  const epsilon = isDouble ? 1e-7 : Math.fround(1e-7);
  return squaredLogarithmicError(atLeast(call, epsilon, prediction), atLeast(call, epsilon, truth));
}

/**
 * Keras writes r where |r| would do, so that r = −∞ gives NaN. Its log 2 is a float32, as is, in float32, that of the
 * softplus that it is taken from: a residual of 0 costs 0 there, and −1.9e-9 in float64.
 */
function logCoshTerm(call: Call, prediction: Expr, truth: Expr): Expr {
  // Of integers, which torch and JAX take, it is one too: 0.
  const isInteger = takesIntegers(call);
  return logCosh(prediction, truth, {
    size: (residual) => residual,
    log2: isInteger ? 0 : dtypeOf(call) === 'float32' ? Math.LN2 : Math.fround(Math.LN2),
  });
}

function poissonTerm(call: Call, prediction: Expr, truth: Expr): Expr {
  return sub(prediction, mul(truth, log(add(prediction, epsilonOf(call)))));
}

/** Each vector is multiplied by one over its length, or by 10⁷ where that is less. */
function cosineProgram(call: Call): Body {
  requireFloatPrediction(call);
  // TensorFlow lets the last axis of a scalar be summed, though there is none.
  const areScalars = call.shape('y_true').length === 0 && call.shape('y_pred').length === 0;
  const asked = call.option<number>('axis');
  const axisOfVectors = areScalars && (asked === -1 || asked === 0) ? null : asked;
  const placed = place(call, { differing: 'broadcast', squeezes: true, axis: axisOfVectors });
  const unit = (x: Expr, along: Dims): Expr => mul(x, inverseLength(call, sum(square(x), along)));
  const cosines = sum(
    mul(unit(placed.truth, placed.ofTruth), unit(placed.prediction, placed.ofPrediction)),
    placed.classes,
  );
  return reduced(call, neg(cosines), placed.weight);
}

export const regression: readonly FrameworkSymbol[] = [
  ...pair({
    class: 'MeanSquaredError',
    function: 'mean_squared_error',
    aliases: ['MSE', 'mse'],
    loss: 'mean-squared-error',
    inputs: regressionInputs,
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
    inputs: regressionInputs,
    name: 'mean_absolute_error',
    caveats: [squeezeCaveat],
    program: overLastAxis((call, prediction, truth) => absolute(call, sub(truth, prediction)), {
      squeezes: true,
      integers: true,
    }),
    curve: residualCurve('y_pred', 'y_true'),
  }),
  ...pair({
    class: 'Huber',
    function: 'huber',
    loss: 'huber',
    inputs: regressionInputs,
    options: [delta],
    name: 'huber_loss',
    caveats: [squeezeCaveat, '`delta` is not checked: a negative one runs and gives negative losses.'],
    program: overLastAxis(huberTerm, { squeezes: true, integers: true }),
    curve: residualCurve('y_pred', 'y_true'),
  }),
  ...pair({
    class: 'MeanAbsolutePercentageError',
    function: 'mean_absolute_percentage_error',
    aliases: ['MAPE', 'mape'],
    loss: 'mean-absolute-percentage-error',
    inputs: regressionInputs,
    name: 'mean_absolute_percentage_error',
    caveats: [
      'In per cent: 100 times what scikit-learn gives.',
      'A target of 0 counts as 1e-7: one such target gives billions.',
      squeezeCaveat,
      'The function given integers divides by an epsilon of 0; Loss Lens refuses it.',
    ],
    program: overLastAxis(percentageTerm, { squeezes: true }),
    curve: predictionCurve('y_pred', 'y_true', { range: [-1, 5], targets: [1, 2, 4] }),
  }),
  ...pair({
    class: 'MeanSquaredLogarithmicError',
    function: 'mean_squared_logarithmic_error',
    aliases: ['MSLE', 'msle'],
    loss: 'mean-squared-logarithmic-error',
    inputs: [yTrue('true values of at least 0, any shape'), yPred('predicted values, same shape')],
    name: 'mean_squared_logarithmic_error',
    caveats: [
      'Values below 1e-7 count as 1e-7, in both arrays: a negative prediction gets no gradient.',
      squeezeCaveat,
    ],
    program: overLastAxis(logarithmicTerm, { squeezes: true }),
    curve: predictionCurve('y_pred', 'y_true', { range: [-1, 8], targets: [0, 1, 4] }),
  }),
  ...pair({
    class: 'LogCosh',
    function: 'log_cosh',
    aliases: ['logcosh'],
    loss: 'log-cosh',
    inputs: regressionInputs,
    name: 'log_cosh',
    caveats: [squeezeCaveat],
    program: overLastAxis(logCoshTerm, { squeezes: true, integers: ['torch', 'jax'] }),
    curve: residualCurve('y_pred', 'y_true'),
  }),
  ...pair({
    class: 'Poisson',
    function: 'poisson',
    loss: 'poisson',
    inputs: [yTrue('counts, any shape'), yPred('expected counts (not their logarithms), same shape')],
    name: 'poisson',
    caveats: [
      'Takes the expected count, where torch takes its logarithm by default.',
      'A negative prediction gives NaN: 1e-7 is added before the logarithm, nothing is clipped.',
    ],
    program: overLastAxis(poissonTerm, { squeezes: false }),
    curve: rateCurve('y_pred', 'y_true', () => false),
  }),
  ...pair({
    class: 'CosineSimilarity',
    function: 'cosine_similarity',
    loss: 'cosine-proximity',
    inputs: [yTrue('vectors, [N, D] or any rank'), yPred('vectors, same shape')],
    options: [axis('the axis of the vectors')],
    name: 'cosine_similarity',
    isMetric: false,
    caveats: [
      'The loss is the negative cosine: −1 where the vectors point the same way. The metric of this name has the other sign.',
      'A vector shorter than 1e-7 is multiplied by 1e7, not brought to length 1; a zero vector gives 0.',
      squeezeCaveat,
    ],
    program: cosineProgram,
    curve: angleCurve('y_pred', 'y_true'),
  }),
];
