/**
 * `segmentation_models_pytorch.losses`, as its sources at 0.5.1.dev0 compute them; held to their answers by
 * test/golden/data/segmentation.json.
 */
import { t } from '@vscode/l10n';
import { type NdArray, sizeOf } from '../array.ts';
import {
  actsAsFloat,
  actsAsInteger,
  type Body,
  type Call,
  describe,
  type FrameworkSymbol,
  floatInput,
  integerInput,
  promoted,
} from '../definition.ts';
import { LossLensError } from '../errors.ts';
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
  lessEqual,
  log,
  logSoftmax,
  max,
  mul,
  neg,
  notEqual,
  pow,
  sigmoid,
  stop,
  sub,
  sum,
  where,
} from '../language/expression.ts';
import { Space } from '../language/space.ts';
import { requireValues } from '../layout.ts';
import { binaryCurve, classCurve, maskCurve } from '../losses/curves.ts';
import { tverskyDenominator } from '../losses/image/tversky.ts';
import { focalCaveats, focalProgram } from './smp-focal.ts';
import { softBinaryProgram, softLabelProgram } from './smp-soft.ts';
import { type Argument, declare, inputArgument, parameterArgument, withDefault } from './symbol.ts';

const indicator = (condition: Expr): Expr => where(condition, 1, 0);

/** [samples, channels, pixels], as smp reshapes both arrays. */
interface Layout {
  readonly samples: number;
  readonly channels: number;
  readonly pixels: number;
}

function layOut(call: Call): Layout {
  const [x, y] = [call.array('y_pred'), call.array('y_true')];
  const refused = (expected: string): LossLensError =>
    new LossLensError('shape-mismatch', t('These masks do not fit together.'), {
      found: `y_pred ${describe(x)}, y_true ${describe(y)}`,
      expected,
    });
  if (!actsAsFloat(x)) {
    throw new LossLensError('dtype', t('smp computes this in floating point only.'), {
      found: `y_pred ${describe(x)}`,
      expected: t('float32 or float64'),
    });
  }
  if (x.shape.length < 2) throw refused('y_pred [N, C, …]');
  const samples = x.shape[0]!;
  const channels = call.option('mode') === 'binary' ? 1 : x.shape[1]!;
  if (samples === 0 || channels === 0 || y.shape[0] !== samples) {
    throw refused(t('the same number of samples in both, at least one, and at least one channel'));
  }
  const pixels = sizeOf(x.shape) / (samples * channels);
  const labelled = call.option('mode') === 'multiclass' ? samples * pixels : sizeOf(x.shape);
  if (sizeOf(y.shape) !== labelled) {
    throw refused(
      call.option('mode') === 'multiclass'
        ? t('y_true [N, …], one label for each pixel')
        : t('as many values in both'),
    );
  }
  return { samples, channels, pixels };
}

/** Labels as whole numbers; −1 where they are ignored. */
function labelsOf(call: Call, { samples, channels, pixels }: Layout): NdArray {
  const labels = call.array('y_true');
  const ignored = call.option<number | null>('ignore_index');
  if (ignored === null && labels.dtype !== 'int64' && !(labels.weak && actsAsInteger(labels))) {
    throw new LossLensError(
      'dtype',
      t('smp takes class labels as int64 only, unless `ignore_index` is set.'),
      {
        found: `y_true ${describe(labels)}`,
        expected: 'int64',
      },
    );
  }
  const isFine = (label: number): boolean =>
    label === ignored || (Math.trunc(label) >= 0 && Math.trunc(label) < channels);
  requireValues(
    call,
    'y_true',
    isFine,
    'label-out-of-range',
    t('Labels are classes of y_pred.'),
    t`0 to ${channels - 1}`,
  );
  const data = Int32Array.from({ length: samples * pixels }, (_, i) => {
    const label = Number(labels.data[i]);
    return label === ignored ? -1 : Math.trunc(label);
  });
  return { dtype: 'int32', shape: [samples, pixels], data };
}

interface Masks {
  readonly prediction: Expr;
  readonly target: Expr;
  /** Samples and pixels: what each class is summed over. */
  readonly over: Dims;
}

