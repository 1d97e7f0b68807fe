import { t } from '@vscode/l10n';
import { floatInput, type Loss } from '../../definition.ts';
import { add, type Expr, equal, type Input, max, sub, where } from '../../language/expression.ts';
import { requireValues } from '../../layout.ts';
import { signedAngleCurve } from '../curves.ts';
import { cosine } from '../specialized/cosine-proximity.ts';
import { embeddings, placeRows } from './embeddings.ts';
import { similarOf } from './hinge-embedding.ts';

/**
 * 1 − cos where the label is 1, max(0, cos − margin) where it is −1, and 0 for any other label. `atKink`: the share of the
 * gradient where the cosine equals the margin; `shields`: whether a NaN in the branch not taken stays out of the gradient.
 */
export const cosineEmbeddingLoss = (
  similarity: Expr,
  label: Expr,
  margin: Expr,
  { atKink, shields = true }: { atKink: number; shields?: boolean },
): Expr =>
  add(
    where(equal(label, 1), sub(1, similarity), 0, { shields }),
    where(equal(label, -1), max(sub(similarity, margin), 0, { tie: atKink }), 0, { shields }),
  );

export const cosineEmbedding: Loss = {
  id: 'cosine-embedding',
  title: 'Cosine embedding loss',
  family: 'ranking',
  inputs: [
    floatInput('first', 'vectors, [N, D]'),
    floatInput('second', 'vectors, same shape'),
    floatInput('label', '1 for a similar pair, −1 for a dissimilar one, [N]'),
  ],
  parameters: [
    {
      name: 'margin',
      kind: 'number',
      default: 0,
      minimum: -1,
      maximum: 1,
      description: 'the cosine below which a dissimilar pair costs nothing',
    },
  ],
  reduction: 'mean',
  program(call) {
    const [first, second] = embeddings(call, ['first', 'second']) as [Input, Input];
    const label = placeRows(call, 'label', 'first');
    requireValues(
      call,
      'label',
      (y) => y === 1 || y === -1,
      'label-out-of-range',
      t('Labels say whether a pair is similar.'),
      '1 or −1',
    );
    const similarity = cosine(first, second, call.space.axis('feature'));
    return {
      elements: cosineEmbeddingLoss(similarity, label, call.uniform('margin'), { atKink: 0 }),
      parts: { similarity, similar: similarOf(label) },
    };
  },
  curve: signedAngleCurve('first', 'second', 'label'),
};
