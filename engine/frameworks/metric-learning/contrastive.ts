import type { Body, Call, FrameworkSymbol } from '../../definition.ts';

import { add, type Expr, less, max, notEqual, or, sub, sum, where } from '../../language/expression.ts';
import { similarityCurve } from '../../losses/curves.ts';

import { declare } from '../symbol.ts';
import { caveats, number, ofHinges, paths, rows } from './declare.ts';
import { comparesWithReferences, distance, partners, rowsOf, shareOfPositive, spaceOfPairs } from './rows.ts';

function contrastiveProgram(call: Call): Body {
  const references = comparesWithReferences(call);
  call.space = spaceOfPairs(call, references);
  const { rows: own, as, none } = rowsOf(call, references);
  const others = as('other');
  const over = own.along | others.along;
  const apart = distance(own, others, call.space.axis('feature'));
  const [similar, different] = [partners(own, others, references), notEqual(own.label, others.label)];
  const pull = max(sub(apart, call.uniform('pos_margin')), 0, { tie: 0 });
  const push = max(sub(call.uniform('neg_margin'), apart), 0, { tie: 0 });
  const shares = add(
    shareOfPositive(pull, similar, over, none),
    shareOfPositive(push, different, over, none),
  );
  // With one pair of each kind at most, which only references allow, it takes them for none.
  const pairs = (counts: Expr): Expr => sum(where(counts, 1, 0), over);
  const several = or(less(1, pairs(similar)), less(1, pairs(different)));
  return {
    elements: references ? where(several, shares, none) : shares,
    reduction: 'sum',
    parts: { distance: apart, similar: where(similar, 1, where(different, 0, -1)) },
  };
}

export const contrastiveLoss: FrameworkSymbol = declare({
  name: 'pytorch_metric_learning.losses.ContrastiveLoss',
  paths: paths('ContrastiveLoss', 'contrastive_loss'),
  framework: 'pytorch-metric-learning',
  loss: 'contrastive',
  constructor_: [
    number('pos_margin', 0, 'the distance to which similar pairs are pulled'),
    number('neg_margin', 1, 'the distance to which dissimilar pairs are pushed'),
    ...ofHinges,
  ],
  call: rows,
  caveats: [
    'The hinges are not squared, and not halved: it is the mean of the similar pairs’ above 0 plus that of the dissimilar ones’.',
    ...caveats,
    'With a similarity as `distance` the margins trade places: `pos_margin=1`, `neg_margin=0`.',
  ],
  program: contrastiveProgram,
  curve: similarityCurve('embeddings', 'labels'),
});
