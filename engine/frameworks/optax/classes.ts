import { t } from '@vscode/l10n';
import {
  actsAsInteger,
  type Body,
  type Call,
  describe,
  type FrameworkSymbol,
  integerInput,
} from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  abs,
  add,
  and,
  constant,
  type Dims,
  div,
  type Expr,
  equal,
  exp,
  extent,
  index,
  less,
  lessEqual,
  log,
  maxOver,
  mul,
  neg,
  notEqual,
  pick,
  stop,
  sub,
  sum,
  where,
  withGradient,
} from '../../language/expression.ts';
import { Space } from '../../language/space.ts';
import { broadcastShape, sameShape } from '../../layout.ts';
import { divergence } from '../../losses/classification/kl-divergence.ts';
import { classCurve, divergenceCurve } from '../../losses/curves.ts';
import { type Argument, inputArgument } from '../symbol.ts';
import {
  array,
  axis,
  axisAndMask,
  keywordOnly,
  labels,
  mask,
  number,
  requireFloats,
  symbol,
  written,
} from './declare.ts';
import { alongAxis, logSoftmaxWhere, placeMask, sumWhere, warnOfLabels } from './layout.ts';

// Distributions as labels

function crossEntropyProgram(call: Call): Body {
  requireFloats(call, ['logits']);
  const { nodes, over, within, mask: counted } = alongAxis(call, ['logits', 'labels'], 'gets-axis');
  const [x, y] = nodes as [Expr, Expr];
  const logP = logSoftmaxWhere(x, within('logits'), counted);
  return { elements: neg(sumWhere(mul(y, logP), over, counted)), reduction: 'none' };
}

/** A label of 0 leaves its class out of the value, though not out of the gradient by the labels. */
function safeCrossEntropyProgram(call: Call): Body {
  requireFloats(call, ['logits']);
  if (!call.array('labels').weak && !call.array('labels').dtype.startsWith('float')) {
    throw new LossLensError(
      'dtype',
      t('Labels of integers or booleans have a value in optax, but jax.grad fails on it: cast them.'),
      { found: `labels ${describe(call.array('labels'))}`, expected: t('float32 or float64') },
    );
  }
  const { nodes, over, within } = alongAxis(call, ['logits', 'labels']);
  const [x, y] = nodes as [Expr, Expr];
  const logP = logSoftmaxWhere(x, within('logits'), undefined);
  const term = withGradient(where(notEqual(y, 0), mul(y, logP), 0), [
    [logP, y],
    [y, logP],
  ]);
  return { elements: neg(sumWhere(term, over, undefined)), reduction: 'none' };
}

/** The cross-entropy and ε(1 − p) of the labels. */
function polyProgram(call: Call): Body {
  requireFloats(call, ['logits', 'labels']);
  const { nodes, over, within, mask: counted } = alongAxis(call, ['logits', 'labels'], 'refused');
  const [x, y] = nodes as [Expr, Expr];
  const logP = logSoftmaxWhere(x, within('logits'), counted);
  const missing = sumWhere(mul(y, sub(1, exp(logP))), over, counted);
  const entropy = neg(sumWhere(mul(y, logP), over, counted));
  return { elements: add(entropy, mul(call.uniform('epsilon'), missing)), reduction: 'none' };
}

// Class numbers as labels

/**
 * Scores and the class numbers of the rest of their dimensions, which broadcast against each other.
 * @throws LossLensError `parameter`, `shape-mismatch`.
 */
