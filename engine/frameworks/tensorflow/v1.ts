/** `tf.compat.v1.losses`: weights and five reductions, the same for all, in float32. */
import { t } from '@vscode/l10n';
import type { InputInfo } from '../../catalogue.ts';
import { type Body, type Call, describe, type FrameworkSymbol } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  add,
  constant,
  type Dims,
  type Expr,
  equal,
  extent,
  index,
  less,
  log,
  max,
  mul,
  neg,
  stop,
  sub,
  sum,
  where,
  withGradient,
} from '../../language/expression.ts';
import { Space } from '../../language/space.ts';
import { axisOf, sameShape } from '../../layout.ts';
import { smoothed } from '../../losses/classification/cross-entropy.ts';
import {
  angleCurve,
  binaryCurve,
  classCurve,
  marginCurve,
  pairwiseCurve,
  residualCurve,
} from '../../losses/curves.ts';
import { huberLoss } from '../../losses/regression/huber.ts';
import { absoluteError } from '../../losses/regression/mean-absolute-error.ts';
import { pairwiseSquaredError } from '../../losses/regression/mean-pairwise-squared-error.ts';
import { squaredError } from '../../losses/regression/mean-squared-error.ts';
import { type Argument, declare, ignoredArgument, parameterArgument, withDefault } from '../symbol.ts';
import { required, requireLabelDtype, requireOneFloat, requireOneShape } from './arguments.ts';
import { crossEntropyOfLabel } from './nn.ts';
import { noNan, sigmoidCrossEntropy, softmaxCrossEntropy } from './operations.ts';

// Weights and reductions

/** Places the weights: a single number, or the rank of the losses with extents equal to theirs or 1. */
function placeWeights(call: Call, losses: readonly number[], along: readonly number[], squeezed = 0): Expr {
  if (!call.has('weights')) return constant(1);
  const shape = call.shape('weights').slice(0, call.shape('weights').length - squeezed);
  const fits =
    shape.length === 0 ||
    (shape.length === losses.length && shape.every((size, d) => size === 1 || size === losses[d]));
  if (!fits) {
    throw new LossLensError(
      'shape-mismatch',
      t('The weights are one number, or of the rank of the losses.'),
      {
        found: `weights ${describe(call.array('weights'))}, losses [${losses.join(', ')}]`,
        expected: t`a number, or [${losses.join(', ')}] with any extent replaced by 1`,
      },
    );
  }
  const at = shape.map((size, d) => (size === 1 && losses[d] !== 1 ? -1 : along[d]!));
  return call.place('weights', [...at, ...new Array<number>(squeezed).fill(-1)]);
}

/** How many weights count: those that are not 0, repeated along what they lack of `over`. */
const present = (weights: Expr, over: Dims): Expr => sum(where(equal(weights, 0), 0, 1), over);

/** The library's `compute_weighted_loss`. */
function weighted(losses: Expr, weights: Expr, chosen: string): Body {
  const elements = mul(losses, weights);
  const over = losses.dims;
  switch (chosen) {
    case 'none':
      return { elements, reduction: 'none', dtype: 'float32' };
    case 'weighted_sum':
      return { elements, reduction: 'sum', dtype: 'float32' };
    case 'weighted_mean':
      return divided(elements, sum(weights, over));
    case 'weighted_sum_over_batch_size':
      return divided(elements, extent(over));
    default:
      return divided(elements, present(weights, over));
  }
}

/** By `div_no_nan`: divided by 0 the value is 0 whatever the elements are, and the gradient as it would be. */
function divided(elements: Expr, denominator: Expr): Body {
  const nothing = equal(denominator, 0);
  return {
    elements:
      denominator.kind === 'extent'
        ? elements
        : withGradient(where(nothing, 0, elements), [[elements, constant(1)]]),
    denominator: noNan(denominator),
    reduction: 'mean',
    dtype: 'float32',
  };
}

const reductionOf = (call: Call): string => call.option<string>('reduction');

