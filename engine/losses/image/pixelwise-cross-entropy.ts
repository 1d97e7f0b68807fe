import { type Call, floatInput, type Loss } from '../../definition.ts';
import { sameShape } from '../../layout.ts';
import { categoricalCrossEntropy } from '../classification/categorical-cross-entropy.ts';
import { fromParameter } from '../classification/cross-entropy.ts';
import { sparseCategoricalCrossEntropy } from '../classification/sparse-categorical-cross-entropy.ts';
import { classCurve, type From } from '../curves.ts';

/** The cross-entropies over classes, pixel by pixel: the same programs with the class axis at 1 and a mean. */
export const pixelwiseCrossEntropy: Loss = {
  id: 'pixelwise-cross-entropy',
  title: 'Pixel-wise cross-entropy',
  family: 'image',
  inputs: [
    floatInput('prediction', 'class probabilities of each pixel, [N, C, …]'),
    { name: 'target', kind: 'any', optional: false, description: 'the same shape; or class numbers, [N, …]' },
    floatInput('classWeight', 'a weight for each class, [C]', true),
  ],
  parameters: [
    fromParameter,
    { name: 'axis', kind: 'integer', default: 1, description: 'the dimension that holds the classes' },
    {
      name: 'labelSmoothing',
      kind: 'number',
      default: 0,
      minimum: 0,
      maximum: 1,
      description: 'how much of the target is spread evenly over the classes',
    },
    {
      name: 'ignoreIndex',
      kind: 'integer',
      default: null,
      description: 'the label that counts nothing; none unless given',
    },
  ],
  reduction: 'mean',
  program: (call: Call) =>
    sameShape(call.shape('prediction'), call.shape('target'))
      ? categoricalCrossEntropy.program(call)
      : sparseCategoricalCrossEntropy.program(call),
  curve: classCurve(
    {
      prediction: 'prediction',
      target: 'target',
      from: ({ from }) => from as From,
      axis: ({ axis }) => Number(axis),
      ignored: ({ ignoreIndex }) => ignoreIndex as number | null,
    },
    'index',
  ),
};
