import type { Body, Call, FrameworkSymbol } from '../../definition.ts';
import {
  abs,
  add,
  constant,
  type Dims,
  div,
  type Expr,
  equal,
  less,
  lessEqual,
  max,
  min,
  mul,
  neg,
  sqrt,
  square,
  sub,
  where,
  withGradient,
} from '../../language/expression.ts';
import { elementwise } from '../../layout.ts';
import { angleCurve, residualCurve } from '../../losses/curves.ts';
import { logCosh } from '../../losses/regression/log-cosh.ts';
import { squaredError } from '../../losses/regression/mean-squared-error.ts';
import {
  array,
  axis,
  axisAndMask,
  keywordOnly,
  mask,
  number,
  requireFloats,
  symbol,
  written,
} from './declare.ts';
import { alongAxis, broadcastSilently, sumWhere } from './layout.ts';

const pair = [
  array('predictions', 'predicted values, any shape'),
  array('targets', 'true values, same shape; without them, the predictions are residuals', true),
];

const names = (call: Call): [string, ...string[]] =>
  call.has('targets') ? ['predictions', 'targets'] : ['predictions'];

/** A loss of prediction and target, the target 0 where there is none. */
const ofResidual =
  (place: typeof elementwise, loss: (prediction: Expr, target: Expr, call: Call) => Expr) =>
  (call: Call): Body => {
    requireFloats(call, ['predictions']);
    const [prediction, target] = place(call, names(call));
    return { elements: loss(prediction!, target ?? constant(0), call), reduction: 'none' };
  };

/**
 * ½q² + δ(|r| − q) with q = min(|r|, δ): Huber's loss but for δ = ∞, where ∞·0 makes it NaN. Its gradient shares q's with
 * |r|'s as JAX does, and takes the slope of |r| to be 1 at 0.
 */
function huberOf(prediction: Expr, target: Expr, delta: Expr): Expr {
  const residual = sub(prediction, target);
  const size = abs(residual);
  const inner = min(size, delta, { tie: 0.5 });
  const share = where(less(size, delta), 1, where(equal(size, delta), 0.5, 0));
  const slope = add(mul(inner, share), mul(delta, sub(1, share)));
  return withGradient(add(mul(0.5, square(inner)), mul(delta, sub(size, inner))), [
    [residual, where(lessEqual(0, residual), slope, neg(slope))],
  ]);
}

/** Σ ab / (‖a‖‖b‖) along the axis, each squared norm at least ε. */
function cosineOf(call: Call): Expr {
  requireFloats(call, ['predictions', 'targets']);
  const { nodes, over, within, mask: counted } = alongAxis(call, ['predictions', 'targets']);
  const [a, b] = nodes as [Expr, Expr];
  const unit = (x: Expr, along: Dims): Expr =>
    div(x, sqrt(max(sumWhere(square(x), along, counted), call.uniform('epsilon'), { tie: 0.5 })));
  return sumWhere(mul(unit(a, within('predictions')), unit(b, within('targets'))), over, counted);
}

const cosine = {
  loss: 'cosine-proximity',
  call: [
    array('predictions', 'vectors along `axis`'),
    array('targets', 'vectors, same shape'),
    keywordOnly(
      written(
        number({ name: 'epsilon', default: 0, description: 'the least that a squared norm counts as' }),
        '0.0',
      ),
    ),
    keywordOnly(axis('the vectors')),
    keywordOnly(mask),
  ],
  caveats: [
    'With the default `epsilon=0.0` a vector of zeros gives NaN, and so does its gradient.',
    '`epsilon` bounds the squared norm, not the norm.',
    'A tuple of axes is not taken here.',
  ],
  curve: angleCurve('predictions', 'targets'),
} satisfies Partial<Parameters<typeof symbol>[0]>;

const silently =
  'Shapes that differ are broadcast silently: `[N, 1]` against `[N]` compares every prediction with every target.';
const strictly = 'Shapes must be equal and predictions floating-point: nothing is broadcast.';
const residual = residualCurve('predictions', 'targets');

export const regression: readonly FrameworkSymbol[] = [
  symbol({
    function: 'squared_error',
    loss: 'mean-squared-error',
    call: pair,
    caveats: [strictly],
    program: ofResidual(elementwise, squaredError),
    curve: residual,
  }),
  symbol({
    function: 'l2_loss',
    loss: 'mean-squared-error',
    call: pair,
    caveats: ['Half of the squared error: its gradient is the residual itself.', strictly],
    program: ofResidual(elementwise, (prediction, target) => mul(0.5, squaredError(prediction, target))),
    curve: residual,
  }),
  symbol({
    function: 'huber_loss',
    loss: 'huber',
    call: [
      ...pair,
      keywordOnly(
        written(
          number({ name: 'delta', default: 1, description: 'where the parabola becomes a straight line' }),
          '1.0',
        ),
      ),
    ],
    caveats: [silently, '`delta` is not checked: 0 gives 0 for all data, a negative one a negative loss.'],
    program: ofResidual(broadcastSilently, (prediction, target, call) =>
      huberOf(prediction, target, call.uniform('delta')),
    ),
    curve: residual,
  }),
  symbol({
    function: 'log_cosh',
    loss: 'log-cosh',
    call: pair,
    caveats: [silently],
    program: ofResidual(broadcastSilently, (prediction, target) => logCosh(prediction, target)),
    curve: residual,
  }),
];

export const similarities: readonly FrameworkSymbol[] = [
  symbol({
    ...cosine,
    function: 'cosine_similarity',
    versions: axisAndMask,
    caveats: ['A similarity, no loss: 1 is best. Minimise `cosine_distance`.', ...cosine.caveats],
    program: (call) => ({ elements: cosineOf(call), reduction: 'none' }),
  }),
  symbol({
    ...cosine,
    function: 'cosine_distance',
    versions: axisAndMask,
    program: (call) => ({ elements: sub(1, cosineOf(call)), reduction: 'none' }),
  }),
];