function placeScores(
  call: Call,
  name: string,
  axisGiven: number,
  ranks: 'any' | 'equal',
): { scores: Expr; label: Expr; classes: Dims; dimension: number } {
  const numbers = call.array('labels');
  const shape = call.shape(name);
  const own = axisGiven < 0 ? axisGiven + shape.length : axisGiven;
  if (own < 0 || own >= shape.length) {
    throw new LossLensError('parameter', t('There is no such axis.'), {
      found: t`axis ${axisGiven} of ${name} ${describe(call.array(name))}`,
      expected: t`an array with an axis ${axisGiven}`,
    });
  }
  const rest = shape.filter((_size, d) => d !== own);
  const together = broadcastShape(rest, numbers.shape);
  if (!together || (ranks === 'equal' && rest.length !== numbers.shape.length)) {
    throw new LossLensError(
      'shape-mismatch',
      t`Class numbers have the shape of ${name} without its class axis.`,
      {
        found: `${name} ${describe(call.array(name))}, labels ${describe(numbers)}`,
        expected: `labels [${rest.join(', ')}]`,
      },
    );
  }
  if (!sameShape(rest, numbers.shape)) {
    call.warn(
      'broadcast',
      t`optax broadcasts silently: labels [${numbers.shape.join(', ')}] against [${rest.join(', ')}] of the ${name}.`,
    );
  }
  // The class axis stays at its place among the dimensions that the scores have.
  const dimension = together.length - rest.length + own;
  const sizes = together.toSpliced(dimension, 0, shape[own]!);
  call.space = new Space(sizes.map((size, d) => ({ axis: d === dimension ? 'class' : 'batch', size })));
  const offset = sizes.length - shape.length;
  const scores = call.place(
    name,
    shape.map((size, d) => (size === 1 && sizes[offset + d] !== 1 ? -1 : offset + d)),
  );
  const ofRest = sizes.map((_size, d) => d).filter((d) => d !== dimension);
  const behind = ofRest.length - numbers.shape.length;
  const label = call.place(
    'labels',
    numbers.shape.map((size, i) => (size === 1 && together[behind + i] !== 1 ? -1 : ofRest[behind + i]!)),
  );
  return { scores, label, classes: call.space.axis('class'), dimension };
}

/** log Σ exp, from which an infinite maximum is not taken out first. */
function logSumExpOf(x: Expr, over: Dims, counted: Expr | undefined): Expr {
  const largest = stop(maxOver(counted ? where(counted, x, Number.NEGATIVE_INFINITY) : x, over));
  const shift = where(less(abs(largest), Number.POSITIVE_INFINITY), largest, 0);
  const terms = exp(sub(x, shift));
  return add(log(sum(counted ? where(counted, terms, 0) : terms, over)), shift);
}

function integerProgram(call: Call): Body {
  requireFloats(call, ['logits']);
  if (!actsAsInteger(call.array('labels'))) {
    throw new LossLensError('dtype', t('Class numbers are integers.'), {
      found: `labels ${describe(call.array('labels'))}`,
      expected: t('an integer dtype such as int32'),
    });
  }
  const { scores, label, classes, dimension } = placeScores(call, 'logits', call.option('axis'), 'equal');
  const count = call.space.sizes[dimension]!;
  warnOfLabels(call, 0, count, t('optax counts negative ones from the end, and gives NaN for the others.'));
  const at = where(less(label, 0), add(label, extent(classes)), label);
  const isClass = and(lessEqual(0, at), less(at, extent(classes)));
  const own = where(isClass, pick(scores, at, classes), Number.NaN);
  const counted = call.has('where')
    ? placeMask(call, call.option<number>('axis'), call.shape('logits').length, 'gets-axis')
    : undefined;
  const plain = sub(logSumExpOf(scores, classes, counted), own);
  const some = counted && maxOver(where(counted, 1, 0), classes);
  return { elements: some ? where(equal(some, 1), plain, 0) : plain, reduction: 'none' };
}

/** The largest of x along `over`; each that attains it gets an equal share of the gradient, all NaN where one is NaN. */
function largestOf(x: Expr, over: Dims): Expr {
  const largest = maxOver(x, over);
  const attains = where(equal(x, largest), 1, 0);
  return withGradient(largest, [[x, div(attains, sum(attains, over))]]);
}

