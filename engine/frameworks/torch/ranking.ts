/** The losses over pairs and triplets: distances, cosines, scores, embeddings. */
import { t } from '@vscode/l10n';
import { type Body, type Call, describe, type FrameworkSymbol } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  abs,
  add,
  constant,
  type Dims,
  div,
  type Expr,
  equal,
  euclideanNorm,
  type Input,
  maxOver,
  min,
  minOver,
  mul,
  notEqual,
  or,
  pow,
  sign,
  sqrt,
  square,
  sub,
  sum,
  where,
  withGradient,
} from '../../language/expression.ts';
import { Space } from '../../language/space.ts';
import { broadcastShape, placeBroadcast, sameShape } from '../../layout.ts';
import { rankingCurve, signedAngleCurve, signedDistanceCurve, tripletCurve } from '../../losses/curves.ts';
import { cosineEmbeddingLoss } from '../../losses/ranking/cosine-embedding.ts';
import { hingeEmbeddingLoss, similarOf } from '../../losses/ranking/hinge-embedding.ts';
import { marginRankingLoss } from '../../losses/ranking/margin-ranking.ts';
import { type Compared, comparedDistances, tripletLoss } from '../../losses/ranking/triplet.ts';
import { parameterArgument, withDefault } from '../symbol.ts';
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
import {
  broadcastSilently,
  reductionOf,
  refuseBooleans,
  requireEqualRanks,
  requireFloats,
  warnOfBroadcast,
} from './call.ts';
import { pair } from './pair.ts';

function hingeEmbeddingProgram(call: Call): Body {
  requireFloats(call, ['input']);
  const [distance, label] = broadcastSilently(call, ['input', 'target']) as [Input, Input];
  const elements = hingeEmbeddingLoss(distance, label, call.uniform('margin'), { atKink: 1 });
  const { dtype, weak } = call.array('input');
  return {
    elements,
    ...reductionOf(call),
    // The value takes the input's dtype, whatever the labels have.
    ...(!weak && { dtype: dtype as 'float32' | 'float64' }),
    parts: { distance, similar: similarOf(label) },
  };
}

/** The squared lengths carry this much more, so that no vector has length 0: a float32 constant in every dtype. */
const squaredLengthFloor = Math.fround(1e-12);

/** Sums over an axis as far as x varies along it: torch sums each array before it broadcasts. */
const sumOwn = (x: Expr, over: Dims): Expr => sum(x, over & x.dims);

function cosineEmbeddingProgram(call: Call): Body {
  refuseBooleans(call, ['input1', 'input2']);
  const names = ['input1', 'input2', 'target'] as const;
  const [first, second, labels] = names.map((name) => call.shape(name)) as [number[], number[], number[]];
  const vectors = broadcastShape(first, second);
  const rank = labels.length + 1;
  const rows = vectors && broadcastShape(vectors.slice(0, -1), labels);
  if (labels.length > 1 || first.length !== rank || second.length !== rank || !rows) {
    throw new LossLensError('shape-mismatch', t('There is one label for each pair of vectors.'), {
      found: names.map((name) => `${name} ${describe(call.array(name))}`).join(', '),
      expected: t('[N, D] twice and labels [N], or [D] twice and one label'),
    });
  }
  const width = vectors.at(-1)!;
  call.space = new Space([
    ...rows.map((size) => ({ axis: 'batch', size })),
    { axis: 'feature', size: width },
  ]);
  const [a, b] = [placeBroadcast(call, 'input1'), placeBroadcast(call, 'input2')];
  const label = call.place(
    'target',
    labels.map((size, d) => (size === rows[d] ? d : -1)),
  );
  warnOfBroadcast(call, ['input1', 'input2']);
  const feature = call.space.axis('feature');
  const squaredLength = (x: Expr): Expr => add(sumOwn(square(x), feature), squaredLengthFloor);
  const similarity = div(sumOwn(mul(a, b), feature), sqrt(mul(squaredLength(a), squaredLength(b))));
  const elements = cosineEmbeddingLoss(similarity, label, call.uniform('margin'), {
    atKink: 1,
    shields: false,
  });
  return { elements, ...reductionOf(call), parts: { similarity, similar: similarOf(label) } };
}

