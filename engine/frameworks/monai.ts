/** `monai.losses`, as MONAI 1.5.0 computes them; held to its answers by test/golden/data/segmentation.json. */
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
  index,
  less,
  maxOver,
  mul,
  pick,
  sigmoid,
  square,
  stop,
  sub,
  sum,
  where,
} from '../language/expression.ts';
import { Space } from '../language/space.ts';
import { requireValues, sameShape, shapeMismatch } from '../layout.ts';
import { maskCurve } from '../losses/curves.ts';
import { tverskyDenominator } from '../losses/image/tversky.ts';
import { type Argument, declare, inputArgument, parameterArgument, withDefault } from './symbol.ts';

/** An option that one channel makes void; MONAI warns of it. */
function unlessSingle(call: Call, name: string, isAsked: boolean): boolean {
  if (!isAsked || call.shape('input')[1] !== 1) return isAsked;
  call.warn('ignored', `There is one channel: MONAI ignores ${name}.`);
  return false;
}

interface Masks {
  readonly prediction: Expr;
  readonly target: Expr;
  /** What each mask is summed over. */
  readonly over: Dims;
  /** How many classes count. */
  readonly count: number;
  readonly dtype: 'float32' | 'float64';
}

function masksOf(call: Call): Masks {
  const x = call.array('input');
  if (!actsAsFloat(x)) {
    throw new LossLensError('dtype', 'Loss Lens evaluates this for floating-point predictions only.', {
      found: `input ${describe(x)}`,
      expected: 'float32 or float64',
    });
  }
  if (x.shape.length < 2) {
    throw new LossLensError('shape-mismatch', 'A prediction has a batch and a channel axis.', {
      found: `input ${describe(x)}`,
      expected: '[N, C, …]',
    });
  }
  const [samples, channels, ...spatial] = x.shape as [number, number, ...number[]];
  const sigmoids = call.option<boolean>('sigmoid');
  if (sigmoids && call.option<boolean>('softmax')) {
    throw new LossLensError('parameter', 'There is one activation at most.', {
      found: 'sigmoid=True, softmax=True',
      expected: 'one of them, or neither',
    });
  }
  const softmaxes = unlessSingle(call, 'softmax=True', call.option('softmax'));
  const encodes = unlessSingle(call, 'to_onehot_y=True', call.option('to_onehot_y'));
  const skips = unlessSingle(call, 'include_background=False', !call.option<boolean>('include_background'));
  const labels = encodes ? labelsOf(call, channels) : undefined;
  if (!labels && !sameShape(x.shape, call.shape('target'))) {
    throw shapeMismatch(call, 'input', 'target', 'Both masks have one shape.');
  }

  // The softmax is over all channels, also where the first of them does not count.
  const count = skips ? channels - 1 : channels;
  call.space = new Space([
    { axis: 'batch', size: samples },
    { axis: 'class', size: count },
    ...spatial.map((size) => ({ axis: 'space', size })),
    ...spatial.map(() => ({ axis: 'one', size: 1 })),
    ...(skips ? [{ axis: 'channel', size: channels }] : []),
  ]);
  const classes = call.space.axis('class');
  const channel = skips ? call.space.axis('channel') : classes;
  const at = skips ? call.space.dimensions.length - 1 : 1;
  const channelOf = skips ? add(index(classes), 1) : index(classes);
  const ofClass = (value: Expr): Expr => (skips ? pick(value, channelOf, channel) : value);
  const places = spatial.map((_, d) => d + 2);

  const scores = call.place('input', [0, at, ...places]);
  let prediction = ofClass(sigmoids ? sigmoid(scores) : scores);
  if (softmaxes) {
    const powers = exp(sub(scores, stop(maxOver(scores, channel))));
    prediction = div(ofClass(powers), sum(powers, channel));
  }
  const target = labels
    ? where(equal(channelOf, call.place('target', [0, -1, ...places], labels)), 1, 0)
    : ofClass(call.place('target', [0, at, ...places]));
  const pooled = call.space.axis('space') | (call.option<boolean>('batch') ? call.space.axis('batch') : 0);
  return {
    prediction,
    target,
    // A sum over no axis is one over all of them.
    over: pooled === 0 ? call.space.axis('batch') | classes : pooled,
    count,
    dtype: promoted(labels ? [x] : [x, call.array('target')]),
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
      'With to_onehot_y=True the target holds labels in one channel.',
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
    'Labels are channels of the prediction.',
    `0 to ${channels - 1}`,
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
  throw new LossLensError('dtype', `${call.definition.name} cannot compute with a target of this dtype.`, {
    found: `target ${describe(target)}`,
    expected,
  });
}

/** A constant weight for each class that counts; `undefined` for none. */
function classWeight(call: Call, { count }: Masks): Expr | undefined {
  if (!call.has('weight') || count === 1) return undefined;
  const weight = call.array('weight');
  if (weight.shape.length > 1 || (weight.shape.length === 1 && weight.shape[0] !== count)) {
    throw new LossLensError('shape-mismatch', 'Weights are one number, or one for each class that counts.', {
      found: `weight ${describe(weight)}`,
      expected: `[] or [${count}]`,
    });
  }
  requireValues(call, 'weight', (w) => !(w < 0), 'domain', 'Weights are not negative.', 'at least 0');
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
  if (byDifference) requireTarget(call, actsAsFloat, 'float32 or float64');
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
  const weight = classWeight(call, masks);
  const weighted = weight ? mul(loss, weight) : loss;
  const reduction = call.option<Reduction>('reduction');
  return {
    elements: reduction === 'none' ? keepDimensions(call, weighted) : weighted,
    reduction,
    dtype: masks.dtype,
  };
}

function tverskyProgram(call: Call): Body {
  const masks = masksOf(call);
  const soft = call.option<boolean>('soft_label');
  if (soft) requireTarget(call, actsAsFloat, 'float32 or float64');
  else requireTarget(call, ({ dtype }) => dtype !== 'bool', 'numbers: torch subtracts no booleans');
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
  };
}

const smoothed = (call: Call, numerator: Expr, denominator: Expr): Expr =>
  sub(1, div(add(numerator, call.uniform('smooth_nr')), add(denominator, call.uniform('smooth_dr'))));

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
    paths: ['monai.losses.DiceLoss', 'monai.losses.dice.DiceLoss', 'monai.losses.dice.Dice'],
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
];
