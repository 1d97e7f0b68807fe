import { t } from '@vscode/l10n';
import { floatInput, type Loss } from '../../definition.ts';
import { add, type Expr, equal, type Input, max, notEqual, sub, where } from '../../language/expression.ts';
import { elementwise, requireValues } from '../../layout.ts';
import { signedDistanceCurve } from '../curves.ts';

/**
 * d where the label is 1, max(0, margin − d) where it is −1, and their sum for any other label. `atKink`: the share of the
 * gradient where d equals the margin.
 */
export const hingeEmbeddingLoss = (
  distance: Expr,
  label: Expr,
  margin: Expr,
  { atKink }: { atKink: number },
): Expr =>
  add(
    where(notEqual(label, 1), max(sub(margin, distance), 0, { tie: atKink }), 0),
    where(notEqual(label, -1), distance, 0),
  );

/** Of labels 1 and −1: 1 for a similar pair, 0 for a dissimilar one, −1 for what is neither. */
export const similarOf = (label: Expr): Expr => where(equal(label, 1), 1, where(equal(label, -1), 0, -1));

export const hingeEmbedding: Loss = {
  id: 'hinge-embedding',
  title: 'Hinge embedding loss',
  family: 'ranking',
  inputs: [
    floatInput('distance', 'distances between the pairs, any shape'),
    floatInput('label', '1 for a similar pair, −1 for a dissimilar one, same shape'),
  ],
  parameters: [
    { name: 'margin', kind: 'number', default: 1, description: 'how far apart dissimilar pairs are pushed' },
  ],
  reduction: 'mean',
  program(call) {
    const [distance, label] = elementwise(call, ['distance', 'label']) as [Input, Input];
    requireValues(
      call,
      'label',
      (y) => y === 1 || y === -1,
      'label-out-of-range',
      t('Labels say whether a pair is similar.'),
      '1 or −1',
    );
    return {
      elements: hingeEmbeddingLoss(distance, label, call.uniform('margin'), { atKink: 0 }),
      parts: { distance, similar: similarOf(label) },
    };
  },
  curve: signedDistanceCurve('distance', 'label'),
};
