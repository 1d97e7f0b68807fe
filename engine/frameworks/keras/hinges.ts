import type { Call, FrameworkSymbol } from '../../definition.ts';
import { type Expr, mul, sub } from '../../language/expression.ts';
import { hingeLoss } from '../../losses/classification/hinge.ts';
import { marginCurve } from '../../losses/curves.ts';
import { pair, yPred, yTrue } from './declare.ts';
import { overLastAxis } from './numbers.ts';

/** Labels are moved from {0, 1} to {−1, 1} only if every one of them is 0 or 1. */
function hingeTerm(call: Call, prediction: Expr, truth: Expr): Expr {
  const labels = call.array('y_true').data;
  let binary = true;
  for (let i = 0; i < labels.length && binary; i++)
    binary = Number(labels[i]) === 0 || Number(labels[i]) === 1;
  if (binary) call.warn('labels', 'Every label is 0 or 1: Keras takes them as −1 and 1.');
  return hingeLoss(prediction, binary ? sub(mul(2, truth), 1) : truth, { atKink: 1 });
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
    program: overLastAxis(hingeTerm, { squeezes: false }),
    curve: marginCurve('y_pred', 'y_true'),
  }),
];
