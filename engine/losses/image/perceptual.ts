import { floatInput, type Loss } from '../../definition.ts';
import type { Input } from '../../language/expression.ts';
import { elementwise } from '../../layout.ts';
import { residualCurve } from '../curves.ts';
import { squaredError } from '../regression/mean-squared-error.ts';

/** The squared distance of feature maps that a network made of two images. */
export const perceptual: Loss = {
  id: 'perceptual',
  title: 'Perceptual loss',
  family: 'image',
  inputs: [
    floatInput('prediction', 'feature maps of the generated image, any shape'),
    floatInput('target', 'feature maps of the true image, same shape'),
  ],
  parameters: [],
  reduction: 'sum',
  program(call) {
    const [prediction, target] = elementwise(call, ['prediction', 'target']) as [Input, Input];
    return { elements: squaredError(prediction, target) };
  },
  curve: residualCurve('prediction', 'target'),
};