// Programs

const dimensions = (shape: readonly number[]): number[] => [...shape.keys()];

/** Two arrays of one shape, compared element by element. */
function elementwise(
  first: string,
  second: string,
  lossOf: (call: Call, truth: Expr, prediction: Expr) => Expr,
) {
  return (call: Call): Body => {
    requireOneShape(call, first, second);
    const shape = call.shape(second);
    call.space = new Space(shape.map((size) => ({ axis: 'batch', size })));
    const along = dimensions(shape);
    const losses = lossOf(call, call.place(first, along), call.place(second, along));
    return weighted(losses, placeWeights(call, shape, along), reductionOf(call));
  };
}

function logTerm(call: Call, y: Expr, p: Expr): Expr {
  const epsilon = call.uniform('epsilon');
  const onLabel = mul(y, log(add(p, epsilon)));
  return sub(neg(onLabel), mul(sub(1, y), log(add(sub(1, p), epsilon))));
}

function sigmoidTerm(call: Call, y: Expr, x: Expr): Expr {
  requireOneFloat(call, ['logits']);
  // Nothing happens below 0.
  if (call.sign('label_smoothing') !== 1) return sigmoidCrossEntropy(x, y);
  const smoothing = call.uniform('label_smoothing');
  return sigmoidCrossEntropy(x, add(mul(y, sub(1, smoothing)), mul(0.5, smoothing)));
}

/** 1 − Σ y·ŷ, which keeps the axis that it sums with an extent of 1. */
function cosineProgram(call: Call): Body {
  const [asked, deprecated] = [call.option<number | null>('axis'), call.option<number | null>('dim')];
  if ((asked === null) === (deprecated === null)) {
    throw new LossLensError('parameter', t('Either axis or dim, its deprecated name, is needed.'), {
      found: asked === null ? t('neither') : t('both'),
      expected: t('axis=1, for vectors [N, D]'),
    });
  }
  if (deprecated !== null) call.warn('deprecated', t('dim is deprecated; write axis.'));
  requireOneShape(call, 'labels', 'predictions');
  const shape = call.shape('predictions');
  const axis = axisOf(call, 'predictions', (asked ?? deprecated)!);
  const kept = shape.map((size, d) => ({ axis: d === axis ? 'kept' : 'batch', size: d === axis ? 1 : size }));
  call.space = new Space([...kept, { axis: 'feature', size: shape[axis]! }]);
  const along = dimensions(shape).map((d) => (d === axis ? shape.length : d));
  const [y, p] = [call.place('labels', along), call.place('predictions', along)];
  const cosines = sum(mul(p, y), call.space.axis('feature'));
  // The position along an extent of 1 is 0: it gives the losses that axis.
  const losses = sub(sub(1, cosines), index(call.space.axis('kept')));
  const sizes = kept.map(({ size }) => size);
  return weighted(losses, placeWeights(call, sizes, dimensions(sizes)), reductionOf(call));
}

function classSpace(call: Call, shape: readonly number[]): void {
  call.space = new Space(
    shape.map((size, d) => ({ axis: d === shape.length - 1 ? 'class' : 'batch', size })),
  );
}

function softmaxProgram(call: Call): Body {
  requireOneFloat(call, ['logits']);
  requireOneShape(call, 'onehot_labels', 'logits');
  const shape = call.shape('logits');
  if (shape.length === 0) throw noClasses(call);
  classSpace(call, shape);
  const along = dimensions(shape);
  const classes = call.space.axis('class');
  const own = stop(call.place('onehot_labels', along));
  const isSmoothed = call.sign('label_smoothing') === 1;
  const y = isSmoothed ? smoothed(own, call.uniform('label_smoothing'), classes) : own;
  const losses = softmaxCrossEntropy(call.place('logits', along), y, classes);
  return weighted(losses, placeWeights(call, shape.slice(0, -1), along), reductionOf(call));
}

