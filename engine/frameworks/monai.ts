/** `monai.losses`, as MONAI 1.5.0 computes them; held to its answers by test/golden/data/segmentation.json. */
import { t } from '@vscode/l10n';
import { cast, type NdArray } from '../array.ts';
import {
  actsAsFloat,
  type Body,
  type Call,
  describe,
  type FrameworkSymbol,
  floatInput,
  promoted,
} from '../definition.ts';
import { LossLensError } from '../errors.ts';
import type { Reduction } from '../evaluation.ts';
import {
  abs,
  add,
  constant,
  type Dims,
  div,
  type Expr,
  equal,
  exp,
  extent,
  type Input,
  index,
  less,
  logSoftmax,
  maxOver,
  mul,
  neg,
  pick,
  pow,
  sigmoid,
  softplus,
  square,
  stop,
  sub,
  sum,
  where,
} from '../language/expression.ts';
import { Space } from '../language/space.ts';
import { requireValues, sameShape, shapeMismatch } from '../layout.ts';
import { binaryCurve, maskCurve } from '../losses/curves.ts';
import { tverskyDenominator } from '../losses/image/tversky.ts';
import { patchAdversarialLoss } from './monai-adversarial.ts';
import { type Argument, declare, inputArgument, parameterArgument, withDefault } from './symbol.ts';

/** An option that one channel makes void; MONAI warns of it. */
function unlessSingle(call: Call, name: string, isAsked: boolean): boolean {
  if (!isAsked || call.shape('input')[1] !== 1) return isAsked;
  call.warn('ignored', t`There is one channel: MONAI ignores ${name}.`);
  return false;
}

/** The prediction and the target over the classes that count. */
interface Channels {
  readonly scores: Input;
  /** What `scores` varies along: all channels. */
  readonly channels: Dims;
  /** A value over all channels, over the classes that count. */
  readonly ofClass: (value: Expr) => Expr;
  readonly target: Expr;
  /** The target holds labels, which have no gradient. */
  readonly encodes: boolean;
  /** How many classes count. */
  readonly count: number;
}

/** Lays both arrays out over [batch, class, …space] with an extent of 1 for each spatial dimension behind. */
function place(call: Call): Channels {
  const x = call.array('input');
  if (!actsAsFloat(x)) {
    throw new LossLensError('dtype', t('Loss Lens evaluates this for floating-point predictions only.'), {
      found: `input ${describe(x)}`,
      expected: t('float32 or float64'),
    });
  }
  if (x.shape.length < 2) {
    throw new LossLensError('shape-mismatch', t('A prediction has a batch and a channel axis.'), {
      found: `input ${describe(x)}`,
      expected: '[N, C, …]',
    });
  }
  const [samples, channels, ...spatial] = x.shape as [number, number, ...number[]];
  const encodes = unlessSingle(call, 'to_onehot_y=True', call.option('to_onehot_y'));
  const skips = unlessSingle(call, 'include_background=False', !call.option<boolean>('include_background'));
  const labels = encodes ? labelsOf(call, channels) : undefined;
  if (!labels && !sameShape(x.shape, call.shape('target'))) {
    throw shapeMismatch(call, 'input', 'target', t('Both masks have one shape.'));
  }
  const count = skips ? channels - 1 : channels;
  call.space = new Space([
    { axis: 'batch', size: samples },
    { axis: 'class', size: count },
    ...spatial.map((size) => ({ axis: 'space', size })),
    ...spatial.map(() => ({ axis: 'one', size: 1 })),
    ...(skips ? [{ axis: 'channel', size: channels }] : []),
  ]);
  const classes = call.space.axis('class');
  const along = skips ? call.space.axis('channel') : classes;
  const at = skips ? call.space.dimensions.length - 1 : 1;
  const channelOf = skips ? add(index(classes), 1) : index(classes);
  const ofClass = (value: Expr): Expr => (skips ? pick(value, channelOf, along) : value);
  const places = spatial.map((_, d) => d + 2);
  const scores = call.place('input', [0, at, ...places]);
  const target = labels
    ? where(equal(channelOf, call.place('target', [0, -1, ...places], labels)), 1, 0)
    : ofClass(call.place('target', [0, at, ...places]));
  return { scores, channels: along, ofClass, target, encodes, count };
}

interface Masks {
  readonly prediction: Expr;
  readonly target: Expr;
  /** What each mask is summed over. */
  readonly over: Dims;
  readonly count: number;
  readonly dtype: 'float32' | 'float64';
}

