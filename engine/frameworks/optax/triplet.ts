import type { Body, Call, FrameworkSymbol } from '../../definition.ts';
import { add, div, type Expr, type Input, pow, sqrt, square, sub, sum } from '../../language/expression.ts';
import { broadcastShape } from '../../layout.ts';
import { tripletCurve } from '../../losses/curves.ts';
import { array, axis, number, requireFloats, symbol, written } from './declare.ts';
import { broadcastSilently, dimsOfAxis, positivePart } from './layout.ts';

/** (Σ (a − b)ᵖ + ε)^(1/p): the differences as they are, with their signs. */
function tripletProgram(call: Call): Body {
  const names = ['anchors', 'positives', 'negatives'] as const;
  requireFloats(call, names);
  const [anchor, positive, negative] = broadcastSilently(call, [...names]) as [Input, Input, Input];
  const isEuclidean = call.option<number>('norm_degree') === 2;
  const degree = call.uniform('norm_degree');
  const distance = (other: Input): Expr => {
    const difference = sub(anchor, other);
    const rank = broadcastShape(call.shape('anchors'), call.shape(other.name))!.length;
    const along = dimsOfAxis(call, call.option<number>('axis'), rank) & difference.dims;
    const powers = isEuclidean ? square(difference) : pow(difference, degree);
    const total = add(sum(powers, along), call.uniform('eps'));
    return isEuclidean ? sqrt(total) : pow(total, div(1, degree));
  };
  const [toPositive, toNegative] = [distance(positive), distance(negative)];
  const excess = add(sub(toPositive, toNegative), call.uniform('margin'));
  return { elements: positivePart(excess), reduction: 'none', parts: { toPositive, toNegative } };
}

export const tripletMargin: FrameworkSymbol = symbol({
  function: 'triplet_margin_loss',
  alias: false,
  loss: 'triplet',
  call: [
    array('anchors', 'embeddings, [N, D]'),
    array('positives', 'embeddings of the same kind, [N, D]'),
    array('negatives', 'embeddings of another kind, [N, D]'),
    axis('the vectors', { nullable: false }),
    number({ name: 'norm_degree', default: 2, description: 'the p of the distance' }),
    written(
      number({
        name: 'margin',
        default: 1,
        description: 'how much nearer the positive has to be than the negative',
      }),
      '1.0',
    ),
    written(number({ name: 'eps', default: 1e-6, description: 'added under the root' }), '1e-06'),
  ],
  caveats: [
    'No absolute value is taken: with `norm_degree=1` differences cancel, and with 3 a negative sum gives NaN. Only even degrees are distances.',
    '`eps` is added under the root, so two equal points are 0.001 apart.',
    'Distances are not squared.',
    'Shapes that differ are broadcast silently.',
  ],
  program: tripletProgram,
  curve: tripletCurve('anchors', 'positives', 'negatives'),
});
