/** `tf.nn` and `tf.image`: every value is left unreduced, but for `l2_loss`. */
import { t } from '@vscode/l10n';
import { type Body, type Call, describe, type FrameworkSymbol } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  abs,
  add,
  and,
  div,
  type Expr,
  equal,
  exp,
  type Input,
  lessEqual,
  logSoftmax,
  mul,
  neg,
  pick,
  sigmoid,
  softplus,
  square,
  sub,
  sum,
  where,
  withGradient,
} from '../../language/expression.ts';
import { Space } from '../../language/space.ts';
import {
  axisOf,
  broadcastShape,
  elementwise,
  placeBroadcast,
  placeWithClasses,
  requireValues,
  sameShape,
} from '../../layout.ts';
import { binaryCurve, classCurve, magnitudeCurve, neighbourCurve, rateCurve } from '../../losses/curves.ts';
import { neighbourDifference } from '../../losses/image/total-variation.ts';
import { stirling } from '../../losses/specialized/poisson.ts';
import { type Argument, declare, ignoredArgument, inputArgument, parameterArgument } from '../symbol.ts';
import { dtypeOf, required, requireLabelDtype, requireOneFloat, requireOneShape } from './arguments.ts';
import { sigmoidCrossEntropy, softmaxCrossEntropy } from './operations.ts';

// Programs

function sigmoidProgram(call: Call): Body {
  requireOneFloat(call, ['labels', 'logits']);
  requireOneShape(call, 'labels', 'logits');
  const [y, x] = elementwise(call, ['labels', 'logits']) as [Input, Input];
  return { elements: sigmoidCrossEntropy(x, y), reduction: 'none', dtype: dtypeOf(call, 'logits') };
}

/** (1 − y)x + (1 + (w − 1)y)·softplus(−x); at x = 0 TensorFlow's |x| and relu(−x) send nothing back. */
function weightedProgram(call: Call): Body {
  const names = ['labels', 'logits', 'pos_weight'] as const;
  requireOneFloat(call, names);
  requireOneShape(call, 'labels', 'logits');
  const shape = broadcastShape(call.shape('logits'), call.shape('pos_weight'));
  if (!shape) {
    throw new LossLensError('shape-mismatch', t('pos_weight is broadcast against the logits.'), {
      found: `pos_weight ${describe(call.array('pos_weight'))}, logits ${describe(call.array('logits'))}`,
      expected: t('a number, or a shape that broadcasts'),
    });
  }
  call.space = new Space(shape.map((size) => ({ axis: 'batch', size })));
  const [y, x, w] = names.map((name) => placeBroadcast(call, name)) as [Input, Input, Input];
  const weight = add(1, mul(sub(w, 1), y));
  const tail = softplus(neg(x));
  const value = add(mul(sub(1, y), x), mul(weight, tail));
  const elements = withGradient(value, [
    [x, sub(sub(1, y), where(equal(x, 0), 0, mul(weight, sigmoid(neg(x)))))],
    [y, sub(mul(sub(w, 1), tail), x)],
    [w, mul(y, tail)],
  ]);
  return { elements, reduction: 'none', dtype: dtypeOf(call, 'logits') };
}

function softmaxProgram(call: Call): Body {
  requireOneFloat(call, ['logits']);
  requireOneShape(call, 'labels', 'logits');
  const asked = call.option<number>('axis');
  if (asked < -1) {
    throw new LossLensError(
      'parameter',
      t('TensorFlow counts a class axis other than the last from the front.'),
      {
        found: `axis=${asked}`,
        expected: `axis=${asked + call.shape('logits').length}`,
      },
    );
  }
  const { prediction } = placeWithClasses(call, 'logits', axisOf(call, 'logits', asked));
  const y = call.place('labels', [...call.shape('labels').keys()]);
  return {
    elements: softmaxCrossEntropy(prediction, y, call.space.axis('class')),
    reduction: 'none',
    dtype: dtypeOf(call, 'logits'),
  };
}

function sparseProgram(call: Call): Body {
  requireOneFloat(call, ['logits']);
  requireLabelDtype(call, 'labels');
  const shape = call.shape('logits');
  if (shape.length === 0 || !sameShape(shape.slice(0, -1), call.shape('labels'))) {
    throw new LossLensError(
      'shape-mismatch',
      t('Labels have the shape of the logits without the last axis.'),
      {
        found: `labels ${describe(call.array('labels'))}, logits ${describe(call.array('logits'))}`,
        expected: `labels [${shape.slice(0, -1).join(', ')}]`,
      },
    );
  }
  const { prediction, rest } = placeWithClasses(call, 'logits', shape.length - 1);
  return {
    elements: crossEntropyOfLabel(call, prediction, call.place('labels', rest), shape.at(-1)!),
    reduction: 'none',
    dtype: dtypeOf(call, 'logits'),
  };
}

