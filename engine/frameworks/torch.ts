/**
 * `torch.nn` and `torch.nn.functional`, as torch 2.13 computes them. Every number, refusal and warning here was measured
 * (test/golden/NOTES.md) and is held to torch's own answers by test/golden/data/torch.json.
 */
import type { NdArray } from '../array.ts';
import type { InputInfo, ParameterInfo } from '../catalogue.ts';
import {
  actsAsFloat,
  actsAsInteger,
  type Body,
  type Call,
  describe,
  type FrameworkSymbol,
  floatInput,
} from '../definition.ts';
import { LossLensError } from '../errors.ts';
import type { Reduction } from '../evaluation.ts';
import {
  add,
  constant,
  div,
  type Expr,
  type Input,
  less,
  log,
  log1p,
  logSoftmax,
  max,
  mul,
  neg,
  stop,
  sub,
  sum,
  where,
  withGradient,
} from '../language/expression.ts';
import {
  broadcast,
  broadcastShape,
  elementwise,
  placeBroadcast,
  placeWithClasses,
  requireValues,
  sameShape,
  shapeMismatch,
} from '../layout.ts';
import { crossEntropyOfLogit } from '../losses/classification/binary-cross-entropy.ts';
import { placeClassWeight } from '../losses/classification/categorical-cross-entropy.ts';
import { crossEntropyOfLabels, smoothed } from '../losses/classification/cross-entropy.ts';
import { divergence } from '../losses/classification/kl-divergence.ts';
import { requireLabels } from '../losses/classification/sparse-categorical-cross-entropy.ts';
import { binaryCurve, classCurve, divergenceCurve, residualCurve } from '../losses/curves.ts';
import { huberLoss } from '../losses/regression/huber.ts';
import { absoluteError } from '../losses/regression/mean-absolute-error.ts';
import { squaredError } from '../losses/regression/mean-squared-error.ts';
import { type Argument, declare, inputArgument, parameterArgument, withDefault } from './symbol.ts';

// Arguments

const choices = ['none', 'mean', 'sum', 'elementwise_mean'];

const reduction = (options: readonly string[] = choices): Argument =>
  parameterArgument({
    name: 'reduction',
    kind: 'choice',
    choices: options,
    default: 'mean',
    description: 'how the elements become one number',
  });

const deprecated = (name: string): Argument =>
  parameterArgument({ name, kind: 'boolean', default: null, description: 'deprecated: use `reduction`' });

const sizeAverage = deprecated('size_average');
const reduce = deprecated('reduce');

const number = (info: Omit<ParameterInfo, 'kind' | 'default'> & { default: number }): Argument =>
  withDefault(parameterArgument({ kind: 'number', ...info }), info.default.toFixed(1));

const optional = (name: string, description: string): Argument =>
  inputArgument(floatInput(name, description, true));

const delta = number({
  name: 'delta',
  default: 1,
  above: 0,
  description: 'where the parabola becomes a straight line',
});
const beta = number({
  name: 'beta',
  default: 1,
  minimum: 0,
  description: 'where the parabola becomes a straight line',
});
const labelSmoothing = number({
  name: 'label_smoothing',
  default: 0,
  maximum: 1,
  description: 'how much of the target is spread evenly over the classes',
});
const ignoreIndex = parameterArgument({
  name: 'ignore_index',
  kind: 'integer',
  default: -100,
  description: 'the label that counts nothing, in the sum and in the denominator',
});
const logTarget = parameterArgument({
  name: 'log_target',
  kind: 'boolean',
  default: false,
  description: 'whether the target holds logarithms',
});
const elementWeight = optional('weight', 'a weight for each element, the shape of the input');
const classWeight = optional('weight', 'a weight for each class, [C]');
const batchWeight = optional('weight', 'weights that broadcast to the input');
const positiveWeight = optional(
  'pos_weight',
  'weights of the positive class, broadcast to the input: [C] for [N, C]',
);

const input = (description: string): Argument => inputArgument(floatInput('input', description));
const target = (description: string, kind: InputInfo['kind'] = 'float'): Argument =>
  inputArgument({ name: 'target', kind, optional: false, description });

// What every loss does with its arguments

