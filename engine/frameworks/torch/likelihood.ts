/** The negative log-likelihoods of a normal distribution and of counts. */
import { t } from '@vscode/l10n';
import type { NdArray } from '../../array.ts';
import { type Body, type Call, describe, type FrameworkSymbol } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  add,
  constant,
  exp,
  type Input,
  lessEqual,
  log,
  max,
  mul,
  sub,
  where,
  withGradient,
} from '../../language/expression.ts';
import { Space } from '../../language/space.ts';
import { broadcastShape, placeBroadcast, requireValues, sameShape } from '../../layout.ts';
import { rateCurve, varianceCurve } from '../../losses/curves.ts';
import { gaussianLoss } from '../../losses/regression/gaussian-nll.ts';
import { stirling } from '../../losses/specialized/poisson.ts';
import { type Argument, withDefault } from '../symbol.ts';
import {
  flag,
  float,
  input,
  keywordOnly,
  number,
  plainChoices,
  reduce,
  reduction,
  sizeAverage,
  target,
} from './arguments.ts';
import { broadcastSilently, reductionOf, refuseBooleans, requireFloats, warnOfBroadcast } from './call.ts';
import { pair } from './pair.ts';

/**
 * The shape that torch takes the variances in: the input's, with one extent of 1 or without the last; a plain number is
 * taken for every element.
 * @throws LossLensError `shape-mismatch`.
 */
function shapeOfVariance(call: Call, variance: NdArray): readonly number[] {
  const shape = call.shape('input');
  const own = variance.shape;
  if (sameShape(own, shape) || (variance.weak && own.length === 0)) return own;
  if (sameShape(own, shape.slice(0, -1)) && shape.length > 0) return [...own, 1];
  const other = shape.flatMap((size, d) => (own[d] === size ? [] : [own[d]!]));
  if (own.length === shape.length && other.reduce((sum, size) => sum + size, 0) === 1) return own;
  throw new LossLensError(
    'shape-mismatch',
    t('The variances fit the input in one axis less, or in all but one.'),
    {
      found: `input ${describe(call.array('input'))}, var ${describe(variance)}`,
      expected: t`[${shape.join(', ')}], or the same without the last axis, or with one extent of 1`,
    },
  );
}

function gaussianProgram(call: Call): Body {
  requireFloats(call, ['var']);
  refuseBooleans(call, ['input', 'target']);
  const variances = shapeOfVariance(call, call.array('var'));
  requireValues(
    call,
    'var',
    (v) => !(v < 0),
    'domain',
    t('torch refuses negative variances; for their logarithm, take its exponential.'),
    t('numbers from 0'),
  );
  const whole = broadcastShape(call.shape('input'), call.shape('target'), variances);
  if (!whole) {
    throw new LossLensError('shape-mismatch', t('torch cannot broadcast these shapes together.'), {
      found: `input ${describe(call.array('input'))}, target ${describe(call.array('target'))}`,
      expected: t('equal shapes, or extents of 1 where they differ'),
    });
  }
  call.space = new Space(whole.map((size) => ({ axis: 'batch', size })));
  const [x, y] = [placeBroadcast(call, 'input'), placeBroadcast(call, 'target')];
  const offset = whole.length - variances.length;
  const own = call.shape('var');
  const given = call.place(
    'var',
    own.map((size, d) => (size === 1 && whole[offset + d] !== 1 ? -1 : offset + d)),
  );
  warnOfBroadcast(call, ['input', 'target']);
  // The clamp is hidden from the derivative: the whole gradient goes on, taken at the clamped variance.
  const variance = withGradient(max(given, call.uniform('eps'), { tie: 1 }), [[given, constant(1)]]);
  return { elements: gaussianLoss(x, y, variance, call.option('full')), ...reductionOf(call) };
}

const poissonProgram =
  (prediction: string) =>
  (call: Call): Body => {
    const full = call.option<boolean>('full');
    if (full) refuseBooleans(call, ['target']);
    const [x, y] = broadcastSilently(call, [prediction, 'target']) as [Input, Input];
    const plain = call.option<boolean>('log_input')
      ? sub(exp(x), mul(y, x))
      : sub(x, mul(y, log(add(x, call.uniform('eps')))));
    // torch computes Stirling's term everywhere and fills it with 0: its NaN comes back in the gradient by a count of 0.
    const rest = full ? where(lessEqual(y, 1), 0, stirling(y), { shields: false }) : undefined;
    return { elements: rest ? add(plain, rest) : plain, ...reductionOf(call) };
  };

const small = (name: string, value: number, text: string, description: string): Argument =>
  withDefault(number({ name, default: value, description }), text);

const logInput = flag('log_input', true, 'whether the input is the logarithm of the expected count');
const poissonOptions = [
  logInput,
  flag('full', false, 'whether log target! is added, by Stirling’s approximation, for counts above 1'),
  sizeAverage,
  small('eps', 1e-8, '1e-08', 'added to the expected count before its logarithm, where log_input is false'),
  reduce,
  reduction(plainChoices),
];
const poissonCaveats = [
  'By default the input is the logarithm of the expected count: pass `log_input=False` for the count itself.',
  'Negative expected counts are not refused: their logarithm is NaN.',
  'With `full`, the gradient by a count of 0 is NaN, and Stirling’s term is left out for counts of 0 and 1.',
  'Shapes that differ are broadcast without a warning.',
];
const isLog = (parameters: { readonly log_input?: unknown }): boolean => parameters.log_input === true;

const poissonOf = (prediction: string) => ({
  class: 'PoissonNLLLoss',
  function: 'poisson_nll_loss',
  loss: 'poisson',
  inputs: [
    float(prediction, 'logarithms of expected counts, or the counts, any shape'),
    target('counts, same shape'),
  ],
  options: poissonOptions,
  caveats: poissonCaveats,
  program: poissonProgram(prediction),
  curve: rateCurve(prediction, 'target', isLog),
});

const gaussianOptions = [
  flag('full', false, 'whether the constant ½ log 2π is added'),
  small('eps', 1e-6, '1e-06', 'the least variance'),
  reduction(plainChoices),
];

export const likelihoodSymbols: readonly FrameworkSymbol[] = [
  ...pair({
    class: 'GaussianNLLLoss',
    function: 'gaussian_nll_loss',
    loss: 'gaussian-nll',
    inputs: [
      input('predicted means, any shape'),
      target('true values, same shape'),
      float('var', 'predicted variances: the shape of the input, or of it without the last axis'),
    ],
    options: gaussianOptions.map(keywordOnly),
    functionOptions: gaussianOptions,
    caveats: [
      '`var` is a variance, neither a standard deviation nor a logarithm.',
      'Variances below `eps` count as `eps`, but their gradient is that at `eps`, as if nothing had been clamped.',
      'The loss can be negative: a density may exceed 1.',
      'Input and target that differ in shape are broadcast without a warning; `var` is checked.',
    ],
    program: gaussianProgram,
    curve: varianceCurve('input', 'target', 'var'),
  }),
  // The class calls its input log_input, as it calls its flag.
  ...pair(poissonOf('log_input')).filter(({ kind }) => kind === 'class'),
  ...pair(poissonOf('input')).filter(({ kind }) => kind === 'function'),
];
