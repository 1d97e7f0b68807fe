import { t } from '@vscode/l10n';
import { floatInput, type Loss } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import { add, div, type Expr, less, log, mul, pow, sub, where, xlogy } from '../../language/expression.ts';
import { elementwise, requireValues } from '../../layout.ts';
import { predictionCurve } from '../curves.ts';
import { squaredError } from './mean-squared-error.ts';

/**
 * Twice the difference between the log-likelihood of the target itself and of the prediction, where the variance is the
 * mean to the power p. `kind` decides between the limits 0, 1 and 2 and the rest; `p` is then the number.
 */
export function tweedieDeviance(prediction: Expr, target: Expr, kind: number, p: Expr | number): Expr {
  if (kind === 0) return squaredError(prediction, target);
  if (kind === 1) {
    return mul(2, add(sub(xlogy(target, div(target, prediction)), target), prediction));
  }
  if (kind === 2) {
    return mul(2, sub(add(log(div(prediction, target)), div(target, prediction)), 1));
  }
  const [one, two] = [sub(1, p), sub(2, p)];
  const base = kind < 0 ? where(less(0, target), target, 0) : target;
  return mul(
    2,
    add(
      sub(div(pow(base, two), mul(one, two)), div(mul(target, pow(prediction, one)), one)),
      div(pow(prediction, two), two),
    ),
  );
}

export const tweedie: Loss = {
  id: 'tweedie-deviance',
  title: 'Tweedie deviance',
  family: 'regression',
  inputs: [
    floatInput('prediction', 'expected values above 0, any shape'),
    floatInput('target', 'true values, same shape'),
  ],
  parameters: [
    {
      name: 'power',
      kind: 'number',
      default: 1.5,
      minimum: 1,
      description: 'the variance grows as this power of the mean',
    },
  ],
  reduction: 'mean',
  program(call) {
    const power = call.option<number>('power');
    const [prediction, target] = elementwise(call, ['prediction', 'target']);
    if (!Number.isFinite(power)) {
      throw new LossLensError('parameter', t('The power is a finite number.'), {
        found: String(power),
        expected: t('at least 1'),
      });
    }
    const sentence = t`The deviance of power ${power} is not defined there.`;
    requireValues(call, 'prediction', (x) => !(x <= 0), 'domain', sentence, t('numbers above 0'));
    requireValues(
      call,
      'target',
      (x) => (power < 2 ? !(x < 0) : !(x <= 0)),
      'domain',
      sentence,
      power < 2 ? t('numbers of at least 0') : t('numbers above 0'),
    );
    const isLimit = power === 1 || power === 2;
    return {
      elements: tweedieDeviance(prediction!, target!, power, isLimit ? power : call.uniform('power')),
    };
  },
  curve: predictionCurve('prediction', 'target', { range: [0.2, 6], targets: [1, 2, 4] }),
};
