import { t } from '@vscode/l10n';
import type { Body, Call, FrameworkSymbol } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import { add, and, less, min, notEqual, softplus, sub, where } from '../../language/expression.ts';
import { Space } from '../../language/space.ts';
import { similarityCurve } from '../../losses/curves.ts';
import { tripletLoss } from '../../losses/ranking/triplet.ts';
import { declare, parameterArgument } from '../symbol.ts';
import { caveats, flag, number, ofHinges, paths, rows } from './declare.ts';
import { comparesWithReferences, distance, partners, rowsOf, shareOfPositive } from './rows.ts';

/** Beyond this torch's softplus is the number itself. */
const softplusEnd = 20;

function tripletProgram(call: Call): Body {
  const references = comparesWithReferences(call);
  const swap = call.option<boolean>('swap');
  if (swap && references) {
    throw new LossLensError(
      'parameter',
      t(
        'With swap=True the library looks the positives up among the rows of embeddings, also where they are references.',
      ),
      { found: t('swap=True with ref_emb'), expected: t('one of the two') },
    );
  }
  const count = call.shape(references ? 'ref_emb' : 'embeddings')[0]!;
  const [own, features] = call.shape('embeddings') as [number, number];
  call.space = new Space([
    { axis: 'anchor', size: own },
    { axis: 'positive', size: count },
    { axis: 'negative', size: count },
    { axis: 'feature', size: features },
  ]);
  const feature = call.space.axis('feature');
  const { rows: anchor, as, none } = rowsOf(call, references);
  const [positive, negative] = [as('positive'), as('negative')];
  const over = anchor.along | positive.along | negative.along;
  const toNegative = distance(anchor, negative, feature);
  const nearest = swap ? min(toNegative, distance(positive, negative, feature), { tie: 0.5 }) : toNegative;
  const toPositive = distance(anchor, positive, feature);
  const margin = call.uniform('margin');
  let term = tripletLoss(sub(toPositive, nearest), margin, { atKink: 0 });
  if (call.option<boolean>('smooth_loss')) {
    const violation = add(sub(toPositive, nearest), margin);
    term = where(less(softplusEnd, violation), violation, softplus(violation));
  }
  const counts = and(partners(anchor, positive, references), notEqual(anchor.label, negative.label));
  return { elements: shareOfPositive(term, counts, over, none), reduction: 'sum' };
}

export const tripletMarginLoss: FrameworkSymbol = declare({
  name: 'pytorch_metric_learning.losses.TripletMarginLoss',
  paths: paths('TripletMarginLoss', 'triplet_margin_loss'),
  framework: 'pytorch-metric-learning',
  loss: 'triplet',
  constructor_: [
    number('margin', 0.05, 'how much nearer the positive has to be than the negative'),
    flag(
      'swap',
      'whether the negative’s distance to the positive counts where that is smaller than its distance to the anchor',
    ),
    flag('smooth_loss', 'softplus instead of a hinge'),
    parameterArgument({
      name: 'triplets_per_anchor',
      kind: 'choice',
      choices: ['all'],
      default: 'all',
      description: 'all triplets of the batch; a number of them would be drawn at random',
    }),
    ...ofHinges,
  ],
  call: rows,
  caveats: [
    'All triplets of the batch count: N rows have up to N³ of them.',
    'Distances are not squared, and the default margin is 0.05.',
    ...caveats,
    'A number as `triplets_per_anchor` draws triplets at random, so that the loss is another at each call.',
  ],
  program: tripletProgram,
  curve: similarityCurve('embeddings', 'labels'),
});
