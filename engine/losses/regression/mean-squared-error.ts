import { floatInput, type Loss } from '../../definition.ts';
import { type Expr, square, sub } from '../../language/expression.ts';
import { elementwise } from '../../layout.ts';
import { residualCurve } from '../curves.ts';

/** (y − ŷ)² */
export const squaredError = (prediction: Expr, target: Expr): Expr => square(sub(prediction, target));

export const meanSquaredError: Loss = {
  id: 'mean-squared-error',
  title: 'Mean squared error',
  family: 'regression',
  inputs: [
    floatInput('prediction', 'predicted values, any shape'),
    floatInput('target', 'true values, same shape'),
  ],
  parameters: [],
  reduction: 'mean',
  program(call) {
    const [prediction, target] = elementwise(call, ['prediction', 'target']);
    return { elements: squaredError(prediction!, target!) };
  },
  curve: residualCurve('prediction', 'target'),
};