/** max(s + margin·(1 − onehot)) − s of the label. */
const multiclassProgram =
  (margin: 0 | 1) =>
  (call: Call): Body => {
    const { scores, label, classes, dimension } = placeScores(call, 'scores', -1, 'any');
    const areIntegers = actsAsInteger(call.array('labels'));
    if (!areIntegers) call.warn('deprecated', t('JAX deprecates class numbers that are no integers.'));
    warnOfLabels(call, 0, call.space.sizes[dimension]!, t('optax takes them for no class at all.'));
    const hot = where(equal(index(classes), label), 1, 0);
    // Labels of a floating-point dtype are differentiated too: they get 0.
    const own = areIntegers ? hot : withGradient(hot, [[label, constant(0)]]);
    const compared = margin === 1 ? sub(add(scores, 1), own) : scores;
    return {
      elements: sub(largestOf(compared, classes), sum(mul(scores, own), classes)),
      reduction: 'none',
    };
  };

// Divergences

const divergenceProgram =
  (options: { target: 'targets' | 'log_targets'; generalized?: boolean; deprecated?: string }) =>
  (call: Call): Body => {
    const { target: name } = options;
    requireFloats(call, ['log_predictions', name]);
    const { nodes, over, mask: counted } = alongAxis(call, ['log_predictions', name]);
    const [x, y] = nodes as [Expr, Expr];
    if (options.deprecated) {
      call.warn('deprecated', t`optax deprecates ${call.definition.name}; use ${options.deprecated}.`);
    }
    const term =
      name === 'log_targets'
        ? divergence({ prediction: x, target: y, predictionIsLog: true, targetIsLog: true }, mul)
        : // The logarithm of a target of 0 is left out of the value, and makes its gradient NaN.
          mul(y, sub(where(equal(y, 0), 0, log(y), { shields: false }), x));
    const value = sumWhere(term, over, counted);
    const elements = options.generalized ? add(value, sumWhere(sub(exp(x), y), over, counted)) : value;
    return { elements, reduction: 'none' };
  };

// Declarations

const oneHot = [array('logits', 'logits, [N, K] or any rank'), labels('one-hot or soft labels, same shape')];
const integers = (description: string): Argument => inputArgument(integerInput('labels', description));
const takesLogits = 'Takes logits: it applies log-softmax itself.';
const silently = 'Shapes that differ are broadcast silently.';
const tuples = 'A tuple of axes is not taken here.';
const axisOf = (name: string) => (parameters: Readonly<Record<string, unknown>>) =>
  Number(parameters[name] ?? -1);

const logitCurve = (labels: 'one-hot' | 'index'): FrameworkSymbol['curve'] => {
  const curve = classCurve(
    { prediction: 'logits', target: 'labels', from: () => 'logit', axis: axisOf('axis') },
    labels,
  );
  return (parameters) => {
    const spec = curve(parameters);
    // A class that `where` leaves out is none of the others: nothing tells where an element stands then.
    return { ...spec, points: (inputs) => (inputs.where ? undefined : spec.points!(inputs)) };
  };
};
/** Of two classes: with more, an element lies on no one curve. */
const ofScores: FrameworkSymbol['curve'] = (parameters) => {
  const { points: _none, ...spec } = classCurve(
    { prediction: 'scores', target: 'labels', from: () => 'logit', axis: () => -1 },
    'index',
  )(parameters);
  return { ...spec, xLabel: t('score of the true class − score of the other') };
};

const divergenceArguments = (target: Argument): readonly Argument[] => [
  array('log_predictions', "logarithms of the model's probabilities, any shape"),
  target,
  axis('the classes'),
  mask,
];
const targets = divergenceArguments(array('targets', 'true probabilities, same shape'));
const divergenceCaveats = [
  'The predictions are logarithms, the targets probabilities, and the model comes first.',
  'The gradient by a target of 0 is NaN.',
  silently,
  tuples,
];
const ofTargets = divergenceCurve('log_predictions', 'targets', () => ({ prediction: true, target: false }));