/** Probabilities and true masks over [samples, classes, pixels], both 0 where a pixel is ignored. */
function masksOf(call: Call): Masks {
  const layout = layOut(call);
  const { samples, channels, pixels } = layout;
  call.space = new Space([
    { axis: 'batch', size: samples },
    { axis: 'class', size: channels },
    { axis: 'space', size: pixels },
  ]);
  const shape = [samples, channels, pixels];
  const classes = call.space.axis('class');
  const over = call.space.axis('batch') | call.space.axis('space');
  const x = call.place('y_pred', [0, 1, 2], { ...call.array('y_pred'), shape });
  const multiclass = call.option('mode') === 'multiclass';
  const probability = !call.option<boolean>('from_logits')
    ? x
    : multiclass
      ? exp(logSoftmax(x, classes))
      : sigmoid(x);
  const ignored = call.option<number | null>('ignore_index');
  if (multiclass) {
    const label = call.place('y_true', [0, 2], labelsOf(call, layout));
    const target = indicator(equal(index(classes), label));
    return {
      prediction: ignored === null ? probability : mul(probability, indicator(lessEqual(0, label))),
      target,
      over,
    };
  }
  const y = call.place('y_true', [0, 1, 2], { ...call.array('y_true'), shape });
  if (ignored === null) return { prediction: probability, target: y, over };
  const counted = indicator(notEqual(y, ignored));
  return { prediction: mul(probability, counted), target: mul(y, counted), over };
}

interface Shares {
  /** How often each class is chosen, where not all are once. */
  readonly chosen?: Expr;
  readonly weight?: Expr;
  /** What the mean divides by. */
  readonly total: number;
}

function sharesOfClasses(call: Call): Shares {
  const channels = call.space.sizes[1]!;
  for (const name of ['classes', 'class_weights']) {
    if (!call.has(name) || call.option('mode') !== 'binary') continue;
    throw new LossLensError('parameter', t`There are no ${name} where mode='binary'.`, {
      found: `${name} ${describe(call.array(name))}`,
      expected: t("mode='multiclass' or mode='multilabel'"),
    });
  }
  const indices = call.has('classes') ? chosenClasses(call, channels) : undefined;
  let chosen: Expr | undefined;
  if (indices) {
    const data = new Float64Array(channels);
    for (const c of indices) data[c]! += 1;
    chosen = call.place('classes', [1], { dtype: 'float64', shape: [channels], data });
  }
  if (!call.has('class_weights')) return { ...(chosen && { chosen }), total: indices?.length ?? channels };
  const weights = call.array('class_weights');
  if (weights.shape.length !== 1 || weights.shape[0] !== channels) {
    throw new LossLensError('shape-mismatch', t('Class weights are one number for each class.'), {
      found: `class_weights ${describe(weights)}`,
      expected: `[${channels}]`,
    });
  }
  // smp stores them as float32, sums them so, and takes them as constants.
  const data = Float32Array.from(weights.data, Number);
  const weight = stop(call.place('class_weights', [1], { dtype: 'float32', shape: [channels], data }));
  const summed = indices?.map((c) => data[c]!) ?? [...data];
  const total = summed.reduce((sum, w) => Math.fround(sum + w), 0);
  return { ...(chosen && { chosen }), weight, total };
}

/** The classes that count, from the front. */
function chosenClasses(call: Call, channels: number): number[] {
  requireValues(
    call,
    'classes',
    (c) => Number.isInteger(c) && c >= -channels && c < channels,
    'label-out-of-range',
    t('There is no such class.'),
    t`0 to ${channels - 1}`,
  );
  return Array.from(call.array('classes').data, Number).map((c) => (c + channels) % channels);
}

/** The loss of each class: 1 − score or −log score, and 0 where the class does not occur. */
function lossOfClasses(call: Call, { prediction, target, over }: Masks, alpha: Expr, beta: Expr): Expr {
  const [smooth, eps] = [call.uniform('smooth'), call.uniform('eps')];
  const [ofPrediction, ofTarget] = [sum(prediction, over), sum(target, over)];
  const difference = sum(abs(sub(prediction, target)), over);
  const intersection = div(sub(add(ofPrediction, ofTarget), difference), 2);
  const denominator = tverskyDenominator({
    intersection,
    falsePositives: sub(ofPrediction, intersection),
    falseNegatives: sub(ofTarget, intersection),
    alpha,
    beta,
  });
  const score = div(add(intersection, smooth), max(add(denominator, smooth), eps, { tie: 1 }));
  const loss = call.option<boolean>('log_loss') ? neg(log(max(score, eps, { tie: 1 }))) : sub(1, score);
  return mul(loss, indicator(less(0, ofTarget)));
}

function overlapProgram(alphaOf: (call: Call) => Expr, betaOf: (call: Call) => Expr) {
  return (call: Call): Body => {
    const masks = masksOf(call);
    const loss = lossOfClasses(call, masks, alphaOf(call), betaOf(call));
    const { chosen, weight, total } = sharesOfClasses(call);
    const weighted = weight ? mul(loss, weight) : loss;
    return {
      elements: chosen ? where(equal(chosen, 0), 0, mul(chosen, weighted)) : weighted,
      denominator: constant(total),
      reduction: 'mean',
      dtype: promoted([call.array('y_pred')]),
      parts: { prediction: masks.prediction, target: masks.target },
    };
  };
}

const meanOverlap = overlapProgram(
  (call) => call.uniform('alpha'),
  (call) => call.uniform('beta'),
);

