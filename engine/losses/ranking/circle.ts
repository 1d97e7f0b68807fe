import { type Call, describe, floatInput, integerInput, type Loss } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  add,
  and,
  type Dims,
  type Expr,
  equal,
  exp,
  type Input,
  index,
  log,
  max,
  maxOver,
  mul,
  notEqual,
  pick,
  softplus,
  stop,
  sub,
  sum,
  where,
} from '../../language/expression.ts';
import { Space } from '../../language/space.ts';
import { sameShape } from '../../layout.ts';
import { similarityCurve } from '../curves.ts';

/** What the rows are, and what they are compared with; both have the features of `along`. */
export interface Compared {
  readonly embedding: Expr;
  readonly label: Expr;
  readonly reference: Expr;
  readonly referenceLabel: Expr;
  readonly row: Dims;
  readonly references: Dims;
  readonly along: Dims;
  /** Whether the reference of a row's own number is left out. */
  readonly removesDiagonal: boolean;
  /** max(x, 0), with a library's own gradient: all of it at 0 unless given. */
  readonly nonNegative?: (x: Expr) => Expr;
  readonly gamma: Expr;
  readonly margin: Expr;
}

/** log Σ exp over those of a row that count: −∞, with no gradient, where none does. */
function logSumExpOf(counts: Expr, x: Expr, over: Dims): Expr {
  const largest = maxOver(where(counts, x, Number.NEGATIVE_INFINITY), over);
  const shift = stop(where(equal(largest, Number.NEGATIVE_INFINITY), 0, largest));
  const total = sum(where(counts, exp(sub(x, shift)), 0), over);
  return add(log(total), shift);
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

/** A row's own value, looked up by the number of the reference. */
export const asReference = (x: Input, row: Dims, references: Dims): Expr => pick(x, index(references), row);

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
    const shape = call.shape('embedding');
    if (shape.length !== 2 || !sameShape(shape.slice(0, 1), call.shape('label'))) throw misfit(call);
    call.space = new Space([
      { axis: 'batch', size: shape[0]! },
      { axis: 'reference', size: shape[0]! },
      { axis: 'feature', size: shape[1]! },
    ]);
    const [row, references] = [call.space.axis('batch'), call.space.axis('reference')];
    const embedding = call.place('embedding', [0, 2]);
    const label = call.place('label', [0]);
    return {
      elements: circleLoss({
        embedding,
        label,
        reference: asReference(embedding, row, references),
        referenceLabel: asReference(label, row, references),
        row,
        references,
        along: call.space.axis('feature'),
        removesDiagonal: true,
        gamma: call.uniform('gamma'),
        margin: call.uniform('margin'),
      }),
    };
  },
  curve: similarityCurve('embedding', 'label'),
};

const misfit = (call: Call): LossLensError =>
  new LossLensError('shape-mismatch', 'There is one label for each row of embeddings.', {
    found: `embedding ${describe(call.array('embedding'))}, label ${describe(call.array('label'))}`,
    expected: '[N, D] and [N]',
  });
