import { t } from '@vscode/l10n';
import { describe, floatInput, type Loss } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  abs,
  add,
  type Dims,
  type Expr,
  insideAt,
  shift,
  square,
  sub,
  where,
} from '../../language/expression.ts';
import { Space } from '../../language/space.ts';
import { neighbourCurve } from '../curves.ts';

/** What each pixel differs by from its neighbour along one axis; 0 for the last of them. */
export const neighbourDifference = (image: Expr, along: Dims, penalty: (difference: Expr) => Expr): Expr =>
  where(insideAt(along, 1), penalty(sub(shift(image, along, 1), image)), 0);

export const totalVariation: Loss = {
  id: 'total-variation',
  title: 'Total variation loss',
  family: 'image',
  inputs: [floatInput('image', 'images, […, H, W]')],
  parameters: [
    {
      name: 'norm',
      kind: 'choice',
      choices: ['squared', 'absolute'],
      default: 'squared',
      description: 'what is summed of each difference',
    },
  ],
  reduction: 'sum',
  program(call) {
    const shape = call.shape('image');
    if (shape.length < 2) {
      throw new LossLensError('shape-mismatch', t('An image has a height and a width.'), {
        found: describe(call.array('image')),
        expected: '[…, H, W]',
      });
    }
    const rank = shape.length;
    call.space = new Space(
      shape.map((size, d) => ({
        axis: d === rank - 1 ? 'width' : d === rank - 2 ? 'height' : 'batch',
        size,
      })),
    );
    const image = call.place('image', [...shape.keys()]);
    const penalty = call.option('norm') === 'squared' ? square : abs;
    return {
      elements: add(
        neighbourDifference(image, call.space.axis('width'), penalty),
        neighbourDifference(image, call.space.axis('height'), penalty),
      ),
    };
  },
  curve: neighbourCurve('image'),
};
