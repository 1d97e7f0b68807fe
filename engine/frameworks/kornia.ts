import { t } from '@vscode/l10n';
import {
  type Body,
  type Call,
  describe,
  type FrameworkSymbol,
  floatInput,
  integerInput,
} from '../definition.ts';
import { LossLensError } from '../errors.ts';
import {
  abs,
  add,
  constant,
  div,
  type Expr,
  exp,
  less,
  maxOver,
  mul,
  pick,
  stop,
  sub,
  sum,
  where,
  withGradient,
} from '../language/expression.ts';
import { Space } from '../language/space.ts';
import { binaryCurve, classCurve, labelMaskCurve, neighbourCurve } from '../losses/curves.ts';
import { neighbourDifference } from '../losses/image/total-variation.ts';
import { tverskyDenominator } from '../losses/image/tversky.ts';
import { binaryFocalProgram, focalProgram } from './kornia-focal.ts';
import { atLeastZero, classWeight, oneHot, place } from './kornia-labels.ts';
import { type Argument, declare, inputArgument, parameterArgument, withDefault } from './symbol.ts';

// --- Total variation

/** |x|, with torch's gradient: the sign of NaN is 0. */
const absolute = (x: Expr): Expr =>
  withGradient(abs(x), [[x, where(less(0, x), 1, where(less(x, 0), -1, 0))]]);

function totalVariationProgram(mean: (call: Call) => boolean) {
  return (call: Call): Body => {
    const image = call.array('img');
    const { shape } = image;
    if (shape.length < 2 || image.dtype === 'bool') {
      throw new LossLensError(
        shape.length < 2 ? 'shape-mismatch' : 'dtype',
        t('An image has a height and a width, and holds numbers.'),
        { found: describe(image), expected: t('numbers, […, H, W]') },
      );
    }
    const axes = ['height', 'width'] as const;
    const first = shape.length - 2;
    call.space = new Space(shape.map((size, d) => ({ axis: axes[d - first] ?? 'batch', size })));
    const pixels = call.place('img', [...shape.keys()]);
    const over = call.space.axis('height') | call.space.axis('width');
    const [height, width] = shape.slice(first) as [number, number];
    const counts = { height: Math.max(0, height - 1) * width, width: height * Math.max(0, width - 1) };
    const [down, right] = axes.map((axis) => {
      const total = sum(neighbourDifference(pixels, call.space.axis(axis), absolute), over);
      return mean(call) ? div(total, counts[axis]) : total;
    });
    return { elements: add(down!, right!), reduction: 'none' };
  };
}

// --- Overlap

/** Powers of the scores and what a softmax divides them by. */
function softmaxOf(logits: Expr, classes: number): { powers: Expr; total: Expr } {
  const powers = exp(sub(logits, stop(maxOver(logits, classes))));
  return { powers, total: sum(powers, classes) };
}

function diceProgram(call: Call): Body {
  const { logits, label, counted } = place(call, ['int64']);
  const classes = call.space.axis('class');
  const weight = classWeight(call, 'weight');
  const { powers, total } = softmaxOf(logits, classes);
  const masked = (x: Expr): Expr => (counted ? mul(x, counted) : x);
  let prediction = masked(div(powers, total));
  let target = masked(oneHot(label, classes));
  const parts = { prediction, target };
  const micro = call.option('average') === 'micro';
  if (micro && weight) {
    prediction = mul(prediction, weight);
    target = mul(target, weight);
  }
  const over = call.space.axis('space') | (micro ? classes : 0);
  const intersection = sum(mul(prediction, target), over);
  const cardinality = sum(add(prediction, target), over);
  const loss = sub(1, div(mul(2, intersection), add(cardinality, call.uniform('eps'))));
  if (micro) return { elements: loss, reduction: 'mean', parts };
  const share = weight ?? constant(1);
  return {
    elements: div(sum(mul(loss, share), classes), sum(share, classes)),
    reduction: 'mean',
    parts,
  };
}

