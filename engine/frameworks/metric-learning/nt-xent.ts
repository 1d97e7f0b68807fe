import { type Body, type Call, type FrameworkSymbol, promoted } from '../../definition.ts';
import { div, less, mul, notEqual, softplus, sub, sum, where } from '../../language/expression.ts';
import { similarityCurve } from '../../losses/curves.ts';
import { ntXentLoss as lossOfPairs } from '../../losses/ranking/nt-xent.ts';
import { declare } from '../symbol.ts';
import { number, own as ofConstructor, paths, replaced, rows } from './declare.ts';
import { comparesWithReferences, partners, rowsOf, spaceOfPairs } from './rows.ts';

/** −log of the dtype's least normal number, which is added to each share. */
const most = { float32: 126 * Math.LN2, float64: 1022 * Math.LN2 };

/** Whether there is no positive or no negative pair: then nothing is computed. */
function hasNoTerm(call: Call, references: boolean): boolean {
  const [own, others] = ['labels', references ? 'ref_labels' : 'labels'].map((name) =>
    Array.from(call.array(name).data, Number),
  ) as [number[], number[]];
  const rows = Map.groupBy(others, (label) => label);
  const same = own.reduce((count, label) => count + (rows.get(label)?.length ?? 0), 0);
  return same === (references ? 0 : own.length) || same === own.length * others.length;
}

function ntXentProgram(call: Call): Body {
  const references = comparesWithReferences(call);
  call.space = spaceOfPairs(call, references);
  const { rows: own, as, none } = rowsOf(call, references);
  const dtype = promoted([call.array('embeddings')]);
  if (hasNoTerm(call, references)) return { elements: none, reduction: 'sum', dtype };
  const others = as('other');
  const positive = partners(own, others, references);
  const negative = notEqual(own.label, others.label);
  const cosine = sum(mul(own.embedding, others.embedding), call.space.axis('feature'));
  const loss = lossOfPairs({
    similarity: div(cosine, call.uniform('temperature')),
    positive,
    negative,
    others: others.along,
    // A product of matrices goes back through all rows.
    shields: false,
  });
  // −log(share + least): the loss, as far as it is below what that gives for a share of 0. In large shares it is rounded away.
  const bounded = where(less(most[dtype] / 2, loss), sub(loss, softplus(sub(loss, most[dtype]))), loss);
  const pairs = sum(where(positive, 1, 0), own.along | others.along);
  const parts = { similarity: cosine, similar: where(positive, 1, where(negative, 0, -1)) };
  return { elements: div(bounded, pairs), reduction: 'sum', dtype, parts };
}

export const ntXentLoss: FrameworkSymbol = declare({
  name: 'pytorch_metric_learning.losses.NTXentLoss',
  paths: paths('NTXentLoss', 'ntxent_loss'),
  framework: 'pytorch-metric-learning',
  loss: 'nt-xent',
  constructor_: [
    number('temperature', 0.07, 'what the cosines are divided by'),
    ...ofConstructor('the cosine', 'the mean'),
  ],
  call: rows,
  caveats: [
    'Other positives of a row are left out of the softmax: each positive stands against the negatives alone.',
    'The mean is over the positive pairs, each counted from both of its rows; without any, or without a negative one, it is 0.',
    'Without references labels say which rows belong together: for two views of a batch, 0 … n − 1 twice.',
    replaced,
  ],
  program: ntXentProgram,
  curve: similarityCurve('embeddings', 'labels'),
});
