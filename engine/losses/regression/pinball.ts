import { floatInput, type Loss } from '../../definition.ts';
import { type Expr, lessEqual, mul, sub, where } from '../../language/expression.ts';
import { elementwise } from '../../layout.ts';
import { residualCurve } from '../curves.ts';

/** α(y − ŷ) where the target is at least the prediction, else (1 − α)(ŷ − y). */
export function pinballLoss(prediction: Expr, target: Expr, alpha: Expr): Expr {
  const missing = sub(target, prediction);
  return where(lessEqual(0, missing), mul(alpha, missing), mul(sub(alpha, 1), missing));
}

export const pinball: Loss = {
  id: 'pinball',
  title: 'Pinball loss',
  family: 'regression',
  inputs: [
    floatInput('prediction', 'predicted quantiles, any shape'),
    floatInput('target', 'true values, same shape'),
  ],
  parameters: [
    {
      name: 'alpha',
      kind: 'number',
      default: 0.5,
      minimum: 0,
      maximum: 1,
      description: 'the quantile that is predicted',
    },
  ],
  reduction: 'mean',
  program(call) {
    const [prediction, target] = elementwise(call, ['prediction', 'target']);
    return { elements: pinballLoss(prediction!, target!, call.uniform('alpha')) };
  },
  curve: residualCurve('prediction', 'target'),
};