export const classes: readonly FrameworkSymbol[] = [
  symbol({
    function: 'softmax_cross_entropy',
    loss: 'categorical-cross-entropy',
    call: [...oneHot, axis('the classes'), mask],
    versions: axisAndMask,
    caveats: [
      takesLogits,
      'A logit of −∞ under a label of 0 gives NaN; `safe_softmax_cross_entropy` leaves it out.',
      'Labels need not sum to 1 and are not checked.',
      silently,
      tuples,
    ],
    program: crossEntropyProgram,
    curve: logitCurve('one-hot'),
  }),
  symbol({
    function: 'safe_softmax_cross_entropy',
    loss: 'categorical-cross-entropy',
    call: oneHot,
    caveats: [
      takesLogits,
      'Labels of 0 count nothing, even under a logit of −∞; the class axis is the last.',
      'Labels of an integer dtype give a value, but jax.grad fails on them.',
      silently,
    ],
    program: safeCrossEntropyProgram,
    curve: logitCurve('one-hot'),
  }),
  symbol({
    function: 'softmax_cross_entropy_with_integer_labels',
    loss: 'sparse-categorical-cross-entropy',
    call: [
      array('logits', 'logits, [N, K] or any rank'),
      integers('class numbers, the shape of the logits without the class axis'),
      axis('the classes', { nullable: false }),
      mask,
    ],
    versions: axisAndMask,
    caveats: [
      takesLogits,
      'Labels are not checked: one at or above the number of classes gives NaN, with a gradient that is not; −1 is the last class.',
      'There is no ignore index: −100 gives NaN. Use `where`, or weigh the result.',
      tuples,
    ],
    program: integerProgram,
    curve: logitCurve('index'),
  }),
  symbol({
    function: 'poly_loss_cross_entropy',
    alias: false,
    loss: 'poly-cross-entropy',
    call: [
      ...oneHot,
      keywordOnly(
        written(number({ name: 'epsilon', default: 2, description: 'the weight of 1 − p' }), '2.0'),
      ),
      keywordOnly(axis('the classes')),
      keywordOnly(mask),
    ],
    versions: axisAndMask,
    caveats: [
      takesLogits,
      'The default `epsilon=2.0` is the paper’s for ImageNet; 0 is the cross-entropy.',
      'Labels are of a floating-point dtype.',
      silently,
      tuples,
    ],
    program: polyProgram,
    curve: logitCurve('one-hot'),
  }),
  symbol({
    function: 'multiclass_hinge_loss',
    alias: false,
    loss: 'categorical-hinge',
    call: [array('scores', 'a score for each class, [N, K] or any rank'), labels('class numbers, [N]')],
    caveats: ['Labels are not checked: one that is no class counts as no label at all.'],
    program: multiclassProgram(1),
    curve: ofScores,
  }),
  symbol({
    function: 'multiclass_perceptron_loss',
    alias: false,
    loss: 'perceptron',
    call: [array('scores', 'a score for each class, [N, K] or any rank'), labels('class numbers, [N]')],
    caveats: ['Labels are not checked: one that is no class counts as no label at all.'],
    program: multiclassProgram(0),
    curve: ofScores,
  }),
  symbol({
    function: 'kl_divergence',
    loss: 'kl-divergence',
    call: targets,
    versions: axisAndMask,
    caveats: divergenceCaveats,
    program: divergenceProgram({ target: 'targets' }),
    curve: ofTargets,
  }),
  symbol({
    function: 'kl_divergence_with_log_targets',
    alias: false,
    loss: 'kl-divergence',
    call: divergenceArguments(array('log_targets', 'logarithms of the true probabilities, same shape')),
    versions: axisAndMask,
    caveats: ['A target of −∞, a probability of 0, gives NaN.', silently, tuples],
    program: divergenceProgram({ target: 'log_targets' }),
    curve: divergenceCurve('log_predictions', 'log_targets', () => ({ prediction: true, target: true })),
  }),
  symbol({
    function: 'generalized_kl_divergence',
    loss: 'kl-divergence',
    call: targets,
    caveats: ['Adds Σ q − Σ p, so that it is right for measures that do not sum to 1.', ...divergenceCaveats],
    program: divergenceProgram({ target: 'targets', generalized: true }),
    curve: ofTargets,
  }),
  symbol({
    function: 'convex_kl_divergence',
    loss: 'kl-divergence',
    call: targets,
    caveats: ['Deprecated: the old name of `generalized_kl_divergence`.', ...divergenceCaveats],
    program: divergenceProgram({
      target: 'targets',
      generalized: true,
      deprecated: 'generalized_kl_divergence',
    }),
    curve: ofTargets,
  }),
];
