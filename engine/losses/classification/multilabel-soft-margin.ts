import { t } from '@vscode/l10n';
import { floatInput, type Loss } from '../../definition.ts';
import { type Dims, type Expr, type Input, mean, mul } from '../../language/expression.ts';
import { elementwise, requireValues } from '../../layout.ts';
import { binaryCurve } from '../curves.ts';
import { crossEntropyOfLogit } from './binary-cross-entropy.ts';
import { placeClassWeight } from './categorical-cross-entropy.ts';

/** The mean of the labels' losses over the classes. */
const multilabelSoftMarginLoss = (x: Expr, y: Expr, weight: Expr | undefined, classes: Dims): Expr =>
  mean(weight ? mul(crossEntropyOfLogit(x, y), weight) : crossEntropyOfLogit(x, y), classes);

export const multilabelSoftMargin: Loss = {
  id: 'multilabel-soft-margin',
  title: 'Multi-label soft margin loss',
  family: 'classification',
  inputs: [
    floatInput('prediction', 'logits of the classes, [N, K] or any rank'),
    floatInput('target', '1 for the classes that apply and 0 for the others, same shape'),
    floatInput('classWeight', 'a weight for each class, [K]', true),
  ],
  parameters: [],
  reduction: 'mean',
  program(call) {
    const [x, y] = elementwise(call, ['prediction', 'target'], 'class') as [Input, Input];
    requireValues(
      call,
      'target',
      (label) => label >= 0 && label <= 1,
      'domain',
      t('A label is 0 or 1, or a probability.'),
      t('numbers from 0 to 1'),
    );
    const weight = placeClassWeight(call, call.space.sizes.length - 1);
    return { elements: multilabelSoftMarginLoss(x, y, weight, call.space.axis('class')) };
  },
  curve: binaryCurve('prediction', 'target', () => true),
};
