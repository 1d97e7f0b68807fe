import { t } from '@vscode/l10n';
import { floatInput, type Loss } from '../../definition.ts';
import { add, div, type Expr, type Input, log, mul, square, sub } from '../../language/expression.ts';
import { elementwise, requireValues } from '../../layout.ts';
import { varianceCurve } from '../curves.ts';

/** ½(log v + (ŷ − y)²/v), and with `full` the constant ½ log 2π. */
export function gaussianLoss(prediction: Expr, target: Expr, variance: Expr, full: boolean): Expr {
  const loss = mul(0.5, add(log(variance), div(square(sub(prediction, target)), variance)));
  return full ? add(loss, 0.5 * Math.log(2 * Math.PI)) : loss;
}

export const gaussianNll: Loss = {
  id: 'gaussian-nll',
  title: 'Gaussian negative log-likelihood',
  family: 'regression',
  inputs: [
    floatInput('prediction', 'predicted means, any shape'),
    floatInput('target', 'true values, same shape'),
    floatInput('variance', 'predicted variances, above 0, same shape'),
  ],
  parameters: [
    {
      name: 'full',
      kind: 'boolean',
      default: false,
      description: 'whether the constant ½ log 2π is added',
    },
  ],
  reduction: 'mean',
  program(call) {
    const [prediction, target, variance] = elementwise(call, ['prediction', 'target', 'variance']) as [
      Input,
      Input,
      Input,
    ];
    requireValues(
      call,
      'variance',
      (v) => !(v <= 0),
      'domain',
      t('A variance is positive.'),
      t('numbers above 0'),
    );
    return { elements: gaussianLoss(prediction, target, variance, call.option('full')) };
  },
  curve: varianceCurve('prediction', 'target', 'variance'),
};