/** @throws LossLensError `label-out-of-range`. */
export function crossEntropyOfLabel(call: Call, logits: Expr, label: Expr, count: number): Expr {
  requireValues(
    call,
    'labels',
    (value) => value >= 0 && value < count,
    'label-out-of-range',
    t`The logits have ${count} classes.`,
    t`labels from 0 to ${count - 1}`,
  );
  const classes = call.space.axis('class');
  return neg(pick(logSoftmax(logits, classes), label, classes));
}

function logPoissonProgram(call: Call): Body {
  requireOneFloat(call, ['targets', 'log_input']);
  requireOneShape(call, 'targets', 'log_input');
  const [y, x] = elementwise(call, ['targets', 'log_input']) as [Input, Input];
  const plain = sub(exp(x), mul(x, y));
  // The branch that is not taken is multiplied by 0: at a count of 0 the gradient by the counts is NaN.
  const constant = where(and(lessEqual(0, y), lessEqual(y, 1)), 0, stirling(y), { shields: false });
  return {
    elements: call.option('compute_full_loss') ? add(plain, constant) : plain,
    reduction: 'none',
    dtype: dtypeOf(call, 'log_input'),
  };
}

function l2Program(call: Call): Body {
  requireOneFloat(call, ['t']);
  const [t] = elementwise(call, ['t']) as [Input];
  return { elements: div(square(t), 2), reduction: 'sum', dtype: dtypeOf(call, 't') };
}

/** Images are [H, W, C] or [N, H, W, C]; every difference of a neighbour below or to the right counts, in each channel. */
function totalVariationProgram(call: Call): Body {
  const shape = call.shape('images');
  const rank = shape.length;
  if (rank !== 3 && rank !== 4) {
    throw new LossLensError(
      'shape-mismatch',
      t('TensorFlow takes one image or a batch of them, channels last.'),
      {
        found: describe(call.array('images')),
        expected: t('[H, W, C] or [N, H, W, C]'),
      },
    );
  }
  const axes = ['batch', 'height', 'width', 'channel'].slice(4 - rank);
  call.space = new Space(shape.map((size, d) => ({ axis: axes[d]!, size })));
  const images = call.place('images', [...shape.keys()]);
  const differences = add(
    neighbourDifference(images, call.space.axis('height'), abs),
    neighbourDifference(images, call.space.axis('width'), abs),
  );
  const image = call.space.all & ~call.space.axis('batch');
  return { elements: sum(differences, image), reduction: 'none', dtype: dtypeOf(call, 'images') };
}

// Declarations

interface Declared {
  readonly name: string;
  readonly loss: string;
  readonly call: readonly Argument[];
  readonly caveats: readonly string[];
  readonly program: (call: Call) => Body;
  readonly curve: FrameworkSymbol['curve'];
  /** Whether `tf.compat.v1` has the same function under this name. */
  readonly isInV1?: boolean;
}

const symbol = ({ isInV1 = true, name, call, ...declared }: Declared): FrameworkSymbol =>
  declare({
    ...declared,
    framework: 'tensorflow',
    name: `tf.${name}`,
    paths: ['tensorflow', 'tensorflow.compat.v2', ...(isInV1 ? ['tensorflow.compat.v1'] : [])].map(
      (home) => `${home}.${name}`,
    ),
    call: [...call, ignoredArgument('name', 'None')],
  });

/** TensorFlow has no defaults here, but its order is by position: both are asked for. */
const binaryLabels = inputArgument({
  name: 'labels',
  kind: 'float',
  optional: false,
  description: 'labels 0 or 1, or probabilities, any shape',
});
const unreduced = 'Nothing is reduced: one value for each element.';