const noClasses = (call: Call): LossLensError =>
  new LossLensError('shape-mismatch', t('The logits need a class axis.'), {
    found: `logits ${describe(call.array('logits'))}`,
    expected: t('[K], [N, K] or any higher rank'),
  });

/** Ranks that are one off lose a last axis of 1: logits, labels, and weights of one axis more than the labels. */
function sparseProgram(call: Call): Body {
  requireOneFloat(call, ['logits']);
  requireLabelDtype(call, 'labels');
  let [logits, labels] = [call.shape('logits'), call.shape('labels')];
  const difference = logits.length - labels.length;
  if (difference === 2 && logits.at(-1) === 1) logits = logits.slice(0, -1);
  else if (difference === 0 && labels.at(-1) === 1) labels = labels.slice(0, -1);
  if (logits.length === 0 || !sameShape(logits.slice(0, -1), labels)) {
    throw new LossLensError(
      'shape-mismatch',
      t('Labels have the shape of the logits without the last axis.'),
      {
        found: `labels ${describe(call.array('labels'))}, logits ${describe(call.array('logits'))}`,
        expected: `labels [${logits.slice(0, -1).join(', ')}]`,
      },
    );
  }
  classSpace(call, logits);
  const along = (name: string, rank: number): number[] =>
    dimensions(call.shape(name)).map((d) => (d < rank ? d : -1));
  const x = call.place('logits', along('logits', logits.length));
  const label = call.place('labels', along('labels', labels.length));
  const losses = crossEntropyOfLabel(call, x, label, logits.at(-1)!);
  const hasOneMore = call.has('weights') && call.shape('weights').length === labels.length + 1;
  if (hasOneMore && call.shape('weights').at(-1) !== 1) {
    throw new LossLensError(
      'shape-mismatch',
      t('A last axis that the losses lack is squeezed away: it is 1.'),
      {
        found: `weights ${describe(call.array('weights'))}`,
        expected: t`[${labels.join(', ')}] or [${[...labels, 1].join(', ')}]`,
      },
    );
  }
  const weights = placeWeights(call, labels, dimensions(labels), hasOneMore ? 1 : 0);
  return weighted(losses, weights, reductionOf(call));
}

/** Σ over the pairs of a row of (difference of the predictions − difference of the labels)², over their number. */
function pairwiseProgram(call: Call): Body {
  requireOneShape(call, 'labels', 'predictions');
  const shape = call.shape('predictions');
  call.space = new Space(shape.map((size, d) => ({ axis: d === 0 ? 'batch' : 'row', size })));
  const along = dimensions(shape);
  const difference = sub(call.place('predictions', along), call.place('labels', along));
  const weights = placeWeights(call, shape, along);
  const row = call.space.axis('row');
  // A single weight other than 0 counts the elements of all rows, not those of one, when run eagerly.
  const isSingle = weights.dims === 0 && (!call.has('weights') || call.shape('weights').length === 0);
  const count = isSingle ? present(weights, call.space.all) : present(weights, row);
  const fewer = max(sub(count, 1), 0, { tie: 0 });
  const losses = mul(pairwiseSquaredError(difference, row, noNan(fewer), noNan(mul(count, fewer))), weights);
  // Weights along a row count the row once each.
  const total = sum(losses, losses.dims);
  return {
    elements: where(less(0, sum(count, count.dims)), total, 0),
    reduction: 'sum',
    dtype: 'float32',
  };
}

// Declarations

const weightsArgument: Argument = {
  argument: { name: 'weights', kind: 'input', default: '1.0' },
  input: {
    name: 'weights',
    kind: 'float',
    optional: true,
    description: 'one number, or the rank of the losses, any extent 1',
  },
};
const reduction = parameterArgument({
  name: 'reduction',
  kind: 'choice',
  choices: [
    'weighted_sum_by_nonzero_weights',
    'weighted_mean',
    'weighted_sum',
    'weighted_sum_over_batch_size',
    'none',
  ],
  default: 'weighted_sum_by_nonzero_weights',
  description: 'how the weighted losses become one number',
});
const number = (name: string, value: number, text: string, description: string): Argument =>
  withDefault(parameterArgument({ name, kind: 'number', default: value, description }), text);
