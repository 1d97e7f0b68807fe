/** `segmentation_models_pytorch.losses.FocalLoss`, as its sources at 0.5.1.dev0 compute it. */
import { t } from '@vscode/l10n';
import { type NdArray, sizeOf } from '../array.ts';
import {
  actsAsFloat,
  type Body,
  type Call,
  describe,
  type FrameworkSymbol,
  promoted,
} from '../definition.ts';
import { LossLensError } from '../errors.ts';
import {
  add,
  clamp,
  constant,
  div,
  type Expr,
  equal,
  exp,
  extent,
  index,
  less,
  log,
  max,
  mul,
  neg,
  notEqual,
  pow,
  stop,
  sub,
  sum,
  where,
} from '../language/expression.ts';
import { Space } from '../language/space.ts';
import { sameShape } from '../layout.ts';
import { crossEntropyWithLogits } from './torch/logits.ts';

interface Pixels {
  readonly scores: Expr;
  readonly target: Expr;
  /** Whether a pixel counts; `undefined` where all do. */
  readonly counted: Expr | undefined;
}

function misfit(call: Call, expected: string): LossLensError {
  const [x, y] = [call.array('y_pred'), call.array('y_true')];
  return new LossLensError('shape-mismatch', t('These masks do not fit together.'), {
    found: `y_pred ${describe(x)}, y_true ${describe(y)}`,
    expected,
  });
}

function ofOneMask(call: Call, ignored: number | null): Pixels {
  const [x, y] = [call.array('y_pred'), call.array('y_true')];
  const shape = [sizeOf(x.shape)];
  if (sizeOf(y.shape) !== shape[0]) throw misfit(call, t('as many values in both'));
  call.space = new Space([{ axis: 'batch', size: shape[0] }]);
  const target = call.place('y_true', [0], { ...y, shape });
  return {
    scores: call.place('y_pred', [0], { ...x, shape }),
    target,
    counted: ignored === null ? undefined : notEqual(target, ignored),
  };
}

/** Every class against the rest. */
function ofClasses(call: Call, ignored: number | null): Pixels {
  const [x, y] = [call.array('y_pred'), call.array('y_true')];
  const places = [...x.shape.keys()];
  const labelled = call.option('mode') === 'multiclass';
  const without = (shape: readonly number[]): number[] => shape.filter((_, d) => d !== 1);
  if (x.shape.length < 2 || x.shape[1] === 0)
    throw misfit(call, t('y_pred [N, C, …] with at least one class'));
  if (!sameShape(y.shape, labelled ? without(x.shape) : x.shape)) {
    throw misfit(call, labelled ? `y_true [${without(x.shape).join(', ')}]` : t('two equal shapes'));
  }
  call.space = new Space(x.shape.map((size, d) => ({ axis: ['batch', 'class'][d] ?? 'space', size })));
  const scores = call.place('y_pred', places);
  if (!labelled) {
    if (ignored !== null) {
      throw new LossLensError('parameter', t('smp ignores no pixels here: its own indexing fails.'), {
        found: `mode='multilabel', ignore_index=${ignored}`,
        expected: 'ignore_index=None',
      });
    }
    return { scores, target: call.place('y_true', places), counted: undefined };
  }
  const label = call.place('y_true', without(places));
  return {
    scores,
    target: where(equal(index(call.space.axis('class')), label), 1, 0),
    counted: ignored === null ? undefined : notEqual(label, ignored),
  };
}

/** Probabilities as the logits that smp makes of them: for several classes their logarithms. */
function logitsOf(call: Call, scores: Expr): Expr {
  if (call.option<boolean>('from_logits')) return scores;
  const eps = call.option<number>('eps');
  const single = promoted([call.array('y_pred')]) === 'float32';
  // Rounded, as torch rounds a bound to the dtype of what it clips: the logit of 1 − 1e-7 is 15.94 then, not 16.12.
  const [low, high] = single ? [Math.fround(eps), Math.fround(1 - eps)] : [eps, 1 - eps];
  const p = clamp(scores, low, high, { atBounds: 1 });
  return log(call.option('mode') === 'multiclass' ? p : div(p, sub(1, p)));
}

/** None is no reduction. */
const reductionNameOf = (call: Call): string => call.option<string | null>('reduction') ?? 'none';

