import { floatInput, type Loss } from '../../definition.ts';
import {
  add,
  type Expr,
  euclideanNorm,
  type Input,
  max,
  square,
  sub,
  sum,
} from '../../language/expression.ts';
import { tripletCurve } from '../curves.ts';
import { embeddings } from './embeddings.ts';

/** [d(a, p) − d(a, n) + margin]₊; `atKink`: the share of the gradient where the two are equal. */
export const tripletLoss = (
  toPositive: Expr,
  toNegative: Expr,
  margin: Expr,
  { atKink }: { atKink: number },
): Expr => max(add(sub(toPositive, toNegative), margin), 0, { tie: atKink });

export const triplet: Loss = {
  id: 'triplet',
  title: 'Triplet loss',
  family: 'ranking',
  inputs: [
    floatInput('anchor', 'embeddings, [N, D]'),
    floatInput('positive', 'embeddings of the same kind, [N, D]'),
    floatInput('negative', 'embeddings of another kind, [N, D]'),
  ],
  parameters: [
    {
      name: 'margin',
      kind: 'number',
      default: 1,
      minimum: 0,
      description: 'how much nearer the positive has to be than the negative',
    },
    {
      name: 'distance',
      kind: 'choice',
      choices: ['squared-euclidean', 'euclidean'],
      default: 'squared-euclidean',
      description: 'how distance is measured',
    },
  ],
  reduction: 'mean',
  program(call) {
    const [anchor, positive, negative] = embeddings(call, ['anchor', 'positive', 'negative']) as [
      Input,
      Input,
      Input,
    ];
    const feature = call.space.axis('feature');
    const squared = call.option('distance') === 'squared-euclidean';
    const distance = (to: Expr): Expr =>
      squared ? sum(square(sub(anchor, to)), feature) : euclideanNorm(sub(anchor, to), feature);
    const [toPositive, toNegative] = [distance(positive), distance(negative)];
    return {
      elements: tripletLoss(toPositive, toNegative, call.uniform('margin'), { atKink: 0 }),
      parts: { toPositive, toNegative },
    };
  },
  curve: tripletCurve('anchor', 'positive', 'negative'),
};