function reductionOf(call: Call, batchmean?: number): Pick<Body, 'reduction' | 'denominator'> {
  const has = (name: string): boolean =>
    call.definition.parameters.some((parameter) => parameter.name === name);
  let chosen = call.option<string>('reduction');
  if (has('reduce')) {
    const reduced = call.option<boolean | null>('reduce');
    const averaged = call.option<boolean | null>('size_average');
    if (reduced !== null || averaged !== null) {
      chosen = reduced === false ? 'none' : averaged === false ? 'sum' : 'mean';
      call.warn(
        'deprecated',
        `size_average and reduce are deprecated and win over reduction; write reduction='${chosen}'.`,
      );
    }
  }
  if (chosen === 'elementwise_mean') {
    call.warn('deprecated', "reduction='elementwise_mean' is deprecated; write reduction='mean'.");
    chosen = 'mean';
  }
  return chosen === 'batchmean'
    ? { reduction: 'batchmean', denominator: constant(batchmean!) }
    : { reduction: chosen as Reduction };
}

function dtypeError(call: Call, sentence: string, names: readonly string[], expected: string): LossLensError {
  return new LossLensError('dtype', `${call.definition.name}: ${sentence}`, {
    found: names.map((name) => `${name} ${describe(call.array(name))}`).join(', '),
    expected,
  });
}

/** @throws LossLensError `dtype` unless all hold floating-point numbers. */
function requireFloats(call: Call, names: readonly string[]): void {
  if (names.every((name) => actsAsFloat(call.array(name)))) return;
  throw dtypeError(call, 'torch computes this in floating point only.', names, 'float32 or float64');
}

/** @throws LossLensError `dtype` when one is float32 and another float64: these kernels do not promote. */
function requireOneDtype(call: Call, names: readonly string[]): void {
  const stated = names.map((name) => call.array(name)).filter((array) => !array.weak);
  if (stated.every((array) => array.dtype === stated[0]!.dtype)) return;
  throw dtypeError(call, 'torch does not mix floating-point dtypes here.', names, 'one dtype for both');
}

/** Input and target of a regression: broadcast with torch's warning where their shapes differ. */
function regressionInputs(call: Call): [Input, Input] {
  const names = ['input', 'target'] as const;
  if (!names.some((name) => actsAsFloat(call.array(name)))) requireFloats(call, names);
  const [x, y] = broadcast(call, names);
  if (!sameShape(call.shape('input'), call.shape('target'))) {
    call.warn(
      'broadcast',
      `torch warns and broadcasts: input [${call.shape('input').join(', ')}] and target [${call.shape('target').join(', ')}] ` +
        `are compared as [${call.space.sizes.join(', ')}], which is seldom what was meant.`,
    );
  }
  return [x!, y!];
}

/** The functional losses' element weights: exactly the input's shape. */
function elementWeights(call: Call): Input | undefined {
  if (!call.has('weight')) return undefined;
  if (!sameShape(call.shape('weight'), call.shape('input'))) {
    throw shapeMismatch(call, 'weight', 'input', 'Weights have exactly the shape of the input.');
  }
  return placeBroadcast(call, 'weight');
}

/** Weights that broadcast to the input without enlarging it. */
function broadcastWeights(call: Call, name: string): Expr | undefined {
  if (!call.has(name)) return undefined;
  const shape = call.shape('input');
  const together = broadcastShape(call.shape(name), shape);
  if (!together || !sameShape(together, shape) || call.shape(name).length > shape.length) {
    throw shapeMismatch(call, name, 'input', `${name} broadcasts to the input and may not enlarge it.`);
  }
  // torch has no derivative for these weights.
  return stop(placeBroadcast(call, name));
}

const weighted = (elements: Expr, weight: Expr | undefined): Expr =>
  weight ? mul(weight, elements) : elements;

// Programs

/** |x − y| with torch's gradient, which takes the sign of NaN to be 0. */
function absoluteErrorOf(x: Expr, y: Expr): Expr {
  const slope = where(less(y, x), 1, where(less(x, y), -1, 0));
  return withGradient(absoluteError(x, y), [
    [x, slope],
    [y, neg(slope)],
  ]);
}