/** The mean over the classes, to the power of gamma. */
function tverskyProgram(call: Call): Body {
  const { elements, denominator, ...rest } = meanOverlap(call);
  const mean = div(sum(elements, elements.dims), denominator!);
  return { ...rest, elements: pow(mean, call.uniform('gamma')) };
}

const mode: Argument = {
  argument: { name: 'mode', kind: 'parameter' },
  parameter: {
    name: 'mode',
    kind: 'choice',
    choices: ['binary', 'multiclass', 'multilabel'],
    default: 'binary',
    description: 'one mask, labels of one class for each pixel, or a mask for each class',
  },
};
const classes = inputArgument(integerInput('classes', 'the classes that count, all unless given', true));
const flag = (name: string, value: boolean, description: string): Argument =>
  parameterArgument({ name, kind: 'boolean', default: value, description });
const decimal = (name: string, value: number, description: string): Argument =>
  withDefault(
    parameterArgument({ name, kind: 'number', default: value, description }),
    Number.isInteger(value) ? value.toFixed(1) : String(value),
  );
const fromLogits = flag(
  'from_logits',
  true,
  'whether y_pred holds logits; smp applies the activation itself',
);
const smooth = decimal('smooth', 0, 'added above and below');
const ignoreIndex = parameterArgument({
  name: 'ignore_index',
  kind: 'integer',
  default: null,
  nullable: true,
  description: 'pixels with this label count nothing',
});
const eps = (description: string): Argument =>
  withDefault(parameterArgument({ name: 'eps', kind: 'number', default: 1e-7, description }), '1e-7');
const optionalNumber = (name: string, description: string): Argument =>
  parameterArgument({ name, kind: 'number', default: null, nullable: true, description });
const clamping = eps('what the denominator, and under log_loss the score, is at least');
const classWeights = inputArgument(
  floatInput('class_weights', 'a weight for each class, [C]; the mean divides by their sum', true),
);

const overlapOptions = [
  mode,
  classes,
  flag('log_loss', false, '−log of the score instead of 1 − score'),
  fromLogits,
  smooth,
  ignoreIndex,
  clamping,
];

const masks = [
  inputArgument(
    floatInput('y_pred', 'logits or probabilities, [N, C, H, W]; [N, 1, H, W] where mode is binary'),
  ),
  inputArgument({
    name: 'y_true',
    kind: 'any',
    optional: false,
    description: 'masks of the size of y_pred; labels [N, H, W] where mode is multiclass',
  }),
];

const caveats = [
  'Takes logits unless `from_logits=False`: a sigmoid or softmax before it squashes twice.',
  'Pools the whole batch: each class has one score, so the loss depends on the batch size and the mean over devices is another.',
  'A class without a single true pixel counts 0, whatever was predicted there; the mean still divides by it.',
  'The overlap is (Σŷ + Σy − Σ|ŷ − y|) / 2, which is Σyŷ for hard masks only.',
];

const curve = maskCurve('y_pred', 'y_true', {
  isLogit: ({ from_logits }) => from_logits !== false,
  oneByOne: true,
  parameters: { mode: 'binary', ignore_index: null },
});

const paths = (name: string, module: string): string[] => [
  `segmentation_models_pytorch.losses.${name}`,
  `segmentation_models_pytorch.losses.${module}.${name}`,
];

const elementWeight = inputArgument(floatInput('weight', 'weights that broadcast to y_pred', true));
const ignoredLabel = parameterArgument({
  name: 'ignore_index',
  kind: 'integer',
  default: -100,
  nullable: true,
  description: 'pixels with this label count nothing',
});
const softReduction = parameterArgument({
  name: 'reduction',
  kind: 'choice',
  choices: ['mean', 'sum', 'none'],
  default: 'mean',
  description: 'how the pixels become one number',
});
const smoothFactor = optionalNumber(
  'smooth_factor',
  'how much of the target is spread evenly over the classes; it has to be given',
);
const ignoredCaveat = 'Ignored pixels count 0 and stay in the denominator of the mean.';

