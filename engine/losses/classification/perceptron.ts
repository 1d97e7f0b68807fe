import { floatInput, type Loss } from '../../definition.ts';
import { type Expr, max, mul, neg } from '../../language/expression.ts';
import { elementwise } from '../../layout.ts';
import { marginCurve } from '../curves.ts';

/** max(0, −y·ŷ), flat at 0. */
const perceptronLoss = (prediction: Expr, target: Expr): Expr =>
  max(neg(mul(target, prediction)), 0, { tie: 0 });

export const perceptron: Loss = {
  id: 'perceptron',
  title: 'Perceptron loss',
  family: 'classification',
  inputs: [floatInput('prediction', 'scores, any shape'), floatInput('target', 'labels −1 or 1, same shape')],
  parameters: [],
  reduction: 'mean',
  program(call) {
    const [prediction, target] = elementwise(call, ['prediction', 'target']);
    return { elements: perceptronLoss(prediction!, target!) };
  },
  curve: marginCurve('prediction', 'target'),
};