function l1Program(call: Call): Body {
  const names = ['input', 'target'];
  if (names.some((name) => call.array(name).dtype === 'bool')) {
    throw dtypeError(call, 'torch subtracts no booleans here.', names, 'numbers');
  }
  return meanOfWeighted(absoluteErrorOf)(call);
}

function meanOfWeighted(errorOf: (x: Expr, y: Expr) => Expr) {
  return (call: Call): Body => {
    const [x, y] = regressionInputs(call);
    const weight = elementWeights(call);
    const chosen = reductionOf(call);
    return {
      elements: weighted(errorOf(x, y), weight),
      // The sum of the weights as given, before any broadcasting.
      ...(weight && chosen.reduction === 'mean' && { denominator: sum(weight, weight.dims) }),
      ...chosen,
    };
  };
}

function huberProgram(call: Call): Body {
  requireFloats(call, ['input', 'target']);
  requireOneDtype(call, ['input', 'target']);
  const [x, y] = regressionInputs(call);
  const elements = huberLoss(x, y, call.uniform('delta'));
  return { elements: weighted(elements, elementWeights(call)), ...reductionOf(call) };
}

/** Huber(δ = β) ÷ β, and the absolute error where β is 0. */
function smoothL1Program(call: Call): Body {
  const [x, y] = regressionInputs(call);
  const elements = call.vanishes('beta')
    ? absoluteErrorOf(x, y)
    : div(huberLoss(x, y, call.uniform('beta')), call.uniform('beta'));
  return { elements, ...reductionOf(call) };
}

/** torch clamps each logarithm at −100 and divides its gradient by max(p(1 − p), 1e-12), whatever the clamp did. */
function binaryCrossEntropyProgram(call: Call): Body {
  requireFloats(call, ['input', 'target']);
  requireOneDtype(call, ['input', 'target']);
  const [p, y] = elementwise(call, ['input', 'target']) as [Input, Input];
  for (const name of ['input', 'target']) {
    requireValues(
      call,
      name,
      (value) => value >= 0 && value <= 1,
      'domain',
      `torch refuses ${name === 'input' ? 'probabilities' : 'targets'} outside [0, 1]${name === 'input' ? '; for logits use BCEWithLogitsLoss' : ''}.`,
      'numbers from 0 to 1',
    );
  }
  const floor = (x: Expr): Expr => max(x, -100, { tie: 0 });
  const value = sub(mul(sub(y, 1), floor(log1p(neg(p)))), mul(y, floor(log(p))));
  const slope = div(sub(p, y), max(mul(sub(1, p), p), Math.fround(1e-12), { tie: 0 }));
  const elements = withGradient(value, [
    [p, slope],
    [y, sub(log1p(neg(p)), log(p))],
  ]);
  return { elements: weighted(elements, broadcastWeights(call, 'weight')), ...reductionOf(call) };
}

function binaryCrossEntropyWithLogitsProgram(call: Call): Body {
  requireFloats(call, ['input', 'target']);
  const [x, y] = elementwise(call, ['input', 'target']) as [Input, Input];
  const elements = crossEntropyOfLogit(x, y, broadcastWeights(call, 'pos_weight'));
  const { dtype, weak } = call.array('target');
  return {
    elements: weighted(elements, broadcastWeights(call, 'weight')),
    ...reductionOf(call),
    // The value takes the target's dtype, whatever the logits have.
    ...(!weak && { dtype: dtype as 'float32' | 'float64' }),
  };
}

/** torch's class axis: 1, or the only one of an unbatched input. */
const classAxis = (shape: readonly number[]): number => (shape.length === 1 ? 0 : 1);

/** Whether the target holds a distribution for each position: torch goes by the shape. */
const holdsProbabilities = (input: NdArray, target: NdArray): boolean => sameShape(input.shape, target.shape);