const integer = (name: string, description: string): Argument =>
  parameterArgument({ name, kind: 'integer', default: null, description });
const smoothing = number('label_smoothing', 0, '0', 'how much of the labels is spread evenly; below 0, none');

interface Declared {
  readonly name: string;
  readonly loss: string;
  readonly inputs: readonly [Argument, Argument];
  /** Before the weights, between them and the scope, and last. */
  readonly first?: readonly Argument[];
  readonly options?: readonly Argument[];
  readonly last?: readonly Argument[];
  readonly reduces?: boolean;
  readonly caveats: readonly string[];
  readonly program: (call: Call) => Body;
  readonly curve: FrameworkSymbol['curve'];
}

const symbol = (declared: Declared): FrameworkSymbol =>
  declare({
    framework: 'tensorflow',
    name: `tf.compat.v1.losses.${declared.name}`,
    paths: [`tensorflow.compat.v1.losses.${declared.name}`],
    loss: declared.loss,
    call: [
      ...declared.inputs,
      ...(declared.first ?? []),
      weightsArgument,
      ...(declared.options ?? []),
      ignoredArgument('scope', 'None'),
      ignoredArgument('loss_collection', "'losses'"),
      ...(declared.reduces === false ? [] : [reduction]),
      ...(declared.last ?? []),
    ],
    caveats: [
      ...declared.caveats,
      ...(declared.reduces === false
        ? []
        : [
            'By default the weighted sum is divided by the number of weights other than 0, not by their sum.',
            'The losses are weighted and reduced in float32, whatever the inputs are.',
          ]),
    ],
    program: declared.program,
    curve: declared.curve,
  });

const pair = (
  first: string,
  second: string,
  descriptions: readonly [string, string],
  kind: InputInfo['kind'] = 'float',
): [Argument, Argument] => [required(first, descriptions[0], kind), required(second, descriptions[1])];

const regression = pair('labels', 'predictions', ['true values, any shape', 'predicted values, same shape']);
const residual = residualCurve('predictions', 'labels');
const labelsFirst = 'The labels come first.';

