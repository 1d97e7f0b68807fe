import { floatInput, integerInput, type Loss } from '../../definition.ts';
import {
  and,
  type Dims,
  div,
  type Expr,
  equal,
  index,
  mul,
  notEqual,
  softplus,
  sqrt,
  square,
  sub,
  sum,
  where,
} from '../../language/expression.ts';
import { similarityCurve } from '../curves.ts';
import { logSumExpOf, rowsAndReferences } from './embeddings.ts';

/** Rows compared with others. */
interface Pairs {
  /** Divided by the temperature. */
  readonly similarity: Expr;
  readonly positive: Expr;
  readonly negative: Expr;
  /** What each row is compared with. */
  readonly others: Dims;
  /** Whether a NaN of other pairs stays out of the gradient. */
  readonly shields?: boolean;
}

/** −log of each positive's share in a softmax over it and all negatives of its row; 0 for the other pairs. */
export const ntXentLoss = ({ similarity, positive, negative, others, shields = true }: Pairs): Expr =>
  where(positive, softplus(sub(logSumExpOf(negative, similarity, others), similarity)), 0, { shields });

export const ntXent: Loss = {
  id: 'nt-xent',
  title: 'NT-Xent loss',
  family: 'ranking',
  inputs: [
    floatInput('embedding', 'vectors of any length, [N, D]'),
    integerInput('label', 'a class number for each, [N]'),
  ],
  parameters: [
    {
      name: 'temperature',
      kind: 'number',
      default: 0.07,
      above: 0,
      description: 'what the cosines are divided by',
    },
  ],
  reduction: 'mean',
  program(call) {
    const { embedding, reference, label, referenceLabel, row, references, along } = rowsAndReferences(
      call,
      'embedding',
      'label',
    );
    const unit = (x: Expr): Expr => div(x, sqrt(sum(square(x), along)));
    const cosine = sum(mul(unit(embedding), unit(reference)), along);
    const same = equal(label, referenceLabel);
    const positive = and(same, notEqual(index(row), index(references)));
    const negative = notEqual(label, referenceLabel);
    return {
      elements: ntXentLoss({
        similarity: div(cosine, call.uniform('temperature')),
        positive,
        negative,
        others: references,
      }),
      denominator: sum(where(positive, 1, 0), row | references),
      parts: { similarity: cosine, similar: where(positive, 1, where(negative, 0, -1)) },
    };
  },
  curve: similarityCurve('embedding', 'label'),
};