/** The probabilities of the true classes are the intersection, and false positives and negatives are one and the same. */
function tverskyProgram(call: Call): Body {
  const { logits, label, counted } = place(call, ['int64', 'int32']);
  const classes = call.space.axis('class');
  const over = call.space.axis('space');
  const { powers, total } = softmaxOf(logits, classes);
  const ofLabel = div(pick(powers, atLeastZero(label), classes), total);
  const intersection = sum(counted ? mul(ofLabel, counted) : ofLabel, over);
  const missed = sub(sum(counted ?? constant(1), over), intersection);
  const denominator = tverskyDenominator({
    intersection,
    falsePositives: missed,
    falseNegatives: missed,
    alpha: call.uniform('alpha'),
    beta: call.uniform('beta'),
  });
  return {
    elements: sub(1, div(intersection, add(denominator, call.uniform('eps')))),
    reduction: 'mean',
    parts: { prediction: div(powers, total), target: oneHot(label, classes) },
  };
}

// --- The symbols

const img = inputArgument(floatInput('img', 'images, […, H, W]'));
const tvReduction = parameterArgument({
  name: 'reduction',
  kind: 'choice',
  choices: ['mean', 'sum'],
  default: 'sum',
  description: 'the sum of the differences of each image, or the mean of each direction',
});
const tvCaveats = [
  'Absolute differences, not squared ones; each image and channel gives a value of its own, which you reduce yourself.',
  'The sum grows with the number of pixels.',
];

const masks = [
  inputArgument(floatInput('pred', 'logits, [N, C, H, W]')),
  inputArgument(integerInput('target', 'labels, [N, H, W]')),
];
const eps = withDefault(
  parameterArgument({ name: 'eps', kind: 'number', default: 1e-8, description: 'added below' }),
  '1e-8',
);
const ignoreIndex = parameterArgument({
  name: 'ignore_index',
  kind: 'integer',
  default: -100,
  nullable: true,
  description: 'pixels with this label count nothing',
});
const diceOptions = [
  parameterArgument({
    name: 'average',
    kind: 'choice',
    choices: ['micro', 'macro'],
    default: 'micro',
    description: 'whether all classes are one mask, or each has its own score',
  }),
  eps,
  inputArgument(floatInput('weight', 'a weight for each class, [C]', true)),
  ignoreIndex,
];
const required = (name: string, description: string): Argument => ({
  argument: { name, kind: 'parameter' },
  parameter: { name, kind: 'number', default: 0.5, description },
});
const tverskyOptions = [
  required('alpha', 'meant as the weight of false positives'),
  required('beta', 'meant as the weight of false negatives'),
  eps,
  ignoreIndex,
];

const logitCaveat = 'Takes logits: it applies a softmax over the channels itself.';
const diceCaveats = [
  logitCaveat,
  'Each image has its own score; the loss is the mean over the batch.',
  "By default (`average='micro'`) all classes are one mask, in which the background outweighs the rest.",
  'Labels are encoded as 1e-6 and 1 in place of 0 and 1, so even a perfect prediction does not reach 0 exactly.',
];
const tverskyCaveats = [
  logitCaveat,
  'Only alpha + beta matters: all classes are one mask, where every false positive is another class’s false negative.',
  'Each image has its own score; the loss is the mean over the batch.',
];

const gamma = withDefault(
  parameterArgument({
    name: 'gamma',
    kind: 'number',
    default: 2,
    description: 'how strongly easy examples are played down',
  }),
  '2.0',
);
const focalReduction = parameterArgument({
  name: 'reduction',
  kind: 'choice',
  choices: ['none', 'mean', 'sum'],
  default: 'none',
  description: 'how the elements become one number',
});
const classWeights = inputArgument(floatInput('weight', 'a weight for each class, [C]', true));
const balance = (value: number | null, description: string): Argument =>
  parameterArgument({ name: 'alpha', kind: 'number', default: value, nullable: true, description });
const withoutDefault = ({ argument, ...rest }: Argument): Argument => ({
  ...rest,
  argument: { name: argument.name, kind: argument.kind },
});
const focalOptions = [
  withoutDefault(
    balance(null, 'the weight of every class but the first, which has 1 − α; none for no balance'),
  ),
  gamma,
  focalReduction,
  classWeights,
  ignoreIndex,
];
const binaryAlpha = balance(0.25, 'the weight of class 1, and 1 − α that of class 0; none for no balance');
const binaryFocalOptions = [
  gamma,
  focalReduction,
  inputArgument(floatInput('pos_weight', 'a weight of the true labels for each class, [C]', true)),
  classWeights,
  ignoreIndex,
];
const notReduced = 'Not reduced by default, unlike the losses of `torch.nn`.';

