import { t } from '@vscode/l10n';
import { type Body, type Call, describe, type FrameworkSymbol, promoted } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  and,
  div,
  type Expr,
  equal,
  index,
  max,
  mul,
  notEqual,
  or,
  sqrt,
  square,
  sum,
  where,
} from '../../language/expression.ts';
import { similarityCurve } from '../../losses/curves.ts';
import { rowsAndReferences } from '../../losses/ranking/embeddings.ts';
import { ntXentLoss } from '../../losses/ranking/nt-xent.ts';
import { array, labels, number, requireFloats, symbol } from './declare.ts';

/** The least that a squared norm counts as: the distance from 1 to the next number of the dtype. */
const least = { float32: 2 ** -23, float64: 2 ** -52 };

function ntXentProgram(call: Call): Body {
  requireFloats(call, ['embeddings']);
  const { embedding, reference, label, referenceLabel, row, references, along } = rowsAndReferences(
    call,
    'embeddings',
    'labels',
  );
  if (call.shape('embeddings')[0] === 0) {
    throw new LossLensError(
      'shape-mismatch',
      t('optax looks for the largest similarity of a batch, which needs one.'),
      {
        found: `embeddings ${describe(call.array('embeddings'))}`,
        expected: t('at least one row'),
      },
    );
  }
  const dtype = promoted([call.array('embeddings')]);
  const unit = (x: Expr): Expr => div(x, sqrt(max(sum(square(x), along), least[dtype], { tie: 0.5 })));
  const cosine = sum(mul(unit(embedding), unit(reference)), along);
  // Infinite similarities are shifted by an infinite maximum there: NaN, whatever their signs.
  const temperature = call.vanishes('temperature') ? Number.NaN : call.uniform('temperature');
  const [same, different] = [equal(label, referenceLabel), notEqual(label, referenceLabel)];
  const [isOther, isItself] = [notEqual, equal].map((are) => are(index(row), index(references))) as [
    Expr,
    Expr,
  ];
  // A row whose label is NaN, unlike itself, is its own partner: the diagonal is subtracted, and −1 is true.
  const positive = or(and(same, isOther), and(different, isItself));
  return {
    elements: ntXentLoss({
      similarity: div(cosine, temperature),
      positive,
      negative: different,
      others: references,
      shields: false,
    }),
    denominator: sum(where(positive, 1, 0), row | references),
    reduction: 'mean',
    dtype,
  };
}

export const ntxent: FrameworkSymbol = symbol({
  function: 'ntxent',
  isReduced: true,
  loss: 'nt-xent',
  call: [
    array('embeddings', 'vectors, [N, D]'),
    labels('a class number for each, [N]; rows of one class are positive pairs'),
    number({ name: 'temperature', default: 0.07, description: 'what the cosines are divided by' }),
  ],
  caveats: [
    'Other positives of a row are left out of the softmax: each positive stands against the negatives alone.',
    'The mean is over the positive pairs, each counted from both of its rows; without any the value is NaN and the gradient 0.',
    '`temperature` is not checked: 0 gives NaN, and a negative one pulls apart what belongs together.',
  ],
  versions: [{ since: '0.2.3', text: 'The symbol is there from this version on.' }],
  program: ntXentProgram,
  curve: similarityCurve('embeddings', 'labels'),
});