export const nn: readonly FrameworkSymbol[] = [
  symbol({
    name: 'nn.sigmoid_cross_entropy_with_logits',
    loss: 'binary-cross-entropy',
    call: [binaryLabels, required('logits', 'logits, same shape and dtype')],
    caveats: [unreduced, 'Labels come first, and have the dtype of the logits.'],
    program: sigmoidProgram,
    curve: binaryCurve('logits', 'labels', () => true),
  }),
  symbol({
    name: 'nn.weighted_cross_entropy_with_logits',
    loss: 'binary-cross-entropy',
    call: [
      binaryLabels,
      required('logits', 'logits, same shape and dtype'),
      required('pos_weight', 'the weight of the positive class, broadcast against the logits'),
    ],
    caveats: [
      unreduced,
      '`pos_weight` may enlarge the result: `[2, 1]` against logits `[2]` gives `[2, 2]`.',
      'At a logit of exactly 0 the gradient by the logits is 1 − labels: what pos_weight adds is missing.',
    ],
    program: weightedProgram,
    curve: (parameters) => withPositiveWeight(binaryCurve('logits', 'labels', () => true)(parameters)),
  }),
  symbol({
    name: 'nn.softmax_cross_entropy_with_logits',
    loss: 'categorical-cross-entropy',
    isInV1: false,
    call: [
      required('labels', 'one-hot or soft labels, the shape of the logits', 'any'),
      required('logits', 'logits, [N, K] or any rank'),
      parameterArgument({ name: 'axis', kind: 'integer', default: -1, description: 'the class axis' }),
    ],
    caveats: [
      'One value a row; nothing is averaged.',
      'The gradient by the logits is softmax − labels, which is right only where the labels sum to 1.',
      'The gradient flows into `labels` too; the function of `tf.compat.v1.nn` stops it there.',
    ],
    program: softmaxProgram,
    curve: classCurve(
      { prediction: 'logits', target: 'labels', from: () => 'logit', axis: ({ axis }) => Number(axis) },
      'one-hot',
    ),
  }),
  symbol({
    name: 'nn.sparse_softmax_cross_entropy_with_logits',
    loss: 'sparse-categorical-cross-entropy',
    call: [
      required('labels', 'class numbers, the shape of the logits without the last axis', 'any'),
      required('logits', 'logits, [N, K] or any rank'),
    ],
    caveats: [
      'One value a row; nothing is averaged.',
      'Labels are int32 or int64, and outside the classes an error on the CPU; on a GPU the row becomes NaN.',
    ],
    program: sparseProgram,
    curve: classCurve(
      { prediction: 'logits', target: 'labels', from: () => 'logit', axis: () => -1 },
      'index',
    ),
  }),
  symbol({
    name: 'nn.log_poisson_loss',
    loss: 'poisson',
    call: [
      required('targets', 'counts, any shape'),
      required('log_input', 'logarithms of the expected counts, same shape and dtype'),
      parameterArgument({
        name: 'compute_full_loss',
        kind: 'boolean',
        default: false,
        description: 'whether log y! is added, by Stirling’s approximation, for counts above 1',
      }),
    ],
    caveats: [
      unreduced,
      'With `compute_full_loss`, the gradient by a count of 0 is NaN, and so is the loss of a negative count.',
    ],
    program: logPoissonProgram,
    curve: rateCurve('log_input', 'targets', () => true),
  }),
  symbol({
    name: 'nn.l2_loss',
    loss: 'mean-squared-error',
    call: [required('t', 'any numbers, such as weights or residuals')],
    caveats: ['Half the sum of the squares: no mean, no square root, and no target.'],
    program: l2Program,
    curve: magnitudeCurve('t'),
  }),
  symbol({
    name: 'image.total_variation',
    loss: 'total-variation',
    call: [required('images', 'images, [H, W, C] or [N, H, W, C]')],
    caveats: [
      'Channels are last. The absolute differences are summed for each image, not averaged: they grow with the image.',
    ],
    program: totalVariationProgram,
    curve: neighbourCurve('images', { channelsLast: true }),
  }),
];

/** The curve's rows with a weight for the positive class, which is not drawn: 2. */
function withPositiveWeight(
  spec: ReturnType<FrameworkSymbol['curve']>,
): ReturnType<FrameworkSymbol['curve']> {
  const pos_weight = { dtype: 'float64', shape: [], data: Float64Array.of(2) } as const;
  return {
    ...spec,
    xLabel: `${spec.xLabel}, pos_weight 2`,
    series: spec.series.map(({ label, rows }) => ({
      label,
      rows: (x) => {
        const made = rows(x);
        return { ...made, inputs: { ...made.inputs, pos_weight } };
      },
    })),
    points: () => undefined,
  };
}