const labelCurve = labelMaskCurve('pred', 'target', { ignore_index: null });

/** A class and its function: one program. */
function pair(
  className: string,
  functionName: string,
  module: string,
  options: readonly Argument[],
  functionOptions: readonly Argument[],
  shared: Pick<FrameworkSymbol, 'loss' | 'caveats' | 'curve'> & {
    readonly call: readonly Argument[];
    readonly programs: readonly [FrameworkSymbol['program'], FrameworkSymbol['program']];
  },
): FrameworkSymbol[] {
  const { call, programs, ...rest } = shared;
  // Where the function hides its module, `from` still finds what is in it.
  const paths = (name: string): string[] => [`kornia.losses.${name}`, `kornia.losses.${module}.${name}`];
  const common = { ...rest, framework: 'kornia' } as const;
  return [
    declare({
      ...common,
      name: `kornia.losses.${className}`,
      paths: paths(className),
      constructor_: options,
      call,
      program: programs[0],
    }),
    declare({
      ...common,
      name: `kornia.losses.${functionName}`,
      paths: paths(functionName),
      call: [...call, ...functionOptions],
      program: programs[1],
    }),
  ];
}

export const korniaSymbols: readonly FrameworkSymbol[] = [
  ...pair('TotalVariation', 'total_variation', 'total_variation', [], [tvReduction], {
    loss: 'total-variation',
    call: [img],
    caveats: tvCaveats,
    programs: [
      totalVariationProgram(() => false),
      totalVariationProgram((call) => call.option('reduction') === 'mean'),
    ],
    curve: neighbourCurve('img'),
  }),
  ...pair('DiceLoss', 'dice_loss', 'dice', diceOptions, diceOptions, {
    loss: 'dice',
    call: masks,
    caveats: diceCaveats,
    programs: [diceProgram, diceProgram],
    curve: labelCurve,
  }),
  ...pair('TverskyLoss', 'tversky_loss', 'tversky', tverskyOptions, tverskyOptions, {
    loss: 'tversky',
    call: masks,
    caveats: tverskyCaveats,
    programs: [tverskyProgram, tverskyProgram],
    curve: labelCurve,
  }),
  ...pair('FocalLoss', 'focal_loss', 'focal', focalOptions, focalOptions, {
    loss: 'focal',
    call: [
      inputArgument(floatInput('pred', 'logits, [N, C, …]')),
      inputArgument(integerInput('target', 'labels, [N, …]')),
    ],
    caveats: [
      logitCaveat,
      notReduced,
      'Unreduced it is [N, C, …]: the mean divides by all classes, of which only the true one weighs.',
      'Labels are encoded as 1e-6 and 1 in place of 0 and 1, so the other classes weigh a little too.',
      'The first class is the background: it has the weight 1 − alpha.',
    ],
    programs: [focalProgram, focalProgram],
    curve: (parameters) => ({
      ...classCurve(
        {
          prediction: 'pred',
          target: 'target',
          from: () => 'logit',
          axis: () => 1,
          ignored: ({ ignore_index }) => ignore_index as number | null,
          kinds: ({ alpha }) => (alpha === null ? undefined : [t('class 0'), t('another class')]),
        },
        'index',
      )(parameters),
      parameters: { ignore_index: null },
    }),
  }),
  ...pair(
    'BinaryFocalLossWithLogits',
    'binary_focal_loss_with_logits',
    'focal',
    [withoutDefault(binaryAlpha), ...binaryFocalOptions],
    [binaryAlpha, ...binaryFocalOptions],
    {
      loss: 'focal',
      call: [
        inputArgument(floatInput('pred', 'logits, [N, C, …]')),
        inputArgument({
          name: 'target',
          kind: 'any',
          optional: false,
          description: 'labels 0 or 1, or probabilities, same shape',
        }),
      ],
      caveats: [
        'Takes logits: a sigmoid before it squashes twice.',
        notReduced,
        'Ignored elements are 0 and stay in the denominator of the mean.',
      ],
      programs: [binaryFocalProgram, binaryFocalProgram],
      curve: (parameters) => ({
        ...binaryCurve('pred', 'target', () => true)(parameters),
        parameters: { ignore_index: null },
      }),
    },
  ),
];
