import { t } from '@vscode/l10n';
import type { NdArray } from '../../array.ts';
import type { Body, Call, FrameworkSymbol } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  clamp,
  type Dims,
  type Expr,
  equal,
  type Input,
  index,
  log,
  max,
  maxOver,
  mul,
  neg,
  pick,
  square,
  sub,
  sum,
  where,
} from '../../language/expression.ts';
import { Space } from '../../language/space.ts';
import { requireValues } from '../../layout.ts';
import { binaryCurve } from '../../losses/curves.ts';
import { parameterArgument, withDefault } from '../symbol.ts';
import {
  anyArray,
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

// Labels

const numbersOf = ({ data }: NdArray): number[] => Array.from(data, Number);
const sorted = (labels: readonly number[]): number[] => [...new Set(labels)].sort((a, b) => a - b);

/** @throws LossLensError `dtype` where a label is no whole number: scikit-learn takes those for a regression's targets. */
function requireLabels(call: Call, name: string): number[] {
  requireValues(
    call,
    name,
    Number.isInteger,
    'dtype',
    t('Labels are whole numbers; others scikit-learn takes for the targets of a regression.'),
    t('whole numbers'),
  );
  return numbersOf(call.array(name));
}

/** Labels of one dimension, `[N]` or `[N, 1]`. */
const isColumn = (shape: readonly number[]): boolean => shape.length === 1 || shape[1] === 1;

/** y_true replaced by numbers that stand for its labels, one a sample. */
function placeNumbers(call: Call, numbers: readonly number[]): Input {
  const at = call.shape('y_true').length === 1 ? [0] : [0, -1];
  return call.place('y_true', at, { ...call.array('y_true'), data: Float64Array.from(numbers) });
}

/**
 * The classes, in the order of the columns of predictions.
 * @throws LossLensError `label-out-of-range` for a label that `labels` lacks, `domain` for a single class.
 */
function classesOf(call: Call, truth: readonly number[]): number[] {
  const given = call.has('labels') ? requireLabels(call, 'labels') : undefined;
  const classes = sorted(given ?? truth);
  if (given?.some((label, i) => label !== classes[i])) {
    call.warn('labels', t`The columns are taken in the order of the sorted labels: ${classes.join(', ')}.`);
  }
  if (given) {
    requireValues(
      call,
      'y_true',
      (label) => classes.includes(label),
      'label-out-of-range',
      t('`labels` lacks a label of y_true.'),
      classes.join(', '),
    );
  }
  if (classes.length < 2) {
    throw new LossLensError('domain', t('There is a single class: name all of them with `labels`.'), {
      found: `labels ${classes.join(', ')}`,
      expected: t('at least two classes'),
    });
  }
  return classes;
}

// Probabilities

interface Probabilities {
  /** One-hot labels and probabilities, over samples and classes. */
  readonly hot: Expr;
  readonly p: Expr;
  readonly classes: Dims;
  readonly count: number;
  readonly weight: Input | undefined;
}

const spaceOf = (call: Call, samples: number, classes: number): Dims => {
  call.space = new Space([
    { axis: 'batch', size: samples },
    { axis: 'class', size: classes },
  ]);
  return call.space.axis('class');
};

function requireProbabilities(call: Call, name: string): void {
  requireValues(
    call,
    name,
    (p) => p >= 0 && p <= 1,
    'domain',
    t('A probability lies between 0 and 1.'),
    t('numbers from 0 to 1'),
  );
}

/** Labels of any number of classes against `[N]`, `[N, 1]` or `[N, K]`. */
function placeClasses(call: Call, name: string, options: { summed: boolean }): Probabilities {
  const samples = requireSamples(call, ['y_true', name, 'sample_weight']);
  requireFinite(call, ['y_true', name, 'sample_weight']);
  requireProbabilities(call, name);
  const truth = requireLabels(call, 'y_true');
  const shape = call.shape(name);
  const isSingle = isColumn(shape);
  const count = isSingle ? 2 : shape[1]!;
  const indicators = !isColumn(call.shape('y_true'));
  const classes = indicators ? undefined : classesOf(call, truth);
  if ((classes?.length ?? call.shape('y_true')[1]) !== count || (indicators && call.has('labels'))) {
    throw mismatch(
      call,
      ['y_true', name],
      t('There is a column for each class; classes that do not occur are named with `labels`.'),
      t`${classes?.length ?? call.shape('y_true')[1]!} columns`,
    );
  }
  if (indicators) {
    requireValues(
      call,
      'y_true',
      (y) => y === 0 || y === 1,
      'domain',
      t('Columns of labels hold 0 and 1.'),
      '0 or 1',
    );
  }
  const dims = spaceOf(call, samples, count);
  const given = call.place(name, shape.length === 1 ? [0] : isSingle ? [0, -1] : [0, 1]);
  const hot = classes
    ? where(
        equal(
          index(dims),
          placeNumbers(
            call,
            truth.map((label) => classes.indexOf(label)),
          ),
        ),
        1,
        0,
      )
    : call.place('y_true', [0, 1]);
  warnOfRows(call, name, isSingle ? 1 : count);
  return {
    hot,
    p: isSingle ? where(equal(index(dims), 1), given, sub(1, given)) : given,
    classes: dims,
    count,
    weight: placeWeights(call, options),
  };
}

/** Says where rows do not add up to 1, up to the root of the dtype's epsilon. */
function warnOfRows(call: Call, name: string, count: number): void {
  if (count === 1) return;
  const { data } = call.array(name);
  const { dtype } = dtypeOf([call.array(name)]);
  const tolerance = Math.sqrt(dtype === 'float32' ? 2 ** -23 : 2 ** -52);
  for (let i = 0; i < data.length; i += count) {
    let total = 0;
    for (let c = 0; c < count; c++) total += Number(data[i + c]);
    if (Math.abs(total - 1) <= tolerance) continue;
    call.warn(
      'probabilities',
      t`Row ${i / count} adds up to ${total}, not to 1: these are no probabilities.`,
    );
    return;
  }
}

const weighed = (elements: Expr, weight: Expr | undefined): Pick<Body, 'elements' | 'weight'> =>
  weight ? { elements: mul(elements, weight), weight } : { elements };

function logLossProgram(call: Call): Body {
  if (call.has('y_proba') === call.has('y_pred')) {
    throw new LossLensError('missing-input', t('log_loss takes y_proba, or y_pred by its old name.'), {
      found: call.has('y_pred') ? t('both') : t('neither'),
      expected: t('one of the two'),
    });
  }
  const name = call.has('y_proba') ? 'y_proba' : 'y_pred';
  if (name === 'y_pred')
    call.warn('deprecated', t('`y_pred` is deprecated and goes in 1.11: write `y_proba`.'));
  const summed = !call.option<boolean>('normalize');
  const { hot, p, classes, weight } = placeClasses(call, name, { summed });
  const computed = dtypeOf([call.array(name)]);
  const epsilon = computed.dtype === 'float32' ? 2 ** -23 : 2 ** -52;
  const logP = log(clamp(p, epsilon, 1 - epsilon, { atBounds: 1 }));
  return {
    ...weighed(neg(sum(mul(hot, logP), classes)), weight),
    reduction: summed ? 'sum' : 'mean',
    ...computed,
  };
}

/** The one label that counts as 1, where there are at most two. */
function positiveOf(call: Call, truth: readonly number[]): number {
  const classes = sorted(truth);
  if (classes.length > 2) {
    throw mismatch(
      call,
      ['y_true', 'y_proba'],
      t('More than two classes need a column each.'),
      `[N, ${classes.length}]`,
    );
  }
  const chosen = call.option<number | null>('pos_label');
  if (chosen !== null) return chosen;
  const isUsual =
    classes.every((label) => label === 0 || label === 1) || classes.every((label) => Math.abs(label) === 1);
  return isUsual ? 1 : classes.at(-1)!;
}

function brierProgram(call: Call): Body {
  const scale = call.option<boolean | 'auto'>('scale_by_half');
  const computed = dtypeOf([call.array('y_proba')]);
  const isSingle = isColumn(call.shape('y_proba'));
  const halved = (isTwo: boolean, score: Expr): Expr =>
    (scale === 'auto' ? isTwo : scale) ? mul(0.5, score) : score;
  if (!isSingle) {
    const { hot, p, classes, count, weight } = placeClasses(call, 'y_proba', { summed: false });
    const score = halved(count < 3, sum(square(sub(hot, p)), classes));
    return { ...weighed(score, weight), reduction: 'mean', ...computed };
  }
  const samples = requireSamples(call, ['y_true', 'y_proba', 'sample_weight']);
  if (!isColumn(call.shape('y_true')))
    throw mismatch(call, ['y_true', 'y_proba'], t('Labels are one a sample.'), '[N]');
  requireFinite(call, ['y_true', 'y_proba', 'sample_weight']);
  requireProbabilities(call, 'y_proba');
  const truth = requireLabels(call, 'y_true');
  const positive = positiveOf(call, truth);
  spaceOf(call, samples, 1);
  const hot = placeNumbers(
    call,
    truth.map((label) => (label === positive ? 1 : 0)),
  );
  const p = call.place('y_proba', call.shape('y_proba').length === 1 ? [0] : [0, -1]);
  // Both classes are off by as much.
  const score = halved(true, mul(2, square(sub(hot, p))));
  return { ...weighed(score, placeWeights(call)), reduction: 'mean', ...computed };
}

/** max(0, 1 − margin), in float64 but for a matrix of float32. */
function hingeProgram(call: Call): Body {
  const samples = requireSamples(call, ['y_true', 'pred_decision', 'sample_weight']);
  if (!isColumn(call.shape('y_true'))) throw mismatch(call, ['y_true'], t('Labels are one a sample.'), '[N]');
  requireFinite(call, ['y_true', 'pred_decision']);
  const truth = requireLabels(call, 'y_true');
  const shape = call.shape('pred_decision');
  const known = sorted(call.has('labels') ? requireLabels(call, 'labels') : truth);
  const several = known.length > 2;
  if (several ? shape.length === 1 || shape[1] !== known.length : !isColumn(shape)) {
    throw mismatch(
      call,
      ['y_true', 'pred_decision'],
      t(
        'Two classes have one score a sample, more have a column each; those that do not occur are named with `labels`.',
      ),
      several ? `pred_decision [${samples}, ${known.length}]` : `pred_decision [${samples}]`,
    );
  }
  const dims = spaceOf(call, samples, several ? known.length : 1);
  if (several) {
    requireValues(
      call,
      'y_true',
      (label) => known.includes(label),
      'label-out-of-range',
      t('`labels` lacks a label of y_true.'),
      known.join(', '),
    );
    const scores = call.place('pred_decision', [0, 1]);
    const label = placeNumbers(
      call,
      truth.map((value) => known.indexOf(value)),
    );
    const others = where(equal(index(dims), label), Number.NEGATIVE_INFINITY, scores);
    const margin = sub(pick(scores, label, dims), maxOver(others, dims));
    const elements = max(sub(1, margin), 0, { tie: 0 });
    const computed = dtypeOf([call.array('pred_decision')]);
    return { ...weighed(elements, placeWeights(call)), reduction: 'mean', ...computed };
  }
  const classes = sorted(truth);
  if (classes.length > 2) call.warn('labels', t('`labels` lacks a label of y_true.'));
  // Of a single class every label is a negative; of more than two that `labels` hides, the first is the positive one.
  const positive = classes.length > 2 ? classes[0] : classes[1];
  const sign = placeNumbers(
    call,
    truth.map((label) => (label === positive ? 1 : -1)),
  );
  const scores = call.place('pred_decision', shape.length === 1 ? [0] : [0, -1]);
  const elements = max(sub(1, mul(sign, scores)), 0, { tie: 0 });
  return { ...weighed(elements, placeWeights(call)), reduction: 'mean', dtype: 'float64' };
}

// Declarations

const labels = anyArray('labels', 'all classes, where some do not occur in y_true', true);
const truth = anyArray('y_true', 'labels, [N]; or columns of 0 and 1, [N, K]');
const proba = 'probabilities of the second class, [N]; or of each, [N, K]';
const ordered = 'Columns are in the order of the sorted labels, whatever the order of `labels`.';

const both: NdArray = { dtype: 'int64', shape: [2], data: BigInt64Array.of(0n, 1n) };

/** Over the probability of class 1; both classes are named, for each curve has a single one. */
const ofProbability =
  (names: { readonly labels: boolean }): FrameworkSymbol['curve'] =>
  (parameters) => {
    const { points: _none, ...spec } = ofMean(binaryCurve('y_proba', 'y_true', () => false))(parameters);
    if (!names.labels) return { ...spec, parameters: { pos_label: 1 } };
    return {
      ...spec,
      parameters: { normalize: true },
      series: spec.series.map(({ label, rows }) => ({
        label,
        rows: (x) => {
          const own = rows(x);
          return { ...own, inputs: { ...own.inputs, labels: both } };
        },
      })),
    };
  };

/** Over the score of a positive; a negative that weighs nothing stands beside it, for a single class would be negative. */
const ofScore: FrameworkSymbol['curve'] = () => ({
  xLabel: 'y_true × pred_decision',
  by: 'pred_decision',
  range: [-2, 3],
  oneByOne: true,
  series: [
    {
      label: '',
      rows: (x) => ({
        count: 1,
        inputs: {
          y_true: { dtype: 'int64', shape: [2], data: BigInt64Array.of(1n, -1n) },
          pred_decision: { dtype: 'float64', shape: [2], data: Float64Array.of(x[0]!, 0) },
          sample_weight: { dtype: 'float64', shape: [2], data: Float64Array.of(1, 0) },
        },
        entry: () => 0,
      }),
    },
  ],
});

export const classification: readonly FrameworkSymbol[] = [
  metric({
    function: 'log_loss',
    loss: 'categorical-cross-entropy',
    call: [
      truth,
      anyArray('y_proba', proba, true),
      keywordOnly(
        parameterArgument({
          name: 'normalize',
          kind: 'boolean',
          default: true,
          description: 'whether the samples are averaged, not added up',
        }),
      ),
      sampleWeight,
      keywordOnly(labels),
      keywordOnly(anyArray('y_pred', 'the old name of y_proba, until 1.11', true)),
    ],
    caveats: [
      'Takes probabilities, clipped to [ε, 1 − ε] of their dtype: one sample costs at most 36.04 in float64, 15.94 in float32.',
      'Probabilities are not normalised: rows that do not add up to 1 are warned of.',
      ordered,
    ],
    versions: [
      { before: '1.5', text: 'Probabilities are clipped by the argument `eps`, which is gone since.' },
      { before: '1.9', text: '`y_proba` is called `y_pred`.' },
      { since: '1.9', before: '1.11', text: '`y_pred` still works by keyword, with a warning.' },
    ],
    program: logLossProgram,
    curve: ofProbability({ labels: true }),
  }),
  metric({
    function: 'brier_score_loss',
    loss: 'mean-squared-error',
    call: [
      truth,
      array('y_proba', proba),
      sampleWeight,
      keywordOnly(
        parameterArgument({
          name: 'pos_label',
          kind: 'number',
          default: null,
          description: 'the label of the class that a single column is about; the greater unless given',
        }),
      ),
      keywordOnly(labels),
      keywordOnly(
        withDefault(
          parameterArgument({
            name: 'scale_by_half',
            kind: 'boolean',
            default: 'auto',
            description: 'whether it is halved, to lie in [0, 1]; for two classes unless given',
          }),
          "'auto'",
        ),
      ),
    ],
    versions: [
      { before: '1.5', text: '`y_proba` is called `y_prob`.' },
      { since: '1.5', before: '1.7', text: '`y_prob` still works by keyword, with a warning.' },
      { since: '1.7', text: 'It takes `labels` and `scale_by_half`.' },
    ],
    caveats: [
      'The squared error of the probabilities; of more than two classes it lies in [0, 2], unless `scale_by_half=True`.',
      'A `pos_label` that does not occur makes every label a negative.',
      ordered,
    ],
    program: brierProgram,
    curve: ofProbability({ labels: false }),
  }),
  metric({
    function: 'hinge_loss',
    loss: 'hinge',
    call: [
      anyArray('y_true', 'labels, [N]: any two, or more'),
      array('pred_decision', 'scores, [N]; or of each class, [N, K]'),
      keywordOnly(labels),
      sampleWeight,
    ],
    caveats: [
      'Any two labels will do: the greater is the positive. If only one occurs it is taken for the negative.',
      'With more classes it is the Crammer–Singer loss: the margin to the best other class.',
    ],
    program: hingeProgram,
    curve: ofScore,
  }),
];
