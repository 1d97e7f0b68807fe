import { t } from '@vscode/l10n';
import { floatInput, type Loss } from '../../definition.ts';
import { type Expr, type Input, mul, neg, softplus, stop } from '../../language/expression.ts';
import { elementwise, requireValues } from '../../layout.ts';
import { marginCurve } from '../curves.ts';

/** log(1 + e^(−y·ŷ)) */
const softMarginLoss = (prediction: Expr, target: Expr): Expr => softplus(neg(mul(target, prediction)));

export const softMargin: Loss = {
  id: 'soft-margin',
  title: 'Soft margin loss',
  family: 'classification',
  inputs: [floatInput('prediction', 'scores, any shape'), floatInput('target', 'labels −1 or 1, same shape')],
  parameters: [],
  reduction: 'mean',
  program(call) {
    const [prediction, target] = elementwise(call, ['prediction', 'target']) as [Input, Input];
    requireValues(
      call,
      'target',
      (label) => label === 1 || label === -1,
      'label-out-of-range',
      t('Labels are the two signs.'),
      '1 or −1',
    );
    // A label is one of two signs: there is no gradient by it.
    return { elements: softMarginLoss(prediction, stop(target)) };
  },
  curve: marginCurve('prediction', 'target'),
};
