import { t } from '@vscode/l10n';
import type { VersionFact } from '../../catalogue.ts';
import { type Body, type Call, type FrameworkSymbol, floatInput } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  abs,
  add,
  type Dims,
  div,
  type Expr,
  equal,
  type Input,
  index,
  log1p,
  max,
  mul,
  sqrt,
  sub,
  sum,
  where,
  withGradient,
} from '../../language/expression.ts';
import { Space } from '../../language/space.ts';
import { requireValues } from '../../layout.ts';
import { predictionCurve, rateCurve, residualCurve } from '../../losses/curves.ts';
import { absoluteError } from '../../losses/regression/mean-absolute-error.ts';
import { squaredError } from '../../losses/regression/mean-squared-error.ts';
import { pinballLoss } from '../../losses/regression/pinball.ts';
import { tweedieDeviance } from '../../losses/regression/tweedie-deviance.ts';
import { type Argument, parameterArgument } from '../symbol.ts';
import {
  array,
  dtypeOf,
  keywordOnly,
  metric,
  mismatch,
  ofMean,
  placeWeights,
  requireFinite,
  requireSamples,
  sampleWeight,
} from './declare.ts';

const names = ['y_true', 'y_pred'] as const;

interface Outputs {
  readonly truth: Input;
  readonly prediction: Input;
  readonly weight: Input | undefined;
  readonly batch: Dims;
  readonly output: Dims;
}

/**
 * Both arrays as [N, outputs]; `[N]` has one output.
 * @throws LossLensError `shape-mismatch`, `domain`.
 */
function placeOutputs(call: Call): Outputs {
  const count = requireSamples(call, [...names, 'sample_weight']);
  const [outputs, predicted] = names.map((name) => call.shape(name)[1] ?? 1) as [number, number];
  if (outputs !== predicted || outputs === 0) {
    throw mismatch(
      call,
      names,
      t('Both arrays have the same number of outputs, at least one.'),
      t('equal shapes'),
    );
  }
  requireFinite(call, [...names, 'sample_weight']);
  call.space = new Space([
    { axis: 'batch', size: count },
    { axis: 'output', size: outputs },
  ]);
  const place = (name: string): Input => call.place(name, [...call.shape(name).keys()]);
  return {
    truth: place('y_true'),
    prediction: place('y_pred'),
    weight: placeWeights(call),
    batch: call.space.axis('batch'),
    output: call.space.axis('output'),
  };
}

/**
 * @throws LossLensError unless there is a weight for each output, finite, with a sum other than 0, and several of them: but for
 * the root of the squared error, which asks for that only after it has averaged.
 */
function placeOutputWeights(call: Call, ofOne: boolean): Input | undefined {
  if (!call.has('multioutput')) return undefined;
  const { data, shape } = call.array('multioutput');
  const outputs = call.space.sizes[1]!;
  if (shape.length !== 1 || shape[0] !== outputs || (outputs === 1 && !ofOne)) {
    throw mismatch(
      call,
      ['multioutput'],
      t('Weights of outputs are one number for each of several.'),
      `[${outputs}]`,
    );
  }
  if (!ofOne) {
    requireValues(
      call,
      'multioutput',
      Number.isFinite,
      'domain',
      t('scikit-learn refuses weights that are not finite.'),
      t('finite numbers'),
    );
  }
  if (Array.from(data, Number).reduce((total, x) => total + x, 0) === 0) {
    throw new LossLensError('domain', t('The mean divides by the sum of the weights, which is 0.'), {
      found: t('weights of outputs that cancel'),
      expected: t('weights with a sum other than 0'),
    });
  }
  return call.place('multioutput', [1]);
}

type Loss = (truth: Expr, prediction: Expr, call: Call) => Expr;

const times = (a: Expr, b: Expr | undefined): Expr => (b ? mul(a, b) : a);

/** The root, with derivative 0 where everything is right. */
function rootOf(mean: Expr): Expr {
  const root = sqrt(mean);
  return withGradient(root, [[mean, where(equal(root, 0), 0, div(0.5, root))]]);
}

