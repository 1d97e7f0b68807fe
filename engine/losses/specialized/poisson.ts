import { t } from '@vscode/l10n';
import { floatInput, type Loss } from '../../definition.ts';
import {
  add,
  type Expr,
  exp,
  type Input,
  less,
  log,
  mul,
  sub,
  where,
  xlogy,
} from '../../language/expression.ts';
import { elementwise, requireValues } from '../../layout.ts';
import { timesLogarithm } from '../classification/cross-entropy.ts';
import { rateCurve } from '../curves.ts';

/** Stirling's approximation of log y!: y log y − y + ½ log 2πy. */
export const stirling = (y: Expr): Expr => add(sub(mul(y, log(y)), y), mul(0.5, log(mul(2 * Math.PI, y))));

/** The same for counts above 1, and 0 for the others. */
const logFactorial = (y: Expr): Expr => where(less(1, y), stirling(y), 0);

export const poisson: Loss = {
  id: 'poisson',
  title: 'Poisson loss',
  family: 'specialized',
  inputs: [
    floatInput('prediction', 'expected counts (or their logarithms), any shape'),
    floatInput('target', 'counts, same shape'),
  ],
  parameters: [
    {
      name: 'from',
      kind: 'choice',
      choices: ['rate', 'log-rate'],
      default: 'rate',
      description: 'whether the prediction is the expected count or its logarithm',
    },
    {
      name: 'full',
      kind: 'boolean',
      default: false,
      description: 'whether log y! is added, by Stirling’s approximation, for counts above 1',
    },
  ],
  reduction: 'sum',
  program(call) {
    const [prediction, target] = elementwise(call, ['prediction', 'target']) as [Input, Input];
    const isLog = call.option('from') === 'log-rate';
    if (!isLog) {
      requireValues(
        call,
        'prediction',
        (rate) => !(rate < 0),
        'domain',
        t("An expected count is not negative; for its logarithm set from: 'log-rate'."),
        t('numbers above 0'),
      );
    }
    const plain = isLog
      ? sub(exp(prediction), timesLogarithm(target, prediction))
      : sub(prediction, xlogy(target, prediction));
    return { elements: call.option('full') ? add(plain, logFactorial(target)) : plain };
  },
  curve: rateCurve('prediction', 'target', ({ from }) => from === 'log-rate'),
};
