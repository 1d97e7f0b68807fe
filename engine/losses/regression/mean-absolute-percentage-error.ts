import { floatInput, type Loss } from '../../definition.ts';
import { abs, div, type Expr, type Input, mul, sub } from '../../language/expression.ts';
import { elementwise } from '../../layout.ts';
import { predictionCurve } from '../curves.ts';

/** 100·|r| / size, where `size` is that of the target. */
const percentageError = (prediction: Expr, target: Expr, size: Expr): Expr =>
  mul(100, abs(div(sub(target, prediction), size)));

export const meanAbsolutePercentageError: Loss = {
  id: 'mean-absolute-percentage-error',
  title: 'Mean absolute percentage error',
  family: 'regression',
  inputs: [
    floatInput('prediction', 'predicted values, any shape'),
    floatInput('target', 'target values other than 0, same shape'),
  ],
  parameters: [],
  reduction: 'mean',
  program(call) {
    const [prediction, target] = elementwise(call, ['prediction', 'target']) as [Input, Input];
    return { elements: percentageError(prediction, target, abs(target)) };
  },
  curve: predictionCurve('prediction', 'target', { range: [-1, 5], targets: [1, 2, 4] }),
};