function masksOf(call: Call): Masks {
  const sigmoids = call.option<boolean>('sigmoid');
  if (sigmoids && call.option<boolean>('softmax')) {
    throw new LossLensError('parameter', t('There is one activation at most.'), {
      found: 'sigmoid=True, softmax=True',
      expected: t('one of them, or neither'),
    });
  }
  const { scores, channels, ofClass, target, encodes, count } = place(call);
  let prediction = ofClass(sigmoids ? sigmoid(scores) : scores);
  if (unlessSingle(call, 'softmax=True', call.option('softmax'))) {
    // Over all channels, also where the first of them does not count.
    const powers = exp(sub(scores, stop(maxOver(scores, channels))));
    prediction = div(ofClass(powers), sum(powers, channels));
  }
  const pooled = call.space.axis('space') | (call.option<boolean>('batch') ? call.space.axis('batch') : 0);
  return {
    prediction,
    target,
    // A sum over no axis is one over all of them.
    over: pooled === 0 ? call.space.axis('batch') | call.space.axis('class') : pooled,
    count,
    dtype: promoted(encodes ? [call.array('input')] : [call.array('input'), call.array('target')]),
  };
}

/** Labels [N, 1, …] as whole numbers. */
function labelsOf(call: Call, channels: number): NdArray {
  const target = call.array('target');
  const shape = target.shape.length === 1 ? [...target.shape, 1] : target.shape;
  const [samples, , ...spatial] = call.shape('input');
  if (!sameShape(shape, [samples!, 1, ...spatial])) {
    throw new LossLensError(
      'shape-mismatch',
      t('With to_onehot_y=True the target holds labels in one channel.'),
      {
        found: `target ${describe(target)}`,
        expected: `[${[samples, 1, ...spatial].join(', ')}]`,
      },
    );
  }
  requireValues(
    call,
    'target',
    (label) => Math.trunc(label) >= 0 && Math.trunc(label) < channels,
    'label-out-of-range',
    t('Labels are channels of the prediction.'),
    t`0 to ${channels - 1}`,
  );
  return { dtype: 'int32', shape, data: cast(target.data, 'int32') };
}

interface Confusion {
  readonly intersection: Expr;
  readonly falsePositives: Expr;
  readonly falseNegatives: Expr;
}

/** By how far the masks differ: MONAI's way with soft labels and squares. */
function confusionOfDifference({ prediction, target, over }: Masks, norm: (x: Expr) => Expr): Confusion {
  const [ofPrediction, ofTarget] = [sum(norm(prediction), over), sum(norm(target), over)];
  const difference = sum(norm(sub(prediction, target)), over);
  const intersection = div(sub(add(ofPrediction, ofTarget), difference), 2);
  return {
    intersection,
    falsePositives: sub(ofPrediction, intersection),
    falseNegatives: sub(ofTarget, intersection),
  };
}

/** @throws LossLensError `dtype` where torch has no norm, or no difference, of such a target. */
function requireTarget(call: Call, isFine: (array: NdArray) => boolean, expected: string): void {
  const target = call.array('target');
  const encoded = call.option<boolean>('to_onehot_y') && call.shape('input')[1] !== 1;
  if (encoded || isFine(target)) return;
  throw new LossLensError('dtype', t`${call.definition.name} cannot compute with a target of this dtype.`, {
    found: `target ${describe(target)}`,
    expected,
  });
}

/** A constant weight for each class that counts; `undefined` for none. */
function classWeight(call: Call, count: number): Expr | undefined {
  if (!call.has('weight') || count === 1) return undefined;
  const weight = call.array('weight');
  if (weight.shape.length > 1 || (weight.shape.length === 1 && weight.shape[0] !== count)) {
    throw new LossLensError(
      'shape-mismatch',
      t('Weights are one number, or one for each class that counts.'),
      {
        found: `weight ${describe(weight)}`,
        expected: t`[] or [${count}]`,
      },
    );
  }
  requireValues(call, 'weight', (w) => !(w < 0), 'domain', t('Weights are not negative.'), t('at least 0'));
  // A list of numbers becomes float32.
  const given = Float64Array.from(cast(weight.data, weight.weak ? 'float32' : 'float64'));
  const data = weight.shape.length === 0 ? new Float64Array(count).fill(given[0]!) : given;
  return stop(call.place('weight', [1], { dtype: 'float64', shape: [count], data }));
}

/** The unreduced losses keep an extent of 1 for each spatial dimension. */
function keepDimensions({ space }: Call, losses: Expr): Expr {
  return space.dimensions.reduce(
    (kept, { axis }, d) => (axis === 'one' ? where(less(index(1 << d), 1), kept, 0) : kept),
    losses,
  );
}

