import { t } from '@vscode/l10n';
import { floatInput, type Loss } from '../../definition.ts';
import { type Expr, exp, sub, xlogy } from '../../language/expression.ts';
import { elementwise, requireValues } from '../../layout.ts';
import { divergenceCurve } from '../curves.ts';
import { timesLogarithm } from './cross-entropy.ts';

export interface DivergenceOf {
  /** The model's distribution Q and the true one P, each as a probability or as its logarithm. */
  readonly prediction: Expr;
  readonly target: Expr;
  readonly predictionIsLog: boolean;
  readonly targetIsLog: boolean;
}

/**
 * p·log(p/q), term by term, with 0·log 0 = 0 for probabilities; `times` multiplies p by what is given as a logarithm,
 * where a library may do otherwise.
 */
export function divergence(
  { prediction, target, predictionIsLog, targetIsLog }: DivergenceOf,
  times: (p: Expr, logarithm: Expr) => Expr,
): Expr {
  if (targetIsLog) {
    const p = exp(target);
    return predictionIsLog ? times(p, sub(target, prediction)) : sub(times(p, target), xlogy(p, prediction));
  }
  return sub(xlogy(target, target), predictionIsLog ? times(target, prediction) : xlogy(target, prediction));
}

const fromParameter = (name: string, of: string) => ({
  name,
  kind: 'choice' as const,
  choices: ['probability', 'log-probability'],
  default: 'probability',
  description: `what the ${of} is`,
});

export const klDivergence: Loss = {
  id: 'kl-divergence',
  title: 'Kullback–Leibler divergence',
  family: 'classification',
  inputs: [
    floatInput('prediction', "the model's distributions Q, [N, K] or any rank"),
    floatInput('target', 'the true distributions P, same shape'),
  ],
  parameters: [fromParameter('predictionFrom', 'prediction'), fromParameter('targetFrom', 'target')],
  reduction: 'sum',
  program(call) {
    const [prediction, target] = elementwise(call, ['prediction', 'target']);
    const isLog = (input: 'prediction' | 'target'): boolean => {
      if (call.option(`${input}From`) === 'log-probability') return true;
      requireValues(
        call,
        input,
        (p) => !(p < 0),
        'domain',
        t`A probability is not negative; for logarithms set ${input}From: 'log-probability'.`,
        t('numbers from 0 to 1'),
      );
      return false;
    };
    return {
      elements: divergence(
        {
          prediction: prediction!,
          target: target!,
          predictionIsLog: isLog('prediction'),
          targetIsLog: isLog('target'),
        },
        timesLogarithm,
      ),
    };
  },
  curve: divergenceCurve('prediction', 'target', ({ predictionFrom, targetFrom }) => ({
    prediction: predictionFrom === 'log-probability',
    target: targetFrom === 'log-probability',
  })),
};
