import { t } from '@vscode/l10n';
import {
  type Body,
  type Call,
  type CurveSpec,
  type FrameworkSymbol,
  floatInput,
  type Parts,
} from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  add,
  type Dims,
  div,
  type Expr,
  exp,
  extent,
  type Input,
  index,
  maxOver,
  mean,
  mul,
  pick,
  sigmoid,
  square,
  stop,
  sub,
  sum,
} from '../../language/expression.ts';
import { Space } from '../../language/space.ts';
import { sameShape, shapeMismatch } from '../../layout.ts';
import { inputArgument, parameterArgument } from '../symbol.ts';
import { array, flag, keywordOnly, number, symbol, written } from './declare.ts';

/** A mask's dimension as optax sees it: its size, and which of the array's own it is (none: added by optax). */
interface Extent {
  readonly size: number;
  readonly own?: number;
}

const extents = (shape: readonly number[]): Extent[] => shape.map((size, own) => ({ size, own }));

interface Masks {
  readonly probability: Expr;
  readonly truth: Expr;
  /** What Dice sums over. */
  readonly space: Dims;
  /** All classes, and those that are compared. */
  readonly classes: Dims;
  readonly compared: Dims;
  /** An input along the classes, of those that are compared. */
  only(x: Input): Expr;
}

interface Options {
  /** Gives both masks a class axis of 1, unless their last is one. */
  readonly binary?: boolean;
  /** Whether a mask that lacks the class axis gets one of 1. */
  readonly expands?: boolean;
  /** The flag that says whether predictions are logits. */
  readonly activation: 'apply_softmax' | 'apply_sigmoid';
}

const has = (call: Call, parameter: string): boolean =>
  call.definition.parameters.some(({ name }) => name === parameter);

/**
 * Both masks, classes last. Where the background is left out the space has the classes twice: all of them, for the
 * softmax, and those that are compared, which are read one further along.
 */
function placeMasks(call: Call, { binary, expands, activation }: Options): Masks {
  let [p, y] = [extents(call.shape('predictions')), extents(call.shape('targets'))];
  if (binary && p.length === y.length && p.at(-1)?.size !== 1) {
    p = [...p, { size: 1 }];
    y = [...y, { size: 1 }];
  }
  if (expands && p.length === y.length - 1) p = [...p, { size: 1 }];
  if (expands && y.length === p.length - 1) y = [...y, { size: 1 }];
  const sizes = p.map(({ size }) => size);
  const last = sizes.length - 1;
  const fit = sameShape(
    sizes,
    y.map(({ size }) => size),
  );
  if (!fit || last < 0) {
    throw shapeMismatch(call, 'predictions', 'targets', t('Both masks have one shape, classes last.'));
  }
  const count = sizes[last]!;
  const ignores = has(call, 'ignore_background') && call.option<boolean>('ignore_background') && count > 1;
  call.space = new Space([
    ...sizes.map((size, d) => ({ axis: d === last ? 'class' : 'batch', size })),
    ...(ignores ? [{ axis: 'compared', size: count - 1 }] : []),
  ]);
  const place = (name: string, list: readonly Extent[]): Input => {
    const at: number[] = [];
    list.forEach(({ own }, d) => {
      if (own !== undefined) at[own] = d;
    });
    return call.place(name, at);
  };
  const [prediction, truth] = [place('predictions', p), place('targets', y)];
  const classes = call.space.axis('class');
  const compared = ignores ? call.space.axis('compared') : classes;
  const only = (x: Input): Expr => (ignores ? pick(x, add(index(compared), 1), classes) : x);

  const axis = has(call, 'axis') ? call.option<number | null>('axis') : null;
  const dimension = axis !== null && axis < 0 ? axis + sizes.length : axis;
  if (dimension !== null && (dimension < 0 || dimension > last || (ignores && dimension === last))) {
    throw new LossLensError('parameter', t('Dice cannot be summed over this axis.'), {
      found: t`axis ${String(axis)} of ${sizes.length} dimensions`,
      expected: t`an axis from ${-sizes.length} to ${last}; without the background, not that of the classes`,
    });
  }
  const between = sizes.reduce((dims, _size, d) => (d > 0 && d < last ? dims | (1 << d) : dims), 0);
  return {
    probability: probabilityOf(),
    truth: only(truth),
    space: dimension === null ? between : 1 << dimension,
    classes,
    compared,
    only,
  };

  function probabilityOf(): Expr {
    if (!call.option<boolean>(activation)) {
      requireDistributions(call, count);
      return only(prediction);
    }
    if (count === 1) return sigmoid(prediction);
    const largest = stop(maxOver(prediction, classes));
    return div(exp(sub(only(prediction), largest)), sum(exp(sub(prediction, largest)), classes));
  }
}

