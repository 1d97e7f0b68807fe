import { t } from '@vscode/l10n';
import { type Body, type Call, describe, type FrameworkSymbol } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  type Dims,
  div,
  type Expr,
  equal,
  maxOver,
  mul,
  square,
  sub,
  sum,
  where,
  withGradient,
} from '../../language/expression.ts';
import { categoricalHingeLoss } from '../../losses/classification/categorical-hinge.ts';
import { marginCurve, scoreOfClassCurve } from '../../losses/curves.ts';
import { atLeast } from './backends.ts';
import { backendOf, pair, yPred, yTrue } from './declare.ts';
import { overLastAxis, reduced, requireFloatPrediction } from './numbers.ts';
import { place } from './shapes.ts';

/** Labels are moved from {0, 1} to {−1, 1} only if every one of them is 0 or 1. */
function hingeTerm(call: Call, prediction: Expr, truth: Expr): Expr {
  const labels = call.array('y_true').data;
  let binary = true;
  for (let i = 0; i < labels.length && binary; i++)
    binary = Number(labels[i]) === 0 || Number(labels[i]) === 1;
  if (binary) call.warn('labels', t('Every label is 0 or 1: Keras takes them as −1 and 1.'));
  const label = binary ? sub(mul(2, truth), 1) : truth;
  return atLeast(call, 0, sub(1, mul(label, prediction)));
}

/** The largest of a row, with TensorFlow's gradient: shared among those that attain it, NaN where nothing equals NaN. */
function largest(x: Expr, over: Dims): Expr {
  const value = maxOver(x, over);
  const attains = where(equal(x, value), 1, 0);
  return withGradient(value, [[x, div(attains, sum(attains, over))]]);
}

function categoricalHingeProgram(call: Call): Body {
  requireFloatPrediction(call);
  const { prediction, truth, weight, classes, width } = place(call, {
    differing: 'broadcast',
    squeezes: false,
  });
  const isEmpty = backendOf(call) === 'jax' ? width === 0 : call.array('y_pred').data.length === 0;
  if (isEmpty) {
    throw new LossLensError('shape-mismatch', t('Keras takes the largest score, and there is none.'), {
      found: `y_pred ${describe(call.array('y_pred'))}`,
      expected: t('at least one score'),
    });
  }
  return reduced(
    call,
    categoricalHingeLoss(prediction, truth, classes, { nonNegative: (x) => atLeast(call, 0, x), largest }),
    weight,
  );
}

export const hinges: readonly FrameworkSymbol[] = [
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
    program: overLastAxis(hingeTerm, { squeezes: false, integers: ['torch'] }),
    curve: marginCurve('y_pred', 'y_true'),
  }),
  ...pair({
    class: 'SquaredHinge',
    function: 'squared_hinge',
    loss: 'squared-hinge',
    inputs: [yTrue('labels −1 or 1 (or 0 and 1), any shape'), yPred('scores, same shape')],
    name: 'squared_hinge',
    caveats: ['Labels 0 and 1 become −1 and 1 only if every label of the array is 0 or 1.'],
    program: overLastAxis((...terms) => square(hingeTerm(...terms)), {
      squeezes: false,
      integers: ['torch'],
    }),
    curve: marginCurve('y_pred', 'y_true'),
  }),
  ...pair({
    class: 'CategoricalHinge',
    function: 'categorical_hinge',
    loss: 'categorical-hinge',
    inputs: [yTrue('one-hot labels, [N, K] or any rank'), yPred('a score for each class, same shape')],
    name: 'categorical_hinge',
    caveats: [
      'The largest wrong score is taken of (1 − y_true) × y_pred, where the true class leaves a 0: it is never below 0.',
      'Unequal shapes are broadcast silently.',
    ],
    program: categoricalHingeProgram,
    curve: scoreOfClassCurve('y_pred', 'y_true'),
  }),
];