function diceProgram(call: Call): Body {
  const masks = masksOf(call);
  const squares = call.option<boolean>('squared_pred');
  const byDifference = squares || call.option<boolean>('soft_label');
  if (byDifference) requireTarget(call, actsAsFloat, t('float32 or float64'));
  const { prediction, target, over } = masks;
  const product = sum(mul(prediction, target), over);
  const confusion: Confusion = byDifference
    ? confusionOfDifference(masks, squares ? square : abs)
    : {
        intersection: product,
        falsePositives: sub(sum(prediction, over), product),
        falseNegatives: sub(sum(target, over), product),
      };
  const share = constant(call.option<boolean>('jaccard') ? 1 : 0.5);
  const denominator = mul(2, tverskyDenominator({ ...confusion, alpha: share, beta: share }));
  const numerator = mul(2, confusion.intersection);
  const loss = smoothed(call, numerator, denominator);
  const weight = classWeight(call, masks.count);
  const weighted = weight ? mul(loss, weight) : loss;
  const reduction = call.option<Reduction>('reduction');
  return {
    elements: reduction === 'none' ? keepDimensions(call, weighted) : weighted,
    reduction,
    dtype: masks.dtype,
    parts: { prediction, target },
  };
}

function tverskyProgram(call: Call): Body {
  const masks = masksOf(call);
  const soft = call.option<boolean>('soft_label');
  if (soft) requireTarget(call, actsAsFloat, t('float32 or float64'));
  else requireTarget(call, ({ dtype }) => dtype !== 'bool', t('numbers: torch subtracts no booleans'));
  const { prediction, target, over } = masks;
  const confusion: Confusion = soft
    ? confusionOfDifference(masks, abs)
    : {
        intersection: sum(mul(prediction, target), over),
        falsePositives: sum(mul(prediction, sub(1, target)), over),
        falseNegatives: sum(mul(sub(1, prediction), target), over),
      };
  const denominator = tverskyDenominator({
    ...confusion,
    alpha: call.uniform('alpha'),
    beta: call.uniform('beta'),
  });
  return {
    elements: smoothed(call, confusion.intersection, denominator),
    reduction: call.option<Reduction>('reduction'),
    dtype: masks.dtype,
    parts: { prediction, target },
  };
}

const smoothed = (call: Call, numerator: Expr, denominator: Expr): Expr =>
  sub(1, div(add(numerator, call.uniform('smooth_nr')), add(denominator, call.uniform('smooth_dr'))));

/** Softmax over the classes that count, or a sigmoid of each; in float32 whatever it is given. */
function focalProgram(call: Call): Body {
  const { scores, ofClass, target, count } = place(call);
  const x = ofClass(scores);
  const classes = call.space.axis('class');
  const gamma = call.uniform('gamma');
  const softmaxes = call.option<boolean>('use_softmax');
  let balanced = call.option('alpha') !== null;
  if (balanced && softmaxes && !call.option<boolean>('include_background')) {
    call.warn('ignored', t('MONAI ignores alpha where include_background=False and use_softmax=True.'));
    balanced = false;
  }
  const alpha = call.uniform('alpha');
  let loss: Expr;
  if (softmaxes) {
    const logP = logSoftmax(x, classes);
    loss = mul(mul(neg(pow(sub(1, exp(logP)), gamma)), logP), target);
    if (balanced) loss = mul(where(equal(index(classes), 0), sub(1, alpha), alpha), loss);
  } else {
    const crossEntropy = add(sub(x, mul(x, target)), softplus(neg(x)));
    const logOfComplement = neg(softplus(mul(x, sub(mul(target, 2), 1))));
    loss = mul(exp(mul(logOfComplement, gamma)), crossEntropy);
    if (balanced) loss = mul(add(mul(target, alpha), mul(sub(1, target), sub(1, alpha))), loss);
  }
  const weight = classWeight(call, count);
  const elements = weight ? mul(weight, loss) : loss;
  const reduction = call.option<Reduction>('reduction');
  if (reduction !== 'sum') return { elements, reduction, dtype: 'float32' };
  // The sum is of the means over space; without spatial dimensions, of the mean over everything.
  const space = call.space.axis('space');
  return {
    elements,
    denominator: extent(space === 0 ? elements.dims : space),
    reduction: 'mean',
    dtype: 'float32',
  };
}

const flag = (name: string, value: boolean, description: string): Argument =>
  parameterArgument({ name, kind: 'boolean', default: value, description });
const decimal = (name: string, value: number, text: string, description: string): Argument =>
  withDefault(parameterArgument({ name, kind: 'number', default: value, description }), text);