/** @throws LossLensError `domain` unless predictions add up to 1 along the class axis, as `allclose` understands it. */
function requireDistributions(call: Call, count: number): void {
  const { data } = call.array('predictions');
  for (let i = 0; i < data.length; i += count) {
    let total = 0;
    for (let c = 0; c < count; c++) total += Number(data[i + c]);
    if (Math.abs(total - 1) <= 1e-8 + 1e-5) continue;
    throw new LossLensError('domain', t('Predictions that are no logits add up to 1 along the class axis.'), {
      found: t`${total} in row ${i / count}`,
      expected: t(
        'a distribution over the classes; a single class is refused whatever its probability, but 1',
      ),
    });
  }
}

/** 1 − (i + smooth) / (i + α(p − i) + β(t − i) + smooth), with i, p and t the sums of the overlap and of the masks. */
function tverskyOf(
  { probability, truth, space }: Masks,
  smooth: Expr,
  alpha: Expr | number,
  beta: Expr | number,
): Expr {
  const overlap = sum(mul(probability, truth), space);
  const beside = add(
    mul(alpha, sub(sum(probability, space), overlap)),
    mul(beta, sub(sum(truth, space), overlap)),
  );
  return sub(1, div(add(overlap, smooth), add(add(overlap, beside), smooth)));
}

/** The last dimension that remains, which optax reduces, though it may be one that it added; none of a single number. */
function lastOf(call: Call, { space, classes, compared }: Masks): Dims {
  const remaining = call.space.all & ~space & (classes === compared ? -1 : ~classes);
  return remaining === 0 ? 0 : 1 << (31 - Math.clz32(remaining));
}

function diceProgram(call: Call): Body {
  const masks = placeMasks(call, { activation: 'apply_softmax', expands: true });
  const { uniform } = { uniform: (name: string) => call.uniform(name) };
  let loss = tverskyOf(masks, uniform('smooth'), uniform('alpha'), uniform('beta'));
  const last = lastOf(call, masks);
  if (call.has('class_weights')) loss = mul(loss, placeWeights(call, masks, last));
  const reduction = call.option('reduction');
  const elements = reduction === 'mean' ? mean(loss, last) : reduction === 'sum' ? sum(loss, last) : loss;
  return { elements, reduction: 'none', parts: partsOf(masks) };
}

const partsOf = ({ probability, truth }: Masks): Parts => ({ prediction: probability, target: truth });

/** @throws LossLensError `shape-mismatch` unless there is a weight for each class, or one for all. */
function placeWeights(call: Call, masks: Masks, last: Dims): Expr {
  const shape = call.shape('class_weights');
  const along = last === masks.compared ? masks.classes : last;
  const size = call.space.shape(along)[0] ?? 1;
  if (shape.length !== 1 || (shape[0] !== size && shape[0] !== 1)) {
    throw new LossLensError('shape-mismatch', t('Class weights are one number a class.'), {
      found: `class_weights [${shape.join(', ')}]`,
      expected: `[${size}]`,
    });
  }
  const weight = call.place('class_weights', [shape[0] === size ? 31 - Math.clz32(along) : -1]);
  return last === masks.compared ? masks.only(weight) : weight;
}

/** Weights of 1 ÷ (how often a class occurs)², scaled to a mean of 1. */
function generalizedProgram(call: Call): Body {
  const masks = placeMasks(call, { activation: 'apply_softmax' });
  const target = call.nodes.targets!;
  const weightOf = (truth: Expr, classes: Dims): Expr =>
    div(1, add(square(sum(truth, truth.dims & ~classes)), 1e-7));
  const total = sum(weightOf(target, masks.classes), masks.classes);
  const weight = mul(div(weightOf(masks.truth, masks.compared), total), extent(masks.classes));
  const loss = tverskyOf(masks, call.uniform('smooth'), 0.5, 0.5);
  return { elements: mul(loss, weight), reduction: 'mean', parts: partsOf(masks) };
}

function binaryProgram(call: Call): Body {
  const masks = placeMasks(call, { activation: 'apply_sigmoid', binary: true, expands: true });
  const loss = tverskyOf(masks, call.uniform('smooth'), 0.5, 0.5);
  return { elements: mean(loss, lastOf(call, masks)), reduction: 'none', parts: partsOf(masks) };
}