/** The weights of the classes and their sum, both in float32. */
function weightsOf(call: Call, classes: number): { weight?: Expr; total: number } {
  if (!call.has('class_weights')) return { total: classes };
  const weights: NdArray = call.array('class_weights');
  if (call.option('mode') === 'binary' || reductionNameOf(call) === 'none') {
    throw new LossLensError(
      'parameter',
      t('smp has no class weights for one mask; Loss Lens none of unreduced losses.'),
      {
        found: `mode='${call.option('mode')}', reduction='${reductionNameOf(call)}'`,
        expected: t('several classes, and a mean or a sum'),
      },
    );
  }
  if (!sameShape(weights.shape, [classes])) {
    throw new LossLensError('shape-mismatch', t('Class weights are one number for each class.'), {
      found: `class_weights ${describe(weights)}`,
      expected: `[${classes}]`,
    });
  }
  const data = Float32Array.from(weights.data, Number);
  const weight = stop(call.place('class_weights', [1], { dtype: 'float32', shape: [classes], data }));
  return { weight, total: data.reduce((sum, w) => Math.fround(sum + w), 0) };
}

export function focalProgram(call: Call): Body {
  const prediction = call.array('y_pred');
  if (!actsAsFloat(prediction)) {
    throw new LossLensError('dtype', t('smp computes this in floating point only.'), {
      found: `y_pred ${describe(prediction)}`,
      expected: t('float32 or float64'),
    });
  }
  const binary = call.option('mode') === 'binary';
  const ignored = call.option<number | null>('ignore_index');
  const { scores, target, counted } = (binary ? ofOneMask : ofClasses)(call, ignored);
  const classes = call.space.axis('class');
  const pixels = call.space.all & ~classes;
  const { weight, total } = weightsOf(call, binary ? 1 : call.space.sizes[1]!);
  // smp leaves the ignored pixels out of the arrays.
  const counting = (x: Expr): Expr => (counted ? where(counted, x, 0) : x);

  const crossEntropy = crossEntropyWithLogits(logitsOf(call, counting(scores)), target);
  const trueP = exp(neg(crossEntropy));
  const gamma = call.uniform('gamma');
  let focus = pow(sub(1, trueP), gamma);
  if (call.option('reduced_threshold') !== null) {
    const threshold = call.uniform('reduced_threshold');
    focus = where(less(trueP, threshold), 1, pow(div(sub(1, trueP), threshold), gamma));
  }
  let loss = mul(focus, crossEntropy);
  if (call.option('alpha') !== null) {
    const alpha = call.uniform('alpha');
    loss = mul(loss, add(mul(alpha, target), mul(sub(1, alpha), sub(1, target))));
  }
  if (call.option<boolean>('normalized')) {
    loss = div(loss, max(sum(counting(focus), pixels), 1e-6, { tie: 1 }));
  }
  loss = counting(loss);

  const elements = weight ? mul(loss, weight) : loss;
  const pixelCount = counted ? sum(where(counted, 1, 0), pixels) : extent(pixels);
  return { ...reductionOf(call, pixelCount, total, weight), elements, dtype: promoted([prediction]) };
}

/** smp reduces each class, and takes the mean of the classes whatever the reduction. */
function reductionOf(
  call: Call,
  pixelCount: Expr,
  total: number,
  weight: Expr | undefined,
): Pick<Body, 'reduction' | 'denominator'> {
  const chosen = reductionNameOf(call);
  const ignores = call.option('ignore_index') !== null;
  if (call.option('mode') === 'binary') {
    if (chosen === 'none' && ignores) {
      throw new LossLensError(
        'parameter',
        t('Unreduced, smp returns a list of the pixels that are not ignored.'),
        {
          found: t("reduction='none' with ignore_index, which is not covered here"),
          expected: t('another reduction, or no ignore_index'),
        },
      );
    }
    if (chosen === 'none') return { reduction: 'none' };
    return chosen === 'mean' ? { reduction: 'mean', denominator: pixelCount } : { reduction: 'sum' };
  }
  const space = call.space.axis('space');
  if (chosen === 'batchwise_mean' && weight && space !== 0) {
    throw new LossLensError('parameter', t('With class weights, smp would multiply pixels by them.'), {
      found: t("reduction='batchwise_mean' with class_weights, which is not covered here"),
      expected: t("reduction='mean' or 'sum'"),
    });
  }
  if (chosen === 'sum' || (chosen === 'batchwise_mean' && ignores)) {
    return { reduction: 'mean', denominator: constant(total) };
  }
  return {
    reduction: 'mean',
    denominator: mul(chosen === 'batchwise_mean' ? extent(space) : pixelCount, total),
  };
}

export const focalCaveats: FrameworkSymbol['caveats'] = [
  'With several classes each is a sigmoid against the rest, not a softmax over them.',
  "`from_logits=False` with mode='multiclass' takes log p for a logit, so its sigmoid is p / (1 + p), not p.",
  'Classes are averaged whatever the `reduction`: unreduced losses of several classes are a mean, too.',
  "`reduction='batchwise_mean'` is a sum over the batch, not a mean.",
  '`ignore_index` fails with mode="multilabel".',
];