export const smpSymbols: readonly FrameworkSymbol[] = [
  declare({
    name: 'segmentation_models_pytorch.losses.DiceLoss',
    paths: paths('DiceLoss', 'dice'),
    framework: 'smp',
    loss: 'dice',
    constructor_: [...overlapOptions, classWeights],
    call: masks,
    caveats,
    program: overlapProgram(
      () => constant(0.5),
      () => constant(0.5),
    ),
    curve,
  }),
  declare({
    name: 'segmentation_models_pytorch.losses.JaccardLoss',
    paths: paths('JaccardLoss', 'jaccard'),
    framework: 'smp',
    loss: 'jaccard',
    constructor_: [...overlapOptions, classWeights],
    call: masks,
    caveats,
    program: overlapProgram(
      () => constant(1),
      () => constant(1),
    ),
    curve,
  }),
  declare({
    name: 'segmentation_models_pytorch.losses.TverskyLoss',
    paths: paths('TverskyLoss', 'tversky'),
    framework: 'smp',
    loss: 'tversky',
    constructor_: [
      ...overlapOptions,
      decimal('alpha', 0.5, 'the weight of false positives'),
      decimal('beta', 0.5, 'the weight of false negatives'),
      decimal('gamma', 1, 'the power that the mean over the classes is raised to'),
      classWeights,
    ],
    call: masks,
    caveats: [
      ...caveats,
      '`gamma` is applied after the mean over the classes, not to each class as in the focal Tversky paper.',
    ],
    program: tverskyProgram,
    curve,
  }),
  declare({
    name: 'segmentation_models_pytorch.losses.FocalLoss',
    paths: paths('FocalLoss', 'focal'),
    framework: 'smp',
    loss: 'focal',
    constructor_: [
      mode,
      optionalNumber('alpha', 'the weight of class 1, and 1 − α that of class 0; none for no balance'),
      decimal('gamma', 2, 'how strongly easy examples are played down'),
      ignoreIndex,
      fromLogits,
      eps('how close to 0 and 1 probabilities may come'),
      parameterArgument({
        name: 'reduction',
        kind: 'choice',
        choices: ['none', 'mean', 'sum', 'batchwise_mean', null],
        default: 'mean',
        description: 'how the pixels become one number',
      }),
      flag('normalized', false, 'whether to divide by the sum of the focal factors'),
      optionalNumber('reduced_threshold', 'below this probability of the truth nothing is played down'),
      classWeights,
    ],
    call: masks,
    caveats: focalCaveats,
    program: focalProgram,
    curve: (parameters) => ({
      ...binaryCurve('y_pred', 'y_true', ({ from_logits }) => from_logits !== false)(parameters),
      parameters: { mode: 'binary', ignore_index: null, normalized: false },
    }),
  }),
  declare({
    name: 'segmentation_models_pytorch.losses.SoftBCEWithLogitsLoss',
    paths: paths('SoftBCEWithLogitsLoss', 'soft_bce'),
    framework: 'smp',
    loss: 'binary-cross-entropy',
    constructor_: [
      elementWeight,
      ignoredLabel,
      softReduction,
      optionalNumber('smooth_factor', 'how far labels 0 and 1 are moved towards each other'),
      inputArgument(floatInput('pos_weight', 'weights of the positive class, broadcast to y_pred', true)),
    ],
    call: [
      inputArgument(floatInput('y_pred', 'logits, any shape')),
      inputArgument({
        name: 'y_true',
        kind: 'any',
        optional: false,
        description: 'labels 0 or 1, or probabilities, same shape',
      }),
    ],
    caveats: [
      'Takes logits: a sigmoid before it squashes twice.',
      ignoredCaveat,
      'An ignored pixel whose loss is infinite gives NaN: it is multiplied by 0.',
      'The target has the shape of y_pred: `[N, H, W]` does not fit `[N, 1, H, W]`.',
    ],
    program: softBinaryProgram,
    curve: (parameters) => ({
      ...binaryCurve('y_pred', 'y_true', () => true)(parameters),
      parameters: { ignore_index: null },
    }),
  }),
  declare({
    name: 'segmentation_models_pytorch.losses.SoftCrossEntropyLoss',
    paths: paths('SoftCrossEntropyLoss', 'soft_ce'),
    framework: 'smp',
    loss: 'pixelwise-cross-entropy',
    constructor_: [
      softReduction,
      smoothFactor,
      ignoredLabel,
      parameterArgument({
        name: 'dim',
        kind: 'integer',
        default: 1,
        description: 'the dimension that holds the classes',
      }),
    ],
    call: [
      inputArgument(floatInput('y_pred', 'logits, [N, C, H, W]')),
      inputArgument(integerInput('y_true', 'labels, [N, H, W] or [N, 1, H, W]')),
    ],
    caveats: [
      'With its defaults it fails: `smooth_factor=None` cannot be divided. Give a number, 0.0 for no smoothing.',
      'Takes logits: it applies a softmax itself.',
      ignoredCaveat,
      'Smoothing spreads over all classes, the true one too: 0.1 of three classes makes [0.933, 0.033, 0.033].',
    ],
    program: softLabelProgram,
    curve: (parameters) => ({
      ...classCurve(
        {
          prediction: 'y_pred',
          target: 'y_true',
          from: () => 'logit',
          axis: () => 1,
          ignored: ({ ignore_index }) => ignore_index as number | null,
        },
        'index',
      )(parameters),
      parameters: { ignore_index: null, dim: 1, smooth_factor: parameters['smooth_factor'] ?? 0 },
    }),
  }),
];