/** The shape that class numbers must have, checked. */
function placeLabels(call: Call, rest: readonly number[]): Input {
  const labels = call.array('target');
  const fits = labels.weak ? actsAsInteger(labels) : labels.dtype === 'int64' || labels.dtype === 'uint8';
  if (!fits) {
    throw dtypeError(
      call,
      'class numbers must be Long or Byte (`expected target dtype to be Long or Byte`).',
      ['target'],
      'int64, or uint8',
    );
  }
  const expected = rest.map((d) => call.shape('input')[d]!);
  if (!sameShape(expected, labels.shape)) {
    throw new LossLensError(
      'shape-mismatch',
      'Class numbers have the shape of the input without its class axis, which torch takes to be 1.',
      {
        found: `input ${describe(call.array('input'))}, target ${describe(labels)}`,
        expected: `target [${expected.join(', ')}]`,
      },
    );
  }
  const label = call.place('target', rest);
  requireLabels(
    call,
    'target',
    call.shape('input')[classAxis(call.shape('input'))]!,
    call.option('ignore_index'),
  );
  return label;
}

function requireClasses(call: Call): number {
  requireFloats(call, ['input']);
  const shape = call.shape('input');
  if (shape.length === 0) {
    throw new LossLensError('shape-mismatch', 'The input needs a class axis.', {
      found: describe(call.array('input')),
      expected: '[C], [N, C] or [N, C, …]',
    });
  }
  return classAxis(shape);
}

function crossEntropyProgram(call: Call): Body {
  const axis = requireClasses(call);
  const { prediction, rest } = placeWithClasses(call, 'input', axis);
  const classes = call.space.axis('class');
  const logP = logSoftmax(prediction, classes);
  // torch runs a negative label_smoothing as 0.
  const smoothing = call.sign('label_smoothing') === 1 ? call.uniform('label_smoothing') : undefined;
  const weight = placeClassWeight(call, axis, 'weight');
  if (weight) requireFloats(call, ['weight']);

  if (holdsProbabilities(call.array('input'), call.array('target'))) {
    if (!actsAsFloat(call.array('target'))) {
      throw dtypeError(
        call,
        'a target of the shape of the input holds probabilities, which are floating point.',
        ['target'],
        'float32 or float64; or class numbers, without the class axis',
      );
    }
    const ignored = call.option<number>('ignore_index');
    if (ignored >= 0) {
      throw new LossLensError('parameter', 'ignore_index has no meaning for a target of probabilities.', {
        found: `ignore_index=${ignored}`,
        expected: 'class numbers as target, or no ignore_index',
      });
    }
    const own = call.place('target', [...call.shape('target').keys()]);
    const y = smoothing ? smoothed(own, smoothing, classes) : own;
    // A weighted mean of probabilities is still divided by the number of positions, not by the weights.
    return { elements: neg(sum(weighted(mul(y, logP), weight), classes)), ...reductionOf(call) };
  }
  if (weight) requireOneDtype(call, ['input', 'weight']);
  const label = placeLabels(call, rest);
  const { elements, weight: own } = crossEntropyOfLabels({
    logP,
    label,
    classes,
    classWeight: weight && stop(weight),
    ignoreIndex: call.uniform('ignore_index'),
    smoothing,
    shields: false,
  });
  return { elements, ...(own && { weight: own }), ...reductionOf(call) };
}

function negativeLogLikelihoodProgram(call: Call): Body {
  const axis = requireClasses(call);
  const { prediction, rest } = placeWithClasses(call, 'input', axis);
  const classes = call.space.axis('class');
  const weight = placeClassWeight(call, axis, 'weight');
  if (weight) requireOneDtype(call, ['input', 'weight']);
  const label = placeLabels(call, rest);
  const { elements, weight: own } = crossEntropyOfLabels({
    logP: prediction,
    label,
    classes,
    classWeight: weight && stop(weight),
    ignoreIndex: call.uniform('ignore_index'),
  });
  return { elements, ...(own && { weight: own }), ...reductionOf(call) };
}

function divergenceProgram(call: Call): Body {
  requireFloats(call, ['input', 'target']);
  const [x, t] = broadcast(call, ['input', 'target']) as [Input, Input];
  const targetIsLog = call.option<boolean>('log_target');
  const value = divergence({ prediction: x, target: t, predictionIsLog: true, targetIsLog }, mul);
  const elements = targetIsLog
    ? value
    : // torch's derivative of t·log t has t/t in it: NaN where t is 0.
      withGradient(value, [
        [x, neg(t)],
        [t, sub(add(log(t), div(t, t)), x)],
      ]);
  const body = { elements, ...reductionOf(call, call.shape('input')[0] ?? 1) };
  if (body.reduction === 'mean') {
    call.warn(
      'mean-over-elements',
      "reduction='mean' divides by every element, classes too; the divergence of a batch is reduction='batchmean'.",
    );
  }
  return body;
}