/** The weighted mean over samples, its root if so wanted, and the mean over outputs. */
const overOutputs =
  (loss: Loss, { root = false, ofOne = false } = {}) =>
  (call: Call): Body => {
    const { truth, prediction, weight, batch, output } = placeOutputs(call);
    const outputs = placeOutputWeights(call, ofOne);
    const raw = call.option('multioutput') === 'raw_values' && !outputs;
    const dtype = dtypeOf([...names, 'sample_weight'].map((name) => call.given[name]));
    const terms = loss(truth, prediction, call);
    if (!raw && !root) {
      const all = weight && outputs ? mul(weight, outputs) : (weight ?? outputs);
      return { elements: times(terms, all), ...(all && { weight: all }), reduction: 'mean', ...dtype };
    }
    const total = weight ? sum(weight, weight.dims) : undefined;
    const mean = total
      ? div(sum(mul(terms, weight!), batch), total)
      : div(sum(terms, batch), call.space.sizes[0]!);
    // Of a single output given as [N], too, there is an array of one.
    const each = add(root ? rootOf(mean) : mean, mul(0, index(output)));
    if (raw) return { elements: each, reduction: 'none', ...dtype };
    return {
      elements: times(each, outputs),
      ...(outputs && { weight: outputs }),
      reduction: 'mean',
      ...dtype,
    };
  };

/** @throws LossLensError `domain` where a logarithm of 1 + y is none. */
const logarithmic =
  (loss: Loss): Loss =>
  (truth, prediction, call) => {
    for (const name of names) {
      requireValues(
        call,
        name,
        (x) => x > -1,
        'domain',
        t('log(1 + y) needs values above −1.'),
        t('numbers above −1'),
      );
    }
    return loss(log1p(truth), log1p(prediction), call);
  };

const percentageError: Loss = (truth, prediction) =>
  div(abs(sub(prediction, truth)), max(abs(truth), 2 ** -52, { tie: 0.5 }));

/** What the power asks of targets and predictions. */
function requireDomain(call: Call, power: number): void {
  const isFine = {
    y_true: (y: number) => power < 1 || (power < 2 ? y >= 0 : y > 0),
    y_pred: (y: number) => power === 0 || y > 0,
  };
  for (const name of names) {
    requireValues(
      call,
      name,
      isFine[name],
      'domain',
      t`The deviance of power ${power} is not defined there.`,
      name === 'y_true' && power < 2 ? t('numbers of at least 0') : t('numbers above 0'),
    );
  }
}

const deviance =
  (powerOf: (call: Call) => number) =>
  (call: Call): Body => {
    const power = powerOf(call);
    if (power > 0 && power < 1) {
      throw new LossLensError('parameter', t('No distribution has this power.'), {
        found: t`power ${power}`,
        expected: t('at most 0, or at least 1'),
      });
    }
    const { truth, prediction, weight } = placeOutputs(call);
    if (call.space.sizes[1] !== 1) {
      throw mismatch(call, names, t('Deviances take a single output.'), '[N], or [N, 1]');
    }
    requireDomain(call, power);
    const isNamed = power === 0 || power === 1 || power === 2;
    const terms = tweedieDeviance(prediction, truth, power, isNamed ? power : call.uniform('power'));
    return {
      elements: times(terms, weight),
      ...(weight && { weight }),
      reduction: 'mean',
      ...dtypeOf([...names, 'sample_weight'].map((name) => call.given[name])),
    };
  };

// Declarations

const multioutputInfo = parameterArgument({
  name: 'multioutput',
  kind: 'choice',
  choices: ['uniform_average', 'raw_values'],
  default: 'uniform_average',
  description: 'what becomes of several outputs',
});
/** A name, or an array of weights: the same argument. */
const multioutput: Argument = keywordOnly({
  ...multioutputInfo,
  input: floatInput('multioutput', 'a weight for each output', true),
});

const pair = [
  array('y_true', 'true values, [N] or [N, outputs]'),
  array('y_pred', 'predicted values, same shape'),
];
const residual = residualCurve('y_pred', 'y_true');
const checked = 'NaN and infinity are refused, and so is an empty array.';
const outputs = 'Several outputs are averaged: `multioutput` gives them one by one, or weighs them.';

/** A root has no elements: each row is evaluated alone. */
const ofRoot =
  (curve: FrameworkSymbol['curve']): FrameworkSymbol['curve'] =>
  (given) => {
    const { points: _none, ...spec } = curve(given);
    return { ...spec, oneByOne: true, parameters: averaged };
  };
const averaged = { multioutput: 'uniform_average' };
const rate = rateCurve('y_pred', 'y_true', () => false);

const sinceOneFour: VersionFact = { since: '1.4', text: 'The function is there from this version on.' };
const squaredArgument = (root: string): readonly VersionFact[] => [
  { before: '1.6', text: `\`squared=False\` takes the root; from 1.4 on, \`${root}\` does.` },
];

