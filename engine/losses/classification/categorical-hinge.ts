import { t } from '@vscode/l10n';
import { describe, floatInput, type Loss } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  add,
  type Dims,
  type Expr,
  type Input,
  max,
  maxOver,
  mul,
  sub,
  sum,
} from '../../language/expression.ts';
import { elementwise } from '../../layout.ts';
import { scoreOfClassCurve } from '../curves.ts';

/** max(0, 1 + max (1 − y)·ŷ − Σ y·ŷ); a library may have its own gradients of the two maxima. */
export const categoricalHingeLoss = (
  prediction: Expr,
  target: Expr,
  classes: Dims,
  {
    nonNegative = (x) => max(x, 0, { tie: 0 }),
    largest = maxOver,
  }: { nonNegative?: (x: Expr) => Expr; largest?: (x: Expr, over: Dims) => Expr } = {},
): Expr => {
  const wrong = largest(mul(sub(1, target), prediction), classes);
  return nonNegative(add(sub(wrong, sum(mul(target, prediction), classes)), 1));
};

export const categoricalHinge: Loss = {
  id: 'categorical-hinge',
  title: 'Categorical hinge loss',
  family: 'classification',
  inputs: [
    floatInput('prediction', 'a score for each class, [N, K] or any rank'),
    floatInput('target', 'one-hot labels, same shape'),
  ],
  parameters: [],
  reduction: 'mean',
  program(call) {
    const [prediction, target] = elementwise(call, ['prediction', 'target'], 'class') as [Input, Input];
    const classes = call.space.axis('class');
    if (classes === 0 || call.shape('prediction').at(-1) === 0) {
      throw new LossLensError('shape-mismatch', t('The last axis holds the classes, at least one.'), {
        found: describe(call.array('prediction')),
        expected: t('[N, K] or any rank'),
      });
    }
    return { elements: categoricalHingeLoss(prediction, target, classes) };
  },
  curve: scoreOfClassCurve('prediction', 'target'),
};
