import { isFloat } from '../../array.ts';
import type { Body, Call, FrameworkSymbol } from '../../definition.ts';
import {
  add,
  type Expr,
  equal,
  exp,
  log,
  mul,
  neg,
  or,
  sigmoid,
  softplus,
  sub,
  where,
} from '../../language/expression.ts';
import { elementwise } from '../../layout.ts';
import { crossEntropyOfLogit } from '../../losses/classification/binary-cross-entropy.ts';
import { binaryCurve, marginCurve } from '../../losses/curves.ts';
import { array, keywordOnly, labels, number, requireFloats, symbol, written } from './declare.ts';
import { broadcastSilently, positivePart } from './layout.ts';

/** What optax casts the labels to. */
const dtypeOfLogits = (call: Call): Pick<Body, 'dtype'> => {
  const { dtype, weak } = call.array('logits');
  return isFloat(dtype) && !weak ? { dtype: dtype === 'float64' ? 'float64' : 'float32' } : {};
};

function crossEntropyProgram(call: Call): Body {
  requireFloats(call, ['logits']);
  const [x, y] = broadcastSilently(call, ['logits', 'labels']) as [Expr, Expr];
  return { elements: crossEntropyOfLogit(x, y), reduction: 'none', ...dtypeOfLogits(call) };
}

/**
 * log((1 − y)·p + y·(1 − p)), the logarithm of what p lacks of the label. At labels 0 and 1 one of the two terms is left
 * out, and its share of the gradient by the label too.
 */
function logComplement(x: Expr, y: Expr): Expr {
  const [logP, logQ] = [neg(softplus(neg(x))), neg(softplus(x))];
  const between = log(add(mul(sub(1, y), sigmoid(x)), mul(y, sigmoid(neg(x)))));
  const isOne = equal(y, 1);
  return where(or(isOne, equal(y, 0)), where(isOne, add(logQ, sub(y, 1)), sub(logP, y)), between);
}

function focalProgram(call: Call): Body {
  requireFloats(call, ['logits']);
  const [x, y] = broadcastSilently(call, ['logits', 'labels']) as [Expr, Expr];
  const focus = exp(mul(call.uniform('gamma'), logComplement(x, y)));
  const focused = mul(crossEntropyOfLogit(x, y), focus);
  const alpha = call.option('alpha') === null ? undefined : call.uniform('alpha');
  const elements = alpha ? mul(add(mul(alpha, y), mul(sub(1, alpha), sub(1, y))), focused) : focused;
  return { elements, reduction: 'none', ...dtypeOfLogits(call) };
}

const logitsAndLabels = [
  array('logits', 'logits of class 1, any shape'),
  labels('labels 0 or 1, or probabilities, same shape'),
];
const outputsAndTargets = [
  array('predictor_outputs', 'scores, any shape'),
  array('targets', 'labels −1 or 1, same shape'),
];
const silently =
  'Shapes that differ are broadcast silently: `[N, 1]` against `[N]` compares every logit with every label.';
const unmoved = 'Labels are −1 and 1, and are not checked: with 0 and 1 the negatives teach nothing.';

export const binary: readonly FrameworkSymbol[] = [
  symbol({
    function: 'sigmoid_binary_cross_entropy',
    loss: 'binary-cross-entropy',
    call: logitsAndLabels,
    caveats: [
      'Takes logits: a sigmoid before it squashes twice.',
      'Labels are cast to the dtype of the logits and not checked.',
      silently,
    ],
    program: crossEntropyProgram,
    curve: binaryCurve('logits', 'labels', () => true),
  }),
  symbol({
    function: 'sigmoid_focal_loss',
    loss: 'focal',
    call: [
      ...logitsAndLabels,
      keywordOnly(
        number({
          name: 'alpha',
          default: null,
          description: 'the weight of class 1, and 1 − α that of class 0; none weighs nothing',
        }),
      ),
      keywordOnly(
        written(
          number({ name: 'gamma', default: 2, description: 'how strongly easy examples are played down' }),
          '2.0',
        ),
      ),
    ],
    versions: [{ since: '0.2.5', text: 'It takes labels between 0 and 1.' }],
    caveats: [
      '`alpha` is none by default: torchvision and the paper use 0.25.',
      'Takes logits: a sigmoid before it squashes twice.',
      silently,
    ],
    program: focalProgram,
    curve: binaryCurve('logits', 'labels', () => true),
  }),
  symbol({
    function: 'hinge_loss',
    loss: 'hinge',
    call: outputsAndTargets,
    caveats: [unmoved, 'At a margin of exactly 1 half of the gradient is sent back.', silently],
    program(call) {
      const [x, y] = broadcastSilently(call, ['predictor_outputs', 'targets']) as [Expr, Expr];
      return { elements: positivePart(sub(1, mul(x, y))), reduction: 'none' };
    },
    curve: marginCurve('predictor_outputs', 'targets'),
  }),
  symbol({
    function: 'perceptron_loss',
    alias: false,
    loss: 'perceptron',
    call: outputsAndTargets,
    caveats: [
      unmoved,
      'Scores that are all 0 give a loss of 0, with half of the gradient.',
      'Shapes must be equal.',
    ],
    program(call) {
      const [x, y] = elementwise(call, ['predictor_outputs', 'targets']) as [Expr, Expr];
      return { elements: positivePart(neg(mul(x, y))), reduction: 'none' };
    },
    curve: marginCurve('predictor_outputs', 'targets'),
  }),
];
