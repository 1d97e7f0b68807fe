import { floatInput, type Loss } from '../../definition.ts';
import {
  add,
  type Dims,
  div,
  type Expr,
  equal,
  type Input,
  less,
  max,
  mul,
  neg,
  or,
  sqrt,
  square,
  sub,
  sum,
  where,
  withGradient,
} from '../../language/expression.ts';
import { tripletCurve } from '../curves.ts';
import { embeddings } from './embeddings.ts';

/** [d(a, p) − d(a, n) + margin]₊ of the difference; `atKink`: the share of the gradient where that is exactly 0. */
export const tripletLoss = (difference: Expr, margin: Expr, { atKink }: { atKink: number }): Expr =>
  max(add(difference, margin), 0, { tie: atKink });

export interface Compared {
  readonly toPositive: Expr;
  readonly toNegative: Expr;
  /** The first less the second. */
  readonly difference: Expr;
}

const infinite = Number.POSITIVE_INFINITY;

/**
 * ‖u‖ − ‖v‖ with u = a − p + ε and v = a − n + ε, for three arrays of one shape. The gradient by a, u/‖u‖ − v/‖v‖, loses the
 * digits in which the two agree; with u = v + (n − p) it is (n − p + v (‖v‖ − ‖u‖)/‖v‖) / ‖u‖, which does not. Where u is
 * much the shorter, its digits are those that the sum n − p + … loses, and the directions are subtracted as they are.
 */
export function comparedDistances(
  [anchor, positive, negative]: readonly [Input, Input, Input],
  eps: Expr | number,
  along: Dims,
): Compared {
  const [u, v] = [positive, negative].map((to) => add(sub(anchor, to), eps)) as [Expr, Expr];
  const [near, far] = [u, v].map((x) => sqrt(sum(square(x), along))) as [Expr, Expr];
  // A vector without length is all zeros, and so is its direction.
  const direction = (x: Expr, norm: Expr): Expr => mul(where(equal(norm, 0), 0, div(1, norm)), x);
  const apart = sub(negative, positive);
  const share = where(equal(far, 0), 0, div(sub(far, near), far));
  const [toU, toV] = [direction(u, near), direction(v, far)];
  const byAnchor = where(
    or(equal(near, 0), or(equal(near, infinite), less(near, mul(0.5, far)))),
    sub(toU, toV),
    div(add(apart, mul(share, v)), near),
  );
  const difference = withGradient(sub(near, far), [
    [anchor, byAnchor],
    [positive, neg(toU)],
    [negative, toV],
  ]);
  return { toPositive: near, toNegative: far, difference };
}

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
    const squares = (to: Expr): Expr => sum(square(sub(anchor, to)), feature);
    const [toPositive, toNegative] = [squares(positive), squares(negative)];
    const { difference, ...parts } = squared
      ? { toPositive, toNegative, difference: sub(toPositive, toNegative) }
      : comparedDistances([anchor, positive, negative], 0, feature);
    return { elements: tripletLoss(difference, call.uniform('margin'), { atKink: 0 }), parts };
  },
  curve: tripletCurve('anchor', 'positive', 'negative'),
};