// Declarations

interface Pair {
  readonly class: string;
  readonly function: string;
  readonly loss: string;
  readonly inputs: readonly Argument[];
  /** In the order of the class's constructor. */
  readonly options: readonly Argument[];
  /** In the order of the function, where that is another. */
  readonly functionOptions?: readonly Argument[];
  readonly caveats: readonly string[];
  readonly program: (call: Call) => Body;
  readonly curve: FrameworkSymbol['curve'];
}

/** A `torch.nn` class and its function: one program. */
function pair(declared: Pair): FrameworkSymbol[] {
  const shared = {
    framework: 'torch',
    loss: declared.loss,
    caveats: declared.caveats,
    program: declared.program,
    curve: declared.curve,
  } as const;
  return [
    declare({
      ...shared,
      name: `torch.nn.${declared.class}`,
      paths: [
        `torch.nn.${declared.class}`,
        `torch.nn.modules.${declared.class}`,
        `torch.nn.modules.loss.${declared.class}`,
      ],
      constructor_: declared.options,
      call: declared.inputs,
    }),
    declare({
      ...shared,
      name: `torch.nn.functional.${declared.function}`,
      paths: [`torch.nn.functional.${declared.function}`],
      call: [...declared.inputs, ...(declared.functionOptions ?? declared.options)],
    }),
  ];
}

const broadcastCaveat =
  'Shapes that differ are broadcast with a warning only: `[N, 1]` against `[N]` compares every prediction with every target.';

const regression = [input('predicted values, any shape'), target('true values, same shape')];
const fromLogits = classCurve(
  {
    prediction: 'input',
    target: 'target',
    from: () => 'logit',
    axis: (_parameters, rank) => (rank === 1 ? 0 : 1),
    ignored: (parameters) => parameters['ignore_index'] as number,
  },
  'index',
);

