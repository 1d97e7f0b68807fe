import { floatInput, type Loss } from '../../definition.ts';
import { type Expr, max, mul, sub } from '../../language/expression.ts';
import { elementwise } from '../../layout.ts';
import { marginCurve } from '../curves.ts';

/** max(0, 1 − y·ŷ); `atKink`: the share of the gradient where y·ŷ is exactly 1. */
export const hingeLoss = (prediction: Expr, target: Expr, { atKink }: { atKink: number }): Expr =>
  max(sub(1, mul(target, prediction)), 0, { tie: atKink });

export const hinge: Loss = {
  id: 'hinge',
  title: 'Hinge loss',
  family: 'classification',
  inputs: [floatInput('prediction', 'scores, any shape'), floatInput('target', 'labels −1 or 1, same shape')],
  parameters: [],
  reduction: 'mean',
  program(call) {
    const [prediction, target] = elementwise(call, ['prediction', 'target']);
    return { elements: hingeLoss(prediction!, target!, { atKink: 0 }) };
  },
  curve: marginCurve('prediction', 'target'),
};