function marginRankingProgram(call: Call): Body {
  const names: [string, ...string[]] = ['input1', 'input2', 'target'];
  refuseBooleans(call, names);
  requireEqualRanks(call, names);
  const [first, second, label] = broadcastSilently(call, names) as [Input, Input, Input];
  const elements = marginRankingLoss(first, second, label, call.uniform('margin'), { atKink: 1 });
  return { elements, ...reductionOf(call) };
}

/** (Σ|x|^p)^(1/p) with torch's gradient, which is 0 where the norm, or what it is taken of, is 0. */
function norm(x: Expr, p: number, order: Expr, over: Dims): Expr {
  const size = abs(x);
  switch (p) {
    case 0:
      return sum(where(notEqual(x, 0), 1, 0), over);
    case 1:
      return sum(size, over);
    case 2:
      return euclideanNorm(x, over);
    case Number.POSITIVE_INFINITY:
      return maxOver(size, over);
    case Number.NEGATIVE_INFINITY:
      return minOver(size, over);
    default: {
      const value = pow(sum(pow(size, order), over), div(1, order));
      const slope = mul(sign(x), pow(div(size, value), sub(order, 1)));
      return withGradient(value, [[x, where(or(equal(value, 0), equal(x, 0)), 0, slope)]]);
    }
  }
}

interface Distance {
  readonly p: number;
  readonly order: Expr;
  /** Added to every coordinate of a difference. */
  readonly eps: Expr | number;
}

function tripletOf(call: Call, { p, order, eps }: Distance): Body {
  const names: [string, ...string[]] = ['anchor', 'positive', 'negative'];
  refuseBooleans(call, names);
  requireEqualRanks(call, names);
  const shapes = names.map((name) => call.shape(name));
  const whole = broadcastShape(...shapes);
  const infinite = Math.abs(p) === Number.POSITIVE_INFINITY;
  if (!whole || (infinite && whole.at(-1) === 0)) {
    throw new LossLensError('shape-mismatch', t('torch cannot measure distances between these.'), {
      found: names.map((name) => `${name} ${describe(call.array(name))}`).join(', '),
      expected: t('three equal shapes [N, D], or extents of 1 where they differ'),
    });
  }
  call.space = new Space(
    whole.map((size, d) => ({ axis: d === whole.length - 1 ? 'feature' : 'batch', size })),
  );
  const [anchor, positive, negative] = names.map((name) => placeBroadcast(call, name)) as [
    Input,
    Input,
    Input,
  ];
  warnOfBroadcast(call, names);
  const feature = call.space.axis('feature');
  const distance = (a: Expr, b: Expr): Expr => {
    const difference = add(sub(a, b), eps);
    return norm(difference, p, order, feature & difference.dims);
  };
  const swap = call.option<boolean>('swap');
  const general = (): Compared => {
    const [toPositive, toNegative] = [distance(anchor, positive), distance(anchor, negative)];
    const nearest = swap ? min(toNegative, distance(positive, negative), { tie: 0.5 }) : toNegative;
    return { toPositive, toNegative: nearest, difference: sub(toPositive, nearest) };
  };
  const isPlain =
    p === 2 && !swap && (whole.at(-1) ?? 1) > 1 && shapes.every((shape) => sameShape(shape, whole));
  const { difference, ...parts } = isPlain
    ? comparedDistances([anchor, positive, negative], eps, feature)
    : general();
  const elements = tripletLoss(difference, call.uniform('margin'), { atKink: 1 });
  return { elements, ...reductionOf(call), parts };
}

const tripletProgram = (call: Call): Body =>
  tripletOf(call, { p: call.option<number>('p'), order: call.uniform('p'), eps: call.uniform('eps') });

/** The default distance is torch's own pairwise distance: p = 2 and eps = 1e-6. */
const tripletWithDistanceProgram = (call: Call): Body =>
  tripletOf(call, { p: 2, order: constant(2), eps: 1e-6 });

const margin = (value: number, description: string) =>
  number({ name: 'margin', default: value, description });
const tripletMargin = number({
  name: 'margin',
  default: 1,
  above: 0,
  description: 'how much nearer the positive has to be than the negative',
});
const swap = flag(
  'swap',
  false,
  'whether the negative’s distance to the positive counts where that is smaller than its distance to the anchor',
);
const triplets = [
  float('anchor', 'embeddings, [N, D]'),
  float('positive', 'embeddings of the same kind, [N, D]'),
  float('negative', 'embeddings of another kind, [N, D]'),
];
const tripletCaveats = [
  'Distances are not squared, and 1e-6 is added to every coordinate of a difference: equal vectors are 1e-6·√D apart.',
  'Where all three embeddings are equal, the loss is the margin and its gradient by the anchor is 0: a collapsed network stays collapsed.',
  'Extents of 1 are broadcast without a warning.',
];