export const torchSymbols: readonly FrameworkSymbol[] = [
  ...pair({
    class: 'MSELoss',
    function: 'mse_loss',
    loss: 'mean-squared-error',
    inputs: regression,
    options: [sizeAverage, reduce, reduction()],
    functionOptions: [sizeAverage, reduce, reduction(), elementWeight],
    caveats: [
      broadcastCaveat,
      'The mean is over every element, not over the batch; with `weight` it divides by the sum of the weights.',
    ],
    program: meanOfWeighted(squaredError),
    curve: residualCurve('input', 'target'),
  }),
  ...pair({
    class: 'L1Loss',
    function: 'l1_loss',
    loss: 'mean-absolute-error',
    inputs: regression,
    options: [sizeAverage, reduce, reduction()],
    functionOptions: [sizeAverage, reduce, reduction(), elementWeight],
    caveats: [broadcastCaveat, 'The gradient is 0 where input and target are equal.'],
    program: l1Program,
    curve: residualCurve('input', 'target'),
  }),
  ...pair({
    class: 'HuberLoss',
    function: 'huber_loss',
    loss: 'huber',
    inputs: regression,
    options: [reduction(), delta],
    functionOptions: [reduction(), delta, elementWeight],
    caveats: [
      broadcastCaveat,
      '`HuberLoss(delta=d)` is `d` times `SmoothL1Loss(beta=d)`.',
      'Unlike `mse_loss` and `l1_loss`, `huber_loss` with `weight` still divides the mean by the number of elements.',
    ],
    program: huberProgram,
    curve: residualCurve('input', 'target'),
  }),
  ...pair({
    class: 'SmoothL1Loss',
    function: 'smooth_l1_loss',
    loss: 'huber',
    inputs: regression,
    options: [sizeAverage, reduce, reduction(), beta],
    caveats: [
      broadcastCaveat,
      '`SmoothL1Loss(beta=b)` is `HuberLoss(delta=b)` divided by `b`; with `beta=0` it is `L1Loss`.',
    ],
    program: smoothL1Program,
    curve: residualCurve('input', 'target'),
  }),
  ...pair({
    class: 'BCELoss',
    function: 'binary_cross_entropy',
    loss: 'binary-cross-entropy',
    inputs: [input('probabilities, any shape'), target('labels 0 or 1, or probabilities, same shape')],
    options: [batchWeight, sizeAverage, reduce, reduction()],
    caveats: [
      'Takes probabilities, after a sigmoid; for logits use `BCEWithLogitsLoss`, which is also more exact.',
      'Each logarithm is clamped at −100, so the loss of one element is never above 100, while its gradient reaches 1e12.',
      'Numbers outside [0, 1] are refused (on CUDA, by a device-side assert).',
      'The mean divides by the number of elements, whatever the weights are.',
    ],
    program: binaryCrossEntropyProgram,
    curve: binaryCurve('input', 'target', () => false),
  }),
  ...pair({
    class: 'BCEWithLogitsLoss',
    function: 'binary_cross_entropy_with_logits',
    loss: 'binary-cross-entropy',
    inputs: [input('logits, any shape'), target('labels 0 or 1, or probabilities, same shape')],
    options: [batchWeight, sizeAverage, reduce, reduction(), positiveWeight],
    caveats: [
      'Takes logits: a sigmoid before it squashes twice.',
      'Targets are not checked: one above 1 makes the loss negative.',
      'The mean divides by the number of elements, whatever `weight` and `pos_weight` are.',
      '`pos_weight` broadcasts against the last dimensions: for images `[N, C, H, W]` give it the shape `[C, 1, 1]`.',
    ],
    program: binaryCrossEntropyWithLogitsProgram,
    curve: binaryCurve('input', 'target', () => true),
  }),
  ...pair({
    class: 'CrossEntropyLoss',
    function: 'cross_entropy',
    loss: 'sparse-categorical-cross-entropy',
    inputs: [
      input('logits, [N, C], [N, C, …] or [C]'),
      target('class numbers, [N, …]; or probabilities, the shape of the input', 'any'),
    ],
    options: [classWeight, sizeAverage, ignoreIndex, reduce, reduction(), labelSmoothing],
    caveats: [
      'Takes logits: it applies log-softmax itself. After a softmax the loss cannot fall below log(e + C − 1) − 1.',
      'The class axis is 1: sequences `[N, T, C]` must be transposed.',
      'With `weight`, the mean of class numbers divides by the sum of the weights of the labels; with probabilities as target, by the number of positions.',
      'Ignored labels leave the denominator too; if all are ignored the mean is NaN.',
    ],
    program: crossEntropyProgram,
    curve: fromLogits,
  }),
  ...pair({
    class: 'NLLLoss',
    function: 'nll_loss',
    loss: 'sparse-categorical-cross-entropy',
    inputs: [
      input('log-probabilities, [N, C], [N, C, …] or [C]'),
      target('class numbers, [N, …]', 'integer'),
    ],
    options: [classWeight, sizeAverage, ignoreIndex, reduce, reduction()],
    caveats: [
      'Takes log-probabilities and takes no logarithm: on probabilities, the loss is negative and the gradient the same everywhere.',
      'With `weight`, the mean divides by the sum of the weights of the labels.',
    ],
    program: negativeLogLikelihoodProgram,
    curve: classCurve(
      {
        prediction: 'input',
        target: 'target',
        from: () => 'log-probability',
        axis: (_parameters, rank) => (rank === 1 ? 0 : 1),
        ignored: (parameters) => parameters['ignore_index'] as number,
      },
      'index',
    ),
  }),
  ...pair({
    class: 'KLDivLoss',
    function: 'kl_div',
    loss: 'kl-divergence',
    inputs: [
      input("logarithms of the model's probabilities, any shape"),
      target('true probabilities (logarithms with log_target), same shape'),
    ],
    options: [sizeAverage, reduce, reduction([...choices, 'batchmean']), logTarget],
    caveats: [
      'The input holds log-probabilities, the target probabilities, and the model comes first: the order of the formula is the other way round.',
      "The default `reduction='mean'` divides by every element; the divergence is `reduction='batchmean'`.",
      'A target of 0 against an input of −∞ gives NaN.',
    ],
    program: divergenceProgram,
    curve: divergenceCurve('input', 'target', (parameters) => ({
      prediction: true,
      target: parameters['log_target'] === true,
    })),
  }),
];