const background = flag('include_background', true, 'whether the first channel counts');
const oneHot = flag('to_onehot_y', false, 'whether the target holds labels, [N, 1, …], to encode first');
const activations = [
  flag('sigmoid', false, 'whether to apply a sigmoid to the prediction first'),
  flag('softmax', false, 'whether to apply a softmax over the channels first'),
  parameterArgument({
    name: 'other_act',
    kind: 'choice',
    choices: [null],
    default: null,
    description: 'an activation of your own, which cannot be evaluated here',
  }),
];
const reduction = parameterArgument({
  name: 'reduction',
  kind: 'choice',
  choices: ['none', 'mean', 'sum'],
  default: 'mean',
  description: 'how the losses of the samples and channels become one number',
});
const smoothing = [
  decimal('smooth_nr', 1e-5, '1e-05', 'added above, so that two empty masks agree'),
  decimal('smooth_dr', 1e-5, '1e-05', 'added below, so that nothing is divided by 0'),
];
const batch = flag('batch', false, 'whether the whole batch is one mask, not each sample');
const weight = inputArgument(
  floatInput('weight', 'a weight for each channel that counts, [C], or one number', true),
);
const softLabel = flag(
  'soft_label',
  false,
  'whether the overlap is taken from |ŷ − y|, which suits soft targets',
);

const masks = [
  inputArgument(floatInput('input', 'probabilities (logits with `sigmoid` or `softmax`), [N, C, …]')),
  inputArgument({
    name: 'target',
    kind: 'any',
    optional: false,
    description: 'masks, [N, C, …]; labels [N, 1, …] with `to_onehot_y`',
  }),
];

const caveats = [
  'Applies no activation by default: logits run, and the number means nothing. Set `sigmoid=True` or `softmax=True`.',
  'Each sample and channel has its own loss, and the mean is over them; `batch=True` pools the batch first.',
  'Two empty masks give 0 (smooth_nr / smooth_dr is 1); an empty target with any prediction gives nearly 1.',
  'A prediction [N, C] without spatial dimensions is pooled whole, over batch and channels, unless `batch=True`.',
  'An `other_act` of your own is a callable: it cannot be evaluated here.',
];

const curve = maskCurve('input', 'target', {
  isLogit: ({ sigmoid }) => sigmoid === true,
  parameters: { batch: false, softmax: false, to_onehot_y: false, include_background: true },
});

export const monaiSymbols: readonly FrameworkSymbol[] = [
  declare({
    name: 'monai.losses.DiceLoss',
    paths: [
      'monai.losses.DiceLoss',
      'monai.losses.Dice',
      'monai.losses.dice.DiceLoss',
      'monai.losses.dice.Dice',
    ],
    framework: 'monai',
    loss: 'dice',
    constructor_: [
      background,
      oneHot,
      ...activations,
      flag('squared_pred', false, 'whether the sums below are of squares'),
      flag('jaccard', false, 'the Jaccard index instead of the Dice coefficient'),
      reduction,
      ...smoothing,
      batch,
      weight,
      softLabel,
    ],
    call: masks,
    caveats: [
      ...caveats,
      'With weights the mean still divides by the number of losses, not by the sum of the weights.',
    ],
    program: diceProgram,
    curve,
  }),
  declare({
    name: 'monai.losses.TverskyLoss',
    paths: ['monai.losses.TverskyLoss', 'monai.losses.tversky.TverskyLoss'],
    framework: 'monai',
    loss: 'tversky',
    constructor_: [
      background,
      oneHot,
      ...activations,
      decimal('alpha', 0.5, '0.5', 'the weight of false positives'),
      decimal('beta', 0.5, '0.5', 'the weight of false negatives'),
      reduction,
      ...smoothing,
      batch,
      softLabel,
    ],
    call: masks,
    caveats,
    program: tverskyProgram,
    curve,
  }),
  declare({
    name: 'monai.losses.FocalLoss',
    paths: ['monai.losses.FocalLoss', 'monai.losses.focal_loss.FocalLoss'],
    framework: 'monai',
    loss: 'focal',
    constructor_: [
      background,
      oneHot,
      decimal('gamma', 2, '2.0', 'how strongly easy examples are played down'),
      parameterArgument({
        name: 'alpha',
        kind: 'number',
        default: null,
        nullable: true,
        description:
          'the weight of class 1 (with a softmax: of all but the first), and 1 − α of the rest; none for no balance',
      }),
      weight,
      reduction,
      flag('use_softmax', false, 'a softmax over the channels instead of a sigmoid of each'),
    ],
    call: [inputArgument(floatInput('input', 'logits, [N, C, …]')), masks[1]!],
    caveats: [
      'Takes logits, and computes in float32 whatever it is given.',
      '`reduction="sum"` averages over the spatial dimensions first, then sums over samples and channels.',
      'With `include_background=False` the first channel leaves the softmax too, and `alpha` is ignored there.',
      'With a softmax the mean still divides by all channels, of which only the true one counts.',
    ],
    program: focalProgram,
    curve: (parameters) => ({
      ...binaryCurve('input', 'target', () => true)(parameters),
      parameters: { include_background: true, to_onehot_y: false, use_softmax: false },
    }),
  }),
  patchAdversarialLoss,
];
