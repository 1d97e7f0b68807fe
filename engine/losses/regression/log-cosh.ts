import { floatInput, type Loss } from '../../definition.ts';
import {
  abs,
  add,
  type Expr,
  type Input,
  mul,
  neg,
  softplus,
  sub,
  tanh,
  withGradient,
} from '../../language/expression.ts';
import { elementwise } from '../../layout.ts';
import { residualCurve } from '../curves.ts';

/** log cosh r = |r| + log(1 + e^(−2|r|)) − log 2, with derivative tanh r; a library may take r for |r|, or another log 2. */
export function logCosh(
  prediction: Expr,
  target: Expr,
  { size = abs, log2 = Math.LN2 }: { size?: (residual: Expr) => Expr; log2?: number } = {},
): Expr {
  const residual = sub(prediction, target);
  const r = size(residual);
  const slope = tanh(residual);
  return withGradient(sub(add(r, softplus(mul(-2, r))), log2), [
    [prediction, slope],
    [target, neg(slope)],
  ]);
}

export const logCoshLoss: Loss = {
  id: 'log-cosh',
  title: 'Log-cosh loss',
  family: 'regression',
  inputs: [
    floatInput('prediction', 'predicted values, any shape'),
    floatInput('target', 'target values, same shape'),
  ],
  parameters: [],
  reduction: 'mean',
  program(call) {
    const [prediction, target] = elementwise(call, ['prediction', 'target']) as [Input, Input];
    return { elements: logCosh(prediction, target) };
  },
  curve: residualCurve('prediction', 'target'),
};