export const regression: readonly FrameworkSymbol[] = [
  metric({
    function: 'mean_squared_error',
    loss: 'mean-squared-error',
    call: [...pair, sampleWeight, multioutput],
    caveats: [outputs, checked],
    versions: squaredArgument('root_mean_squared_error'),
    program: overOutputs(squaredError),
    curve: ofMean(residual, averaged),
  }),
  metric({
    function: 'root_mean_squared_error',
    loss: 'mean-squared-error',
    call: [...pair, sampleWeight, multioutput],
    caveats: ['The root is taken of each output’s mean, before outputs are averaged.', checked],
    versions: [sinceOneFour],
    program: overOutputs(squaredError, { root: true, ofOne: true }),
    curve: ofRoot(residual),
  }),
  metric({
    function: 'mean_absolute_error',
    loss: 'mean-absolute-error',
    call: [...pair, sampleWeight, multioutput],
    caveats: [outputs, checked],
    program: overOutputs(absoluteError),
    curve: ofMean(residual, averaged),
  }),
  metric({
    function: 'mean_absolute_percentage_error',
    loss: 'mean-absolute-percentage-error',
    call: [...pair, sampleWeight, multioutput],
    caveats: [
      'A fraction, not a percentage: Keras’ is 100 times as large.',
      'A target of 0 counts as 2.2e-16, so the error is enormous.',
      outputs,
      checked,
    ],
    program: overOutputs(percentageError),
    curve: ofMean(predictionCurve('y_pred', 'y_true', { range: [-1, 5], targets: [1, 2, 4] }), averaged),
  }),
  metric({
    function: 'mean_squared_log_error',
    loss: 'mean-squared-logarithmic-error',
    call: [...pair, sampleWeight, multioutput],
    caveats: ['Values of −1 and below are refused; Keras clips at 1e-7.', outputs, checked],
    versions: squaredArgument('root_mean_squared_log_error'),
    program: overOutputs(logarithmic(squaredError)),
    curve: ofMean(predictionCurve('y_pred', 'y_true', { range: [0, 5], targets: [1, 2, 4] }), averaged),
  }),
  metric({
    function: 'root_mean_squared_log_error',
    loss: 'mean-squared-logarithmic-error',
    call: [...pair, sampleWeight, multioutput],
    caveats: ['The root is taken of each output’s mean, before outputs are averaged.', checked],
    versions: [sinceOneFour],
    program: overOutputs(logarithmic(squaredError), { root: true }),
    curve: ofRoot(predictionCurve('y_pred', 'y_true', { range: [0, 5], targets: [1, 2, 4] })),
  }),
  metric({
    function: 'mean_pinball_loss',
    loss: 'pinball',
    call: [
      ...pair,
      sampleWeight,
      keywordOnly(
        parameterArgument({
          name: 'alpha',
          kind: 'number',
          default: 0.5,
          minimum: 0,
          maximum: 1,
          description: 'the quantile that is predicted',
        }),
      ),
      multioutput,
    ],
    caveats: ['With the default `alpha=0.5` it is half of the mean absolute error.', outputs, checked],
    program: overOutputs((truth, prediction, call) => pinballLoss(prediction, truth, call.uniform('alpha'))),
    curve: ofMean(residual, averaged),
  }),
  metric({
    function: 'mean_poisson_deviance',
    loss: 'poisson',
    call: [...pair, sampleWeight],
    caveats: [
      'A deviance: 0 at best, and twice the difference of the log-likelihoods, unlike the Poisson losses of torch and Keras.',
      'Predictions are rates above 0, not their logarithms.',
      checked,
    ],
    program: deviance(() => 1),
    curve: ofMean(rate),
  }),
  metric({
    function: 'mean_gamma_deviance',
    loss: 'tweedie-deviance',
    call: [...pair, sampleWeight],
    caveats: ['Targets and predictions are above 0; only their ratio counts.', checked],
    program: deviance(() => 2),
    curve: ofMean(predictionCurve('y_pred', 'y_true', { range: [0.2, 6], targets: [1, 2, 4] })),
  }),
  metric({
    function: 'mean_tweedie_deviance',
    loss: 'tweedie-deviance',
    call: [
      ...pair,
      sampleWeight,
      keywordOnly(
        parameterArgument({
          name: 'power',
          kind: 'number',
          default: 0,
          description: 'the variance grows as this power of the mean',
        }),
      ),
    ],
    caveats: [
      '`power` 0 is the squared error, 1 the Poisson and 2 the gamma deviance; between 0 and 1 there is none.',
      checked,
    ],
    program: deviance((call) => call.option<number>('power')),
    curve: ofMean(predictionCurve('y_pred', 'y_true', { range: [0.2, 6], targets: [1, 2, 4] })),
  }),
];
