/** Squared, absolute, Huber and smooth L1 errors. */
import type { Body, Call, FrameworkSymbol } from '../../definition.ts';
import { div, type Expr, less, neg, sum, where, withGradient } from '../../language/expression.ts';
import { residualCurve } from '../../losses/curves.ts';
import { huberLoss } from '../../losses/regression/huber.ts';
import { absoluteError } from '../../losses/regression/mean-absolute-error.ts';
import { squaredError } from '../../losses/regression/mean-squared-error.ts';
import { beta, delta, elementWeight, input, reduce, reduction, sizeAverage, target } from './arguments.ts';
import {
  elementWeights,
  reductionOf,
  refuseBooleans,
  regressionInputs,
  requireFloats,
  requireOneDtype,
  weighted,
} from './call.ts';
import { pair } from './pair.ts';

/** |x − y| with torch's gradient, which takes the sign of NaN to be 0. */
function absoluteErrorOf(x: Expr, y: Expr): Expr {
  const slope = where(less(y, x), 1, where(less(x, y), -1, 0));
  return withGradient(absoluteError(x, y), [
    [x, slope],
    [y, neg(slope)],
  ]);
}

function l1Program(call: Call): Body {
  refuseBooleans(call, ['input', 'target']);
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
  const isAbsolute = call.vanishes('beta');
  // Then torch calls its absolute error, which subtracts.
  if (isAbsolute) refuseBooleans(call, ['input', 'target']);
  const elements = isAbsolute
    ? absoluteErrorOf(x, y)
    : div(huberLoss(x, y, call.uniform('beta')), call.uniform('beta'));
  return { elements, ...reductionOf(call) };
}

const broadcastCaveat =
  'Shapes that differ are broadcast with a warning only: `[N, 1]` against `[N]` compares every prediction with every target.';

const regression = [input('predicted values, any shape'), target('true values, same shape')];

export const regressionSymbols: readonly FrameworkSymbol[] = [
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
];
