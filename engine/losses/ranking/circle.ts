import { floatInput, integerInput, type Loss } from '../../definition.ts';
import {
  add,
  and,
  type Expr,
  equal,
  index,
  max,
  mul,
  notEqual,
  softplus,
  sub,
  sum,
} from '../../language/expression.ts';
import { similarityCurve } from '../curves.ts';
import { logSumExpOf, type RowsAndReferences, rowsAndReferences } from './embeddings.ts';

export interface Compared extends RowsAndReferences {
  /** Whether the reference of a row's own number is left out. */
  readonly removesDiagonal: boolean;
  /** max(x, 0), with a library's own gradient: all of it at 0 unless given. */
  readonly nonNegative?: (x: Expr) => Expr;
  readonly gamma: Expr;
  readonly margin: Expr;
}

/** softplus(log Σ exp of the negatives + log Σ exp of the positives), each pair weighted by how far it is from done. */
export function circleLoss(of: Compared): Expr {
  const cosine = sum(mul(of.embedding, of.reference), of.along);
  const { nonNegative = (x: Expr): Expr => max(x, 0, { tie: 1 }) } = of;
  const distance = nonNegative(sub(1, cosine));
  const same = equal(of.label, of.referenceLabel);
  const positive = of.removesDiagonal ? and(same, notEqual(index(of.row), index(of.references))) : same;
  const toPull = mul(nonNegative(add(of.margin, distance)), sub(distance, of.margin));
  const toPush = mul(nonNegative(sub(add(1, of.margin), distance)), sub(sub(1, of.margin), distance));
  const pulled = logSumExpOf(positive, mul(of.gamma, toPull), of.references);
  const pushed = logSumExpOf(notEqual(of.label, of.referenceLabel), mul(of.gamma, toPush), of.references);
  return softplus(add(pulled, pushed));
}

export const circle: Loss = {
  id: 'circle',
  title: 'Circle loss',
  family: 'ranking',
  inputs: [
    floatInput('embedding', 'vectors of length 1, [N, D]'),
    integerInput('label', 'a class number for each, [N]'),
  ],
  parameters: [
    { name: 'gamma', kind: 'number', default: 80, above: 0, description: 'the scale of the similarities' },
    {
      name: 'margin',
      kind: 'number',
      default: 0.4,
      minimum: 0,
      maximum: 1,
      description: 'how far from 1 and 0 the similarities may stay',
    },
  ],
  reduction: 'mean',
  program(call) {
    return {
      elements: circleLoss({
        ...rowsAndReferences(call, 'embedding', 'label'),
        removesDiagonal: true,
        gamma: call.uniform('gamma'),
        margin: call.uniform('margin'),
      }),
    };
  },
  curve: similarityCurve('embedding', 'label'),
};
