import { floatInput, type Loss } from '../../definition.ts';
import { abs, type Expr, lessEqual, mul, square, sub, where } from '../../language/expression.ts';
import { elementwise } from '../../layout.ts';
import { residualCurve } from '../curves.ts';

/** ½r² where |r| ≤ δ, else δ(|r| − ½δ), with r = prediction − target. */
export function huberLoss(prediction: Expr, target: Expr, delta: Expr): Expr {
  const residual = sub(prediction, target);
  const size = abs(residual);
  return where(lessEqual(size, delta), mul(0.5, square(residual)), mul(delta, sub(size, mul(0.5, delta))));
}

export const huber: Loss = {
  id: 'huber',
  title: 'Huber loss',
  family: 'regression',
  inputs: [
    floatInput('prediction', 'predicted values, any shape'),
    floatInput('target', 'true values, same shape'),
  ],
  parameters: [
    {
      name: 'delta',
      kind: 'number',
      default: 1,
      above: 0,
      description: 'where the parabola becomes a straight line',
    },
  ],
  reduction: 'mean',
  program(call) {
    const [prediction, target] = elementwise(call, ['prediction', 'target']);
    return { elements: huberLoss(prediction!, target!, call.uniform('delta')) };
  },
  curve: residualCurve('prediction', 'target'),
};
