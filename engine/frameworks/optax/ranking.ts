import { type Body, type Call, type FrameworkSymbol, promoted } from '../../definition.ts';
import {
  type Expr,
  equal,
  extent,
  logSoftmax,
  max,
  maxOver,
  mul,
  neg,
  sum,
  where,
} from '../../language/expression.ts';
import { listCurve } from '../../losses/curves.ts';
import { parameterArgument } from '../symbol.ts';
import { array, keywordOnly, labels, mask, requireFloats, symbol, written } from './declare.ts';
import { alongAxis, sumWhere } from './layout.ts';

/**
 * −Σ y log softmax(s) of what the mask counts. What it leaves out has a score of −∞ and a relevance of 0; their product, NaN,
 * is left out of the sum, and is there again in the gradient by the weights.
 */
function rankingSoftmaxProgram(call: Call): Body {
  requireFloats(call, ['logits']);
  const weighted = call.has('weights');
  const {
    nodes,
    over,
    within,
    mask: counted,
  } = alongAxis(call, weighted ? ['logits', 'labels', 'weights'] : ['logits', 'labels']);
  const [x, y, weights] = nodes as [Expr, Expr, Expr?];
  const scores = counted ? where(counted, x, Number.NEGATIVE_INFINITY) : x;
  const relevance = counted ? where(counted, y, 0) : y;
  const items = counted ? over & scores.dims : within('logits') & x.dims;
  const terms = mul(weights ? mul(relevance, weights) : relevance, logSoftmax(scores, items));
  const ofList = neg(sumWhere(terms, over, counted));
  const some = counted && maxOver(where(counted, 1, 0), over & counted.dims);
  const elements = some ? where(equal(some, 1), ofList, 0, { shields: false }) : ofList;
  const reduction = call.option<'mean' | 'sum' | null>('reduce_fn') ?? 'none';
  const count = some ? sum(some, elements.dims) : extent(elements.dims);
  return {
    elements,
    reduction,
    // The mean of no lists is 0.
    denominator: max(count, 1, { tie: 1 }),
    dtype: promoted((weighted ? ['logits', 'weights'] : ['logits']).map((name) => call.array(name))),
  };
}

export const rankingSoftmaxLoss: FrameworkSymbol = symbol({
  function: 'ranking_softmax_loss',
  alias: false,
  isReduced: true,
  loss: 'ranking-softmax',
  call: [
    array('logits', 'scores of the items of each list, [N, K] or any rank, items last'),
    labels('relevance of each item, same shape'),
    keywordOnly(mask),
    keywordOnly(array('weights', 'a weight for each item, same shape', true)),
    keywordOnly(
      written(
        parameterArgument({
          name: 'reduce_fn',
          kind: 'choice',
          choices: ['mean', 'sum', null],
          default: 'mean',
          description: '`jnp.mean`, `jnp.sum`, or none for a value for each list',
        }),
        'jnp.mean',
      ),
    ),
  ],
  caveats: [
    'Relevances are not normalised: a list whose labels add up to more weighs more.',
    'It is reduced by `reduce_fn`, by default the mean, unlike other losses of Optax.',
    'Lists without an item that `where` counts are left out of the mean; the mean of none is 0.',
    'The gradient by the `weights` of items that `where` leaves out is NaN.',
    'Shapes that differ are broadcast silently.',
    'Another function as `reduce_fn` cannot be evaluated here.',
  ],
  program: rankingSoftmaxProgram,
  curve: listCurve('logits', 'labels'),
});
