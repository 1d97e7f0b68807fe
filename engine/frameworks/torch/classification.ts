/** Binary and categorical cross-entropies, and the divergence of two distributions. */

import { t } from '@vscode/l10n';
import type { NdArray } from '../../array.ts';
import type { VersionFact } from '../../catalogue.ts';
import {
  actsAsFloat,
  actsAsInteger,
  type Body,
  type Call,
  describe,
  type FrameworkSymbol,
} from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  add,
  constant,
  div,
  type Expr,
  type Input,
  log,
  log1p,
  logSoftmax,
  max,
  mul,
  neg,
  stop,
  sub,
  sum,
  withGradient,
} from '../../language/expression.ts';
import { broadcast, elementwise, placeWithClasses, requireValues, sameShape } from '../../layout.ts';
import { placeClassWeight } from '../../losses/classification/categorical-cross-entropy.ts';
import { crossEntropyOfLabels, smoothed } from '../../losses/classification/cross-entropy.ts';
import { divergence } from '../../losses/classification/kl-divergence.ts';
import { requireLabels } from '../../losses/classification/sparse-categorical-cross-entropy.ts';
import { binaryCurve, classCurve, divergenceCurve } from '../../losses/curves.ts';
import {
  batchWeight,
  choices,
  classWeight,
  ignoreIndex,
  input,
  labelSmoothing,
  logTarget,
  positiveWeight,
  reduce,
  reduction,
  sizeAverage,
  target,
} from './arguments.ts';
import {
  broadcastWeights,
  dtypeError,
  reductionOf,
  requireFloats,
  requireOneDtype,
  weighted,
} from './call.ts';
import { crossEntropyWithLogits } from './logits.ts';
import { pair } from './pair.ts';

/** torch clamps each logarithm at −100 and divides its gradient by max(p(1 − p), 1e-12), whatever the clamp did. */
export function clampedCrossEntropy(p: Expr, y: Expr): Expr {
  const floor = (x: Expr): Expr => max(x, -100, { tie: 0 });
  const value = sub(mul(sub(y, 1), floor(log1p(neg(p)))), mul(y, floor(log(p))));
  const slope = div(sub(p, y), max(mul(sub(1, p), p), Math.fround(1e-12), { tie: 0 }));
  return withGradient(value, [
    [p, slope],
    [y, sub(log1p(neg(p)), log(p))],
  ]);
}

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
      name === 'input'
        ? t('torch refuses probabilities outside [0, 1]; for logits use BCEWithLogitsLoss.')
        : t('torch refuses targets outside [0, 1].'),
      t('numbers from 0 to 1'),
    );
  }
  const elements = clampedCrossEntropy(p, y);
  return { elements: weighted(elements, broadcastWeights(call, 'weight')), ...reductionOf(call) };
}

function binaryCrossEntropyWithLogitsProgram(call: Call): Body {
  requireFloats(call, ['input', 'target']);
  const [x, y] = elementwise(call, ['input', 'target']) as [Input, Input];
  const elements = crossEntropyWithLogits(x, y, broadcastWeights(call, 'pos_weight'));
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
      t('class numbers must be Long or Byte (`expected target dtype to be Long or Byte`).'),
      ['target'],
      t('int64, or uint8'),
    );
  }
  const expected = rest.map((d) => call.shape('input')[d]!);
  if (!sameShape(expected, labels.shape)) {
    throw new LossLensError(
      'shape-mismatch',
      t('Class numbers have the shape of the input without its class axis, which torch takes to be 1.'),
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
    throw new LossLensError('shape-mismatch', t('The input needs a class axis.'), {
      found: describe(call.array('input')),
      expected: t('[C], [N, C] or [N, C, …]'),
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
        t('a target of the shape of the input holds probabilities, which are floating point.'),
        ['target'],
        t('float32 or float64; or class numbers, without the class axis'),
      );
    }
    const ignored = call.option<number>('ignore_index');
    if (ignored >= 0) {
      throw new LossLensError('parameter', t('ignore_index has no meaning for a target of probabilities.'), {
        found: `ignore_index=${ignored}`,
        expected: t('class numbers as target, or no ignore_index'),
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
  const [x, y] = broadcast(call, ['input', 'target']) as [Input, Input];
  const targetIsLog = call.option<boolean>('log_target');
  const value = divergence({ prediction: x, target: y, predictionIsLog: true, targetIsLog }, mul);
  const elements = targetIsLog
    ? value
    : // torch's derivative of y·log y has y/y in it: NaN where y is 0.
      withGradient(value, [
        [x, neg(y)],
        [y, sub(add(log(y), div(y, y)), x)],
      ]);
  const samples = call.shape('input')[0] ?? 1;
  const reduced = reductionOf(call, samples);
  // The function divides by the batch where it is asked to, though size_average or reduce have chosen something else.
  const isOverruled = call.option('reduction') === 'batchmean' && reduced.reduction !== 'batchmean';
  const isFunction = call.definition.name === 'torch.nn.functional.kl_div';
  const body = {
    elements: isOverruled && isFunction ? div(elements, constant(samples)) : elements,
    ...reduced,
  };
  if (body.reduction === 'mean') {
    call.warn(
      'mean-over-elements',
      t(
        "reduction='mean' divides by every element, classes too; the divergence of a batch is reduction='batchmean'.",
      ),
    );
  }
  return body;
}

const fromLogits = classCurve(
  {
    prediction: 'input',
    target: 'target',
    from: () => 'logit',
    axis: (_parameters, rank) => (rank === 1 ? 0 : 1),
    ignored: (parameters) => parameters.ignore_index as number,
  },
  'index',
);

/** How torch refuses class numbers of another dtype. */
const labelTypes: readonly VersionFact[] = [
  {
    before: '2.13',
    text: 'Class numbers of another dtype are refused with `expected scalar type Long but found …`.',
  },
  {
    since: '2.13',
    text: 'Class numbers of another dtype are refused with `expected target dtype to be Long or Byte, but got …`.',
  },
];

export const classificationSymbols: readonly FrameworkSymbol[] = [
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
    versions: labelTypes,
    program: crossEntropyProgram,
    curve: fromLogits,
  }),
  ...pair({
    class: 'NLLLoss',
    function: 'nll_loss',
    aliases: ['NLLLoss2d'],
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
    versions: labelTypes,
    program: negativeLogLikelihoodProgram,
    curve: classCurve(
      {
        prediction: 'input',
        target: 'target',
        from: () => 'log-probability',
        axis: (_parameters, rank) => (rank === 1 ? 0 : 1),
        ignored: (parameters) => parameters.ignore_index as number,
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
      target: parameters.log_target === true,
    })),
  }),
];
