import { floatInput, type Loss } from '../../definition.ts';
import { abs, type Expr, sub } from '../../language/expression.ts';
import { elementwise } from '../../layout.ts';
import { residualCurve } from '../curves.ts';

/** |y − ŷ|, with subgradient 0 at 0. */
export const absoluteError = (prediction: Expr, target: Expr): Expr => abs(sub(prediction, target));

export const meanAbsoluteError: Loss = {
  id: 'mean-absolute-error',
  title: 'Mean absolute error',
  family: 'regression',
  inputs: [
    floatInput('prediction', 'predicted values, any shape'),
    floatInput('target', 'true values, same shape'),
  ],
  parameters: [],
  reduction: 'mean',
  program(call) {
    const [prediction, target] = elementwise(call, ['prediction', 'target']);
    return { elements: absoluteError(prediction!, target!) };
  },
  curve: residualCurve('prediction', 'target'),
};