export const v1: readonly FrameworkSymbol[] = [
  symbol({
    name: 'mean_squared_error',
    loss: 'mean-squared-error',
    inputs: regression,
    caveats: [labelsFirst],
    program: elementwise('labels', 'predictions', (_call, y, p) => squaredError(p, y)),
    curve: residual,
  }),
  symbol({
    name: 'absolute_difference',
    loss: 'mean-absolute-error',
    inputs: regression,
    caveats: [labelsFirst],
    program: elementwise('labels', 'predictions', (_call, y, p) => absoluteError(p, y)),
    curve: residual,
  }),
  symbol({
    name: 'huber_loss',
    loss: 'huber',
    inputs: regression,
    options: [number('delta', 1, '1.0', 'where the parabola becomes a straight line')],
    caveats: [labelsFirst, '`delta` is not checked: a negative one runs.'],
    program: elementwise('labels', 'predictions', (call, y, p) => huberLoss(p, y, call.uniform('delta'))),
    curve: residual,
  }),
  symbol({
    name: 'log_loss',
    loss: 'binary-cross-entropy',
    inputs: pair('labels', 'predictions', [
      'labels 0 or 1, or probabilities, any shape',
      'probabilities, same shape',
    ]),
    options: [number('epsilon', 1e-7, '1e-07', 'what is added to the probabilities before the logarithm')],
    caveats: [
      labelsFirst,
      '`epsilon` is added, nothing is clipped: a sure and right prediction gives −1.19e-7, and values outside [0, 1] give NaN.',
    ],
    program: elementwise('labels', 'predictions', logTerm),
    curve: binaryCurve('predictions', 'labels', () => false),
  }),
  symbol({
    name: 'hinge_loss',
    loss: 'hinge',
    inputs: pair('labels', 'logits', ['labels 0 or 1, any shape', 'scores, same shape']),
    caveats: [
      labelsFirst,
      'Labels are always moved from {0, 1} to {−1, 1}: labels −1 become −3, without a word.',
    ],
    program: elementwise('labels', 'logits', (_call, y, x) => {
      const short = sub(1, mul(sub(mul(2, y), 1), x));
      // TensorFlow's gradient of a relu is a product with 0 or 1: NaN at an infinite logit.
      return withGradient(max(short, 0, { tie: 0 }), [[short, where(less(0, short), 1, 0)]]);
    }),
    curve: (parameters) => {
      const { points: _points, ...spec } = marginCurve('logits', 'labels')(parameters);
      return { ...spec, xLabel: '(2·labels − 1) × logits' };
    },
  }),
  symbol({
    name: 'sigmoid_cross_entropy',
    loss: 'binary-cross-entropy',
    inputs: pair(
      'multi_class_labels',
      'logits',
      ['labels 0 or 1, or probabilities, any shape', 'logits, same shape'],
      'any',
    ),
    options: [smoothing],
    caveats: [labelsFirst],
    program: elementwise('multi_class_labels', 'logits', sigmoidTerm),
    curve: binaryCurve('logits', 'multi_class_labels', () => true),
  }),
  symbol({
    name: 'softmax_cross_entropy',
    loss: 'categorical-cross-entropy',
    inputs: pair('onehot_labels', 'logits', ['one-hot or soft labels, same shape', 'logits, [N, K]'], 'any'),
    options: [smoothing],
    caveats: [
      labelsFirst,
      'No gradient reaches the labels.',
      'The gradient by the logits is softmax − labels, which is right only where the labels sum to 1.',
    ],
    program: softmaxProgram,
    curve: classCurve(
      { prediction: 'logits', target: 'onehot_labels', from: () => 'logit', axis: () => -1 },
      'one-hot',
    ),
  }),
  symbol({
    name: 'sparse_softmax_cross_entropy',
    loss: 'sparse-categorical-cross-entropy',
    inputs: pair('labels', 'logits', ['class numbers, [N] or [N, 1]', 'logits, [N, K]'], 'any'),
    caveats: [labelsFirst, 'A label outside the classes is an error even where its weight is 0.'],
    program: sparseProgram,
    curve: classCurve(
      { prediction: 'logits', target: 'labels', from: () => 'logit', axis: () => -1 },
      'index',
    ),
  }),
  symbol({
    name: 'cosine_distance',
    loss: 'cosine-proximity',
    inputs: pair('labels', 'predictions', ['vectors of length 1, [N, D]', 'vectors of length 1, same shape']),
    first: [integer('axis', 'the axis of the vectors: required')],
    last: [integer('dim', 'deprecated: use `axis`')],
    caveats: [
      labelsFirst,
      'Nothing is normalised: it is 1 less the product, a cosine only for vectors of length 1.',
      'The losses keep the axis with an extent of 1, and weights need it too: `[N, 1]`.',
    ],
    program: cosineProgram,
    curve: (parameters) => ({
      ...angleCurve('predictions', 'labels')(parameters),
      parameters: { axis: 1, dim: null },
    }),
  }),
  symbol({
    name: 'mean_pairwise_squared_error',
    loss: 'mean-pairwise-squared-error',
    inputs: pair('labels', 'predictions', ['true values, [N, D]', 'predicted values, same shape']),
    reduces: false,
    caveats: [
      labelsFirst,
      'The rows are added up, not averaged.',
      'A single weight, the default too, divides by the pairs of the whole batch when run eagerly; weights `[N, 1]` by those of a row.',
    ],
    program: pairwiseProgram,
    curve: pairwiseCurve('predictions', 'labels', { oneByOne: true }),
  }),
];
