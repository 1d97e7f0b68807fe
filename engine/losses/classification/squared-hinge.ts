import { floatInput, type Loss } from '../../definition.ts';
import { type Input, square } from '../../language/expression.ts';
import { elementwise } from '../../layout.ts';
import { marginCurve } from '../curves.ts';
import { hingeLoss } from './hinge.ts';

export const squaredHinge: Loss = {
  id: 'squared-hinge',
  title: 'Squared hinge loss',
  family: 'classification',
  inputs: [floatInput('prediction', 'scores, any shape'), floatInput('target', 'labels −1 or 1, same shape')],
  parameters: [],
  reduction: 'mean',
  program(call) {
    const [prediction, target] = elementwise(call, ['prediction', 'target']) as [Input, Input];
    return { elements: square(hingeLoss(prediction, target, { atKink: 0 })) };
  },
  curve: marginCurve('prediction', 'target'),
};
