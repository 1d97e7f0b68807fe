import { t } from '@vscode/l10n';
import { floatInput, type Loss } from '../../definition.ts';
import { type Expr, type Input, log1p, square, sub } from '../../language/expression.ts';
import { elementwise, requireValues } from '../../layout.ts';
import { predictionCurve } from '../curves.ts';

/** (log(1 + ŷ) − log(1 + y))² */
export const squaredLogarithmicError = (prediction: Expr, target: Expr): Expr =>
  square(sub(log1p(prediction), log1p(target)));

export const meanSquaredLogarithmicError: Loss = {
  id: 'mean-squared-logarithmic-error',
  title: 'Mean squared logarithmic error',
  family: 'regression',
  inputs: [
    floatInput('prediction', 'predicted values above −1, any shape'),
    floatInput('target', 'target values above −1, same shape'),
  ],
  parameters: [],
  reduction: 'mean',
  program(call) {
    const [prediction, target] = elementwise(call, ['prediction', 'target']) as [Input, Input];
    for (const name of ['prediction', 'target']) {
      requireValues(
        call,
        name,
        (value) => !(value < -1),
        'domain',
        t('The logarithm of 1 + a value is taken, so no value lies below −1.'),
        t('numbers above −1'),
      );
    }
    return { elements: squaredLogarithmicError(prediction, target) };
  },
  curve: predictionCurve('prediction', 'target', { range: [0, 8], targets: [0, 1, 4] }),
};