/** Over the logit of the pixels of an object that fills half of the map. */
const mapCurve =
  (classes: 1 | 2): FrameworkSymbol['curve'] =>
  (): CurveSpec => {
    const maps = (count: number, value: (row: number, pixel: number, c: number) => number) => {
      const width = 2 * classes;
      const data = Float64Array.from({ length: count * width }, (_, i) =>
        value(Math.floor(i / width), Math.floor((i % width) / classes), i % classes),
      );
      return { dtype: 'float64', shape: [count, 2, classes], data } as const;
    };
    // Of two classes the second is the object; the first has a logit of 0.
    const isObject = (c: number): boolean => c === classes - 1;
    return {
      xLabel: t('logit of the pixels inside (half of the map)'),
      by: 'predictions',
      range: [-6, 6],
      parameters: classes === 1 ? {} : { reduction: 'mean', axis: null, ignore_background: true },
      series: [-6, 0].map((outside) => ({
        label: t`outside ${outside}`,
        rows: (x) => ({
          count: x.length,
          inputs: {
            predictions: maps(x.length, (row, pixel, c) =>
              !isObject(c) ? 0 : pixel === 0 ? x[row]! : outside,
            ),
            targets: maps(x.length, (_row, pixel, c) => (isObject(c) === (pixel === 0) ? 1 : 0)),
          },
          entry: (row) => row * 2 * classes + classes - 1,
        }),
      })),
    };
  };

const maps = [
  array('predictions', 'logits, [N, …, K], classes last'),
  array('targets', 'the true masks, one-hot, same shape'),
];
const smooth = keywordOnly(
  written(
    number({
      name: 'smooth',
      default: 1,
      description: 'added above and below, so that two empty masks agree',
    }),
    '1.0',
  ),
);
const background = keywordOnly(
  flag('ignore_background', false, 'whether the first class is left out, if there are several'),
);
const softmax = keywordOnly(
  flag('apply_softmax', true, 'whether predictions are logits, not probabilities that add up to 1'),
);
const half = (name: string, description: string) => keywordOnly(number({ name, default: 0.5, description }));
const smoothCaveat =
  '`smooth` is 1 by default, not a small number: with few pixels it changes the loss a lot.';

export const overlaps: readonly FrameworkSymbol[] = [
  symbol({
    function: 'dice_loss',
    alias: false,
    loss: 'dice',
    call: [
      ...maps,
      keywordOnly(inputArgument(floatInput('class_weights', 'a weight for each class, [K]', true))),
      smooth,
      half('alpha', 'the weight of what is predicted and not there'),
      half('beta', 'the weight of what is there and not predicted'),
      softmax,
      keywordOnly(
        parameterArgument({
          name: 'reduction',
          kind: 'choice',
          choices: ['mean', 'sum', 'none'],
          default: 'mean',
          description: 'what becomes of the classes',
        }),
      ),
      background,
      keywordOnly(
        parameterArgument({
          name: 'axis',
          kind: 'integer',
          default: null,
          description: 'the dimension that is summed over; all but the first and the last unless given',
        }),
      ),
    ],
    caveats: [
      'Takes logits; one class gets a sigmoid, several a softmax.',
      'One number a sample: the first axis is the batch, so a map without one is taken for samples.',
      smoothCaveat,
      'With `alpha` and `beta` other than ½ it is the Tversky loss.',
      'With `apply_softmax=False` predictions must add up to 1 over the classes, which a binary map never does.',
      'A tuple of axes is not taken here.',
    ],
    program: diceProgram,
    curve: mapCurve(2),
  }),
  symbol({
    function: 'multiclass_generalized_dice_loss',
    alias: false,
    loss: 'dice',
    call: [...maps, smooth, softmax, background],
    caveats: [
      'One number for all: classes are weighed by 1 ÷ (how often they occur in the whole batch)².',
      'A class that does not occur weighs 10⁷ and drowns the others.',
      smoothCaveat,
    ],
    program: generalizedProgram,
    curve: (parameters) => ({
      ...mapCurve(2)(parameters),
      parameters: { ignore_background: true },
      oneByOne: true,
    }),
  }),
  symbol({
    function: 'binary_dice_loss',
    alias: false,
    loss: 'dice',
    call: [
      array('predictions', 'logits, [N, …]'),
      array('targets', 'the true masks, same shape'),
      smooth,
      keywordOnly(flag('apply_sigmoid', true, 'whether predictions are logits')),
    ],
    caveats: [
      'Takes logits: `apply_sigmoid=False` refuses every map, for its single class does not add up to 1.',
      smoothCaveat,
      'One number a sample; a last axis of 1 is taken for the class axis.',
    ],
    program: binaryProgram,
    curve: mapCurve(1),
  }),
];
