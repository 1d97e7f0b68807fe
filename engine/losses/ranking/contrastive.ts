import { t } from '@vscode/l10n';
import { floatInput, type Loss } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  add,
  type Expr,
  euclideanNorm,
  type Input,
  max,
  mul,
  square,
  sub,
  sum,
} from '../../language/expression.ts';
import { elementwise } from '../../layout.ts';
import { distanceCurve } from '../curves.ts';
import { embeddings, placeRows } from './embeddings.ts';

/** ½[y d² + (1 − y) max(0, m − d)²], y = 1 for similar pairs. */
const contrastiveLoss = (squaredDistance: Expr, distance: Expr, label: Expr, margin: Expr): Expr =>
  mul(
    0.5,
    add(mul(label, squaredDistance), mul(sub(1, label), square(max(sub(margin, distance), 0, { tie: 0 })))),
  );

export const contrastive: Loss = {
  id: 'contrastive',
  title: 'Contrastive loss',
  family: 'ranking',
  inputs: [
    floatInput('distance', 'distances between the pairs, [N]; or give first and second', true),
    floatInput('first', 'embeddings, [N, D]', true),
    floatInput('second', 'embeddings, [N, D]', true),
    floatInput('label', '1 for a similar pair, 0 for a dissimilar one, [N]'),
  ],
  parameters: [
    {
      name: 'margin',
      kind: 'number',
      default: 1,
      minimum: 0,
      description: 'how far apart dissimilar pairs are pushed',
    },
  ],
  reduction: 'mean',
  program(call) {
    const margin = call.uniform('margin');
    if (call.has('distance')) {
      if (call.has('first') || call.has('second')) throw oneForm();
      const [distance, label] = elementwise(call, ['distance', 'label']) as [Input, Input];
      return {
        elements: contrastiveLoss(square(distance), distance, label, margin),
        parts: { distance, similar: label },
      };
    }
    if (!call.has('first') || !call.has('second')) throw oneForm();
    const [first, second] = embeddings(call, ['first', 'second']) as [Input, Input];
    const label = placeRows(call, 'label', 'first');
    const difference = sub(first, second);
    const feature = call.space.axis('feature');
    const squared = sum(square(difference), feature);
    const distance = euclideanNorm(difference, feature);
    return {
      elements: contrastiveLoss(squared, distance, label, margin),
      parts: { distance, similar: label },
    };
  },
  curve: distanceCurve('distance', 'label'),
};

const oneForm = (): LossLensError =>
  new LossLensError('missing-input', t('Give the distances, or both embeddings to take them from.'), {
    expected: t('distance and label; or first, second and label'),
  });
