import type { Call, FrameworkSymbol } from '../../definition.ts';
import {
  abs,
  add,
  type Expr,
  lessEqual,
  mul,
  neg,
  sign,
  sub,
  where,
  withGradient,
} from '../../language/expression.ts';
import { residualCurve } from '../../losses/curves.ts';
import { huberLoss } from '../../losses/regression/huber.ts';
import { absoluteError } from '../../losses/regression/mean-absolute-error.ts';
import { squaredError } from '../../losses/regression/mean-squared-error.ts';
import { delta, pair, regressionInputs, squeezeCaveat } from './declare.ts';
import { overLastAxis } from './numbers.ts';

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
    inputs: regressionInputs,
    options: [delta],
    name: 'huber_loss',
    caveats: [squeezeCaveat, '`delta` is not checked: a negative one runs and gives negative losses.'],
    program: overLastAxis(huberTerm, { squeezes: true, integers: true }),
    curve: residualCurve('y_pred', 'y_true'),
  }),
];
