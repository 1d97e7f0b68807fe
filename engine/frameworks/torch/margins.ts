/** The margin losses over scores: soft, multi-class and multi-label. */
import { t } from '@vscode/l10n';
import {
  actsAsInteger,
  type Body,
  type Call,
  describe,
  type FrameworkSymbol,
  promoted,
} from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  add,
  constant,
  div,
  type Expr,
  exp,
  extent,
  less,
  log1p,
  mul,
  neg,
  stop,
  sum,
  where,
  withGradient,
} from '../../language/expression.ts';
import { Space } from '../../language/space.ts';
import { broadcastShape, placeBroadcast, sameShape } from '../../layout.ts';
import { crossEntropyOfLogit } from '../../losses/classification/binary-cross-entropy.ts';
import { placeClassWeight } from '../../losses/classification/categorical-cross-entropy.ts';
import { multiMarginLoss } from '../../losses/classification/multi-margin.ts';
import { multilabelMarginLoss, placeLists } from '../../losses/classification/multilabel-margin.ts';
import { requireLabels } from '../../losses/classification/sparse-categorical-cross-entropy.ts';
import { binaryCurve, classMarginCurve, marginCurve } from '../../losses/curves.ts';
import { parameterArgument } from '../symbol.ts';
import {
  classWeight,
  input,
  number,
  optional,
  plainChoices,
  reduce,
  reduction,
  sizeAverage,
  target,
} from './arguments.ts';
import {
  dtypeError,
  reductionOf,
  refuseBooleans,
  requireFloats,
  requireOneDtype,
  warnOfBroadcast,
} from './call.ts';
import { pair } from './pair.ts';

/** Where e^x leaves the numbers of a dtype. */
const largestExponent = { float32: 88.72284, float64: 709.782712893384 };

/** log(1 + e^(−y·x)) with torch's own exponential, which overflows, and its gradient, which is NaN there. */
function softMarginProgram(call: Call): Body {
  requireFloats(call, ['input']);
  refuseBooleans(call, ['target']);
  const shape = call.shape('input');
  const together = broadcastShape(shape, call.shape('target'));
  if (!together || !sameShape(together, shape)) {
    throw new LossLensError(
      'shape-mismatch',
      t('The target broadcasts to the input and may not enlarge it.'),
      {
        found: `input ${describe(call.array('input'))}, target ${describe(call.array('target'))}`,
        expected: t('one shape'),
      },
    );
  }
  call.space = new Space(shape.map((size) => ({ axis: 'batch', size })));
  const x = placeBroadcast(call, 'input');
  const y = placeBroadcast(call, 'target');
  warnOfBroadcast(call, ['input', 'target']);
  const dtype = promoted([call.array('input')]);
  const exponent = neg(mul(y, x));
  const z = where(less(largestExponent[dtype], exponent), Number.POSITIVE_INFINITY, exp(exponent));
  const elements = withGradient(log1p(z), [[x, neg(div(mul(y, z), add(1, z)))]]);
  return { elements, ...reductionOf(call), dtype };
}

const matrix = 'The input is [N, C], or [C] for one sample.';

/** @throws LossLensError `shape-mismatch` unless the input is one or several rows of at least one class. */
function requireRows(call: Call): void {
  const shape = call.shape('input');
  if (shape.length <= 2 && shape.at(-1) !== 0) return;
  throw new LossLensError('shape-mismatch', matrix, {
    found: describe(call.array('input')),
    expected: t('[N, C] or [C], with at least one class'),
  });
}

/** @throws LossLensError `dtype` unless the target holds Long. */
function requireLong(call: Call): void {
  const labels = call.array('target');
  if (labels.dtype === 'int64' || (labels.weak && actsAsInteger(labels))) return;
  throw dtypeError(
    call,
    t('class numbers must be Long here (`expected scalar type Long`).'),
    ['target'],
    'int64',
  );
}

function multiMarginProgram(call: Call): Body {
  requireFloats(call, ['input']);
  requireLong(call);
  requireRows(call);
  const shape = call.shape('input');
  const rows = shape.length === 2 ? shape[0]! : 1;
  const classes = shape.at(-1) ?? 1;
  const labels = call.shape('target');
  const fits = labels.length === 0 ? rows === 1 : labels.length === 1 && labels[0] === rows;
  if (!fits) {
    throw new LossLensError('shape-mismatch', t('There is one class number for each row.'), {
      found: `input ${describe(call.array('input'))}, target ${describe(call.array('target'))}`,
      expected: `target [${rows}]`,
    });
  }
  // The value has the shape of the labels: a row may have none, a vector one.
  const batch = labels.length;
  call.space = new Space([
    ...labels.map((size) => ({ axis: 'batch', size })),
    { axis: 'class', size: classes },
  ]);
  const own = shape.length === 0 ? [] : shape.length === 1 ? [batch] : [batch - 1, batch];
  const prediction = call.place('input', own);
  const label = call.place('target', [...labels.keys()]);
  const weight = placeClassWeight(call, batch, 'weight');
  if (weight) {
    requireFloats(call, ['weight']);
    requireOneDtype(call, ['input', 'weight']);
  }
  requireLabels(call, 'target', classes, null);
  const elements = multiMarginLoss({
    prediction,
    label,
    classes: call.space.axis('class'),
    margin: call.uniform('margin'),
    squared: call.option('p') === 2,
    classWeight: weight && stop(weight),
  });
  return { elements, ...reductionOf(call) };
}