export const rankingSymbols: readonly FrameworkSymbol[] = [
  ...pair({
    class: 'HingeEmbeddingLoss',
    function: 'hinge_embedding_loss',
    loss: 'hinge-embedding',
    inputs: [
      input('distances, any shape'),
      target('1 for similar pairs, −1 for dissimilar ones, same shape'),
    ],
    options: [margin(1, 'how far apart dissimilar pairs are pushed'), sizeAverage, reduce, reduction()],
    caveats: [
      'Takes distances, not scores.',
      'A label that is neither 1 nor −1, such as 0, adds both branches: the distance and the hinge.',
      'Shapes that differ are broadcast without a warning.',
    ],
    program: hingeEmbeddingProgram,
    curve: signedDistanceCurve('input', 'target'),
  }),
  ...pair({
    class: 'CosineEmbeddingLoss',
    function: 'cosine_embedding_loss',
    loss: 'cosine-embedding',
    inputs: [
      float('input1', 'vectors, [N, D] or [D]'),
      float('input2', 'vectors, same shape'),
      target('1 for similar pairs, −1 for dissimilar ones, [N] or one number'),
    ],
    options: [
      margin(0, 'the cosine below which a dissimilar pair costs nothing'),
      sizeAverage,
      reduce,
      reduction(),
    ],
    caveats: [
      'A label that is neither 1 nor −1, such as 0, counts as a loss of 0 without a warning, and still counts in the mean.',
      '1e-12 is added to each squared length, so a zero vector has cosine 0 and a large gradient, not NaN.',
      'Extents of 1 are broadcast without a warning.',
    ],
    program: cosineEmbeddingProgram,
    curve: signedAngleCurve('input1', 'input2', 'target'),
  }),
  ...pair({
    class: 'MarginRankingLoss',
    function: 'margin_ranking_loss',
    loss: 'margin-ranking',
    inputs: [
      float('input1', 'scores, any shape'),
      float('input2', 'scores, same shape'),
      target('1 where input1 should rank higher, −1 where input2 should, same shape'),
    ],
    options: [margin(0, 'by how much one score has to exceed the other'), sizeAverage, reduce, reduction()],
    caveats: [
      'The default margin is 0: equal scores cost nothing, and two constant scores are a minimum.',
      'A label of 0 gives the margin as a constant loss, with no gradient by the scores.',
      'The numbers of dimensions must agree; extents of 1 are broadcast without a warning.',
    ],
    program: marginRankingProgram,
    curve: rankingCurve('input1', 'input2', 'target'),
  }),
  ...pair({
    class: 'TripletMarginLoss',
    function: 'triplet_margin_loss',
    loss: 'triplet',
    inputs: triplets,
    options: [
      tripletMargin,
      number({ name: 'p', default: 2, description: 'the norm’s degree' }),
      withDefault(
        number({ name: 'eps', default: 1e-6, description: 'added to every coordinate of a difference' }),
        '1e-06',
      ),
      swap,
      sizeAverage,
      reduce,
      reduction(),
    ],
    caveats: tripletCaveats,
    program: tripletProgram,
    curve: tripletCurve('anchor', 'positive', 'negative'),
  }),
  ...pair({
    class: 'TripletMarginWithDistanceLoss',
    function: 'triplet_margin_with_distance_loss',
    loss: 'triplet',
    inputs: triplets,
    options: [
      keywordOnly(
        parameterArgument({
          name: 'distance_function',
          kind: 'choice',
          choices: [null],
          default: null,
          description: 'only the default can be evaluated here: the Euclidean distance',
        }),
      ),
      keywordOnly(tripletMargin),
      keywordOnly(swap),
      keywordOnly(reduction(plainChoices)),
    ],
    caveats: [
      'A `distance_function` of your own is a callable: it cannot be evaluated here. The default is the Euclidean distance of `TripletMarginLoss`.',
      ...tripletCaveats,
    ],
    program: tripletWithDistanceProgram,
    curve: tripletCurve('anchor', 'positive', 'negative'),
  }),
];
