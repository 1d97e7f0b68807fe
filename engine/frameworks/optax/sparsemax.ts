import { t } from '@vscode/l10n';
import {
  actsAsFloat,
  actsAsInteger,
  type Body,
  type Call,
  describe,
  type FrameworkSymbol,
  integerInput,
  promoted,
} from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  add,
  constant,
  type Expr,
  extent,
  less,
  lessEqual,
  max,
  min,
  mul,
  neg,
  notEqual,
  square,
  where,
  withGradient,
} from '../../language/expression.ts';
import { placeRows, sparsemaxLoss } from '../../losses/classification/sparsemax.ts';
import { binaryCurve, classMarginCurve } from '../../losses/curves.ts';
import { inputArgument } from '../symbol.ts';
import { array, labels, symbol } from './declare.ts';
import { broadcastSilently, warnOfLabels } from './layout.ts';

/** A line, a parabola and 0. The parabola's gradient is followed where it is not taken: 0·∞ is NaN. */
function binaryProgram(call: Call): Body {
  const [x, y] = broadcastSilently(call, ['logits', 'labels']) as [Expr, Expr];
  const isOne = notEqual(y, 0);
  // Labels of a floating-point dtype are differentiated too: they get 0.
  const wrong = withGradient(where(isOne, neg(x), x), [
    [x, where(isOne, -1, 1)],
    ...(actsAsFloat(call.array('labels')) ? [[y, constant(0)] as const] : []),
  ]);
  const parabola = mul(0.25, square(add(wrong, 1)));
  const upTo1 = where(less(wrong, 1), parabola, wrong, { shields: false });
  return {
    elements: where(lessEqual(wrong, -1), 0, upTo1, { shields: false }),
    reduction: 'none',
    dtype: promoted([call.array('logits')]),
  };
}

function multiclassProgram(call: Call): Body {
  const [scores, numbers] = [call.array('scores'), call.array('labels')];
  if (!actsAsInteger(numbers)) {
    throw new LossLensError('dtype', t('Class numbers are integers.'), {
      found: `labels ${describe(numbers)}`,
      expected: t('an integer dtype such as int32'),
    });
  }
  if (scores.shape.length !== 2 || scores.shape[1] === 0) {
    throw new LossLensError('shape-mismatch', t('The loss is of rows of scores.'), {
      found: `scores ${describe(scores)}`,
      expected: t('[N, K], with classes'),
    });
  }
  const rows = placeRows(call, 'scores', 'labels');
  warnOfLabels(
    call,
    0,
    scores.shape[1]!,
    t('optax counts negative ones from the end, and takes the nearest class.'),
  );
  const fromStart = where(less(rows.label, 0), add(rows.label, extent(rows.classes)), rows.label);
  const label = min(max(fromStart, 0, { tie: 0 }), add(extent(rows.classes), -1), { tie: 0 });
  // An infinite loss meets the derivative of the projection, which is ∞ − ∞ in its support.
  const ofInfinite = (probability: Expr, loss: Expr): Expr => where(less(0, probability), mul(0, loss), 0);
  return { elements: sparsemaxLoss({ ...rows, label }, ofInfinite), reduction: 'none' };
}

export const sparsemaxes: readonly FrameworkSymbol[] = [
  symbol({
    function: 'multiclass_sparsemax_loss',
    alias: false,
    loss: 'sparsemax',
    call: [
      array('scores', 'a score for each class, [N, K]'),
      inputArgument(integerInput('labels', 'class numbers, [N]')),
    ],
    caveats: [
      'Labels are not checked: −1 is the last class, and one beyond the classes is the nearest of them.',
      'Takes scores: a softmax or sparsemax before it makes all classes probable.',
      'It takes rows alone, [N, K]: the projection of more dimensions would be of all of them together.',
    ],
    program: multiclassProgram,
    curve: classMarginCurve('scores', 'labels'),
  }),
  symbol({
    function: 'sparsemax_loss',
    alias: false,
    loss: 'sparsemax',
    call: [array('logits', 'logits of class 1, any shape'), labels('labels 0 or 1, same shape')],
    caveats: [
      'Labels are not checked: whatever is not 0, NaN and 0.5 too, is class 1.',
      'The probability that belongs to it is `jax.nn.sparse_sigmoid`, not the sigmoid.',
      'The gradient at an infinite logit is NaN.',
      'Shapes that differ are broadcast silently: `[N, 1]` against `[N]` compares every logit with every label.',
    ],
    program: binaryProgram,
    curve: binaryCurve('logits', 'labels', () => true),
  }),
];
