import { t } from '@vscode/l10n';
import { floatInput, type Loss } from '../../definition.ts';
import { add, type Expr, exp, type Input, mul, neg, sub, sum } from '../../language/expression.ts';
import { axisOf, placeWithClasses, sameShape, shapeMismatch } from '../../layout.ts';
import { classCurve, type From } from '../curves.ts';
import { axisParameter, fromParameter, logProbabilities, timesLog } from './cross-entropy.ts';

export const polyCrossEntropy: Loss = {
  id: 'poly-cross-entropy',
  title: 'Poly-1 cross-entropy',
  family: 'classification',
  inputs: [
    floatInput('prediction', 'a distribution over the classes, [N, K] or any rank'),
    floatInput('target', 'one-hot or soft labels, same shape'),
  ],
  parameters: [
    fromParameter,
    axisParameter,
    {
      name: 'epsilon',
      kind: 'number',
      default: 1,
      minimum: -1,
      description: 'the weight of 1 − p, which is the first term of the series of the cross-entropy',
    },
  ],
  reduction: 'sum',
  program(call) {
    const axis = axisOf(call, 'prediction', call.option<number>('axis'));
    if (!sameShape(call.shape('prediction'), call.shape('target'))) {
      throw shapeMismatch(
        call,
        'prediction',
        'target',
        t('One-hot targets have the shape of the prediction.'),
      );
    }
    const { prediction } = placeWithClasses(call, 'prediction', axis);
    const classes = call.space.axis('class');
    const target: Input = call.place('target', [...call.shape('target').keys()]);
    const logP: Expr = logProbabilities(call, prediction, classes);
    const p = call.option('from') === 'probability' ? prediction : exp(logP);
    const missing = sum(mul(target, sub(1, p)), classes);
    return {
      elements: add(neg(sum(timesLog(target, logP), classes)), mul(call.uniform('epsilon'), missing)),
    };
  },
  curve: classCurve(
    {
      prediction: 'prediction',
      target: 'target',
      from: ({ from }) => from as From,
      axis: ({ axis }) => Number(axis),
    },
    'one-hot',
  ),
};