function multilabelMarginProgram(call: Call): Body {
  requireFloats(call, ['input']);
  requireLong(call);
  requireRows(call);
  const shape = call.shape('input');
  const labels = call.shape('target');
  if (!sameShape(shape, labels) && !(shape.length === 0 && sameShape(labels, [1]))) {
    throw new LossLensError('shape-mismatch', t('The lists of labels have the shape of the input.'), {
      found: `input ${describe(call.array('input'))}, target ${describe(call.array('target'))}`,
      expected: `target [${shape.join(', ')}]`,
    });
  }
  const { scores, listed, classes, list } = placeLists(call, 'input', 'target');
  return { elements: multilabelMarginLoss(scores, listed, classes, list), ...reductionOf(call) };
}

/**
 * Sums the last axis of the input and divides by its extent, whatever broadcasting made of them: the axis is counted from the
 * front, as torch does.
 */
function multilabelSoftMarginProgram(call: Call): Body {
  requireFloats(call, ['input']);
  refuseBooleans(call, ['target']);
  const shape = call.shape('input');
  if (shape.length === 0) {
    throw new LossLensError('shape-mismatch', t('The input needs a class axis.'), {
      found: describe(call.array('input')),
      expected: t('[C], [N, C] or [N, …, C]'),
    });
  }
  const names: [string, ...string[]] = ['input', 'target', ...(call.has('weight') ? ['weight'] : [])];
  const whole = broadcastShape(...names.map((name) => call.shape(name)));
  if (!whole) {
    throw new LossLensError('shape-mismatch', t('torch cannot broadcast these shapes together.'), {
      found: names.map((name) => `${name} [${call.shape(name).join(', ')}]`).join(', '),
      expected: t('equal shapes, or extents of 1 where they differ'),
    });
  }
  const axis = shape.length - 1;
  call.space = new Space(whole.map((size, d) => ({ axis: d === axis ? 'class' : 'batch', size })));
  const [x, y, weight] = names.map((name) => placeBroadcast(call, name)) as [Expr, Expr, Expr | undefined];
  warnOfBroadcast(call, ['input', 'target']);
  const loss = crossEntropyOfLogit(x, y);
  const total = sum(weight ? mul(loss, weight) : loss, call.space.axis('class'));
  const classes = whole[axis] === shape[axis] ? extent(call.space.axis('class')) : constant(shape[axis]!);
  return { elements: div(total, classes), ...reductionOf(call) };
}

export const marginSymbols: readonly FrameworkSymbol[] = [
  ...pair({
    class: 'SoftMarginLoss',
    function: 'soft_margin_loss',
    loss: 'soft-margin',
    inputs: [input('scores, any shape'), target('labels −1 or 1, same shape')],
    options: [sizeAverage, reduce, reduction()],
    caveats: [
      'Labels are −1 and 1: with 0 the loss is log 2 whatever the score, and the gradient 0.',
      'The exponential overflows where `-target * input` is above 88.7 (709.8 in float64): the loss is infinite and its gradient NaN. `softplus` of the same number has no such end.',
      'A target that broadcasts to the input is accepted without a warning.',
    ],
    program: softMarginProgram,
    curve: marginCurve('input', 'target'),
  }),
  ...pair({
    class: 'MultiMarginLoss',
    function: 'multi_margin_loss',
    loss: 'multi-margin',
    inputs: [input('scores of the classes, [N, C] or [C]'), target('class numbers, [N] or one', 'integer')],
    options: [
      parameterArgument({
        name: 'p',
        kind: 'integer',
        default: 1,
        minimum: 1,
        maximum: 2,
        description: 'the power that each violation is raised to',
      }),
      number({
        name: 'margin',
        default: 1,
        description: 'by how much the true class has to exceed the others',
      }),
      classWeight,
      sizeAverage,
      reduce,
      reduction(),
    ],
    caveats: [
      'Each sample is divided by the number of classes, and every violating class counts: the form of Crammer and Singer takes only the largest, undivided.',
      'The mean divides by the number of samples, whatever `weight` is.',
      'A NaN score violates no margin: it is counted as 0, in value and gradient.',
      'Of an empty batch, torch returns as the mean or sum a number that was never written; here they are NaN and 0.',
    ],
    program: multiMarginProgram,
    curve: classMarginCurve('input', 'target'),
  }),
  ...pair({
    class: 'MultiLabelMarginLoss',
    function: 'multilabel_margin_loss',
    loss: 'multilabel-margin',
    inputs: [
      input('scores of the classes, [N, C] or [C]'),
      target('the true class numbers of each row, closed by −1, same shape', 'integer'),
    ],
    options: [sizeAverage, reduce, reduction()],
    caveats: [
      'The target lists class numbers and stops at the first −1; a vector of zeros and ones is read as the classes 0 and 1.',
      'What stands after the first −1 is checked, and not used.',
      'A class that is listed twice counts twice.',
      'Of an empty batch, torch returns as the mean or sum a number that was never written; here they are NaN and 0.',
    ],
    program: multilabelMarginProgram,
    curve: classMarginCurve('input', 'target', 'list'),
  }),
  ...pair({
    class: 'MultiLabelSoftMarginLoss',
    function: 'multilabel_soft_margin_loss',
    loss: 'multilabel-soft-margin',
    inputs: [input('logits of the classes, [N, …, C]'), target('1 or 0 for each class, same shape')],
    options: [
      optional('weight', 'weights that broadcast to the input: [C]'),
      sizeAverage,
      reduce,
      reduction(plainChoices),
    ],
    caveats: [
      '`BCEWithLogitsLoss` averaged over the last axis: the classes are last here, not at axis 1.',
      'Shapes that differ are broadcast without a warning.',
      'An infinite logit of the right sign gives NaN, not 0.',
    ],
    program: multilabelSoftMarginProgram,
    curve: binaryCurve('input', 'target', () => true),
  }),
];
