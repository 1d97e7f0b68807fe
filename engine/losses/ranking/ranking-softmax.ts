import { t } from '@vscode/l10n';
import { floatInput, type Loss } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import { logSoftmax, mul, neg, sum } from '../../language/expression.ts';
import { elementwise } from '../../layout.ts';
import { listCurve } from '../curves.ts';

export const rankingSoftmax: Loss = {
  id: 'ranking-softmax',
  title: 'Ranking softmax loss',
  family: 'ranking',
  inputs: [
    floatInput('prediction', 'scores of the items of each list, [N, K] or any rank, items last'),
    floatInput('target', 'relevance of each item, at least 0, same shape'),
  ],
  parameters: [],
  reduction: 'mean',
  program(call) {
    if (call.shape('prediction').length === 0) {
      throw new LossLensError('shape-mismatch', t('Items are compared along the last dimension.'), {
        found: 'prediction []',
        expected: t('[K] or [N, K]'),
      });
    }
    const [scores, relevance] = elementwise(call, ['prediction', 'target']);
    const items = 1 << (call.shape('prediction').length - 1);
    return { elements: neg(sum(mul(relevance!, logSoftmax(scores!, items)), items)) };
  },
  curve: listCurve('prediction', 'target'),
};
