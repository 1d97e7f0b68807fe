/**
 * `pytorch_metric_learning.losses`, as version 2.9.0 computes them with their default distance and reducer; held to its
 * answers by test/golden/data/metric_learning.json.
 *
 * Every row is compared with every other, so the space has an axis for each part that a row can play. A value is its
 * pair's or triplet's share of the loss: what adds up to it.
 */
import {
  actsAsFloat,
  type Body,
  type Call,
  describe,
  type FrameworkSymbol,
  floatInput,
} from '../definition.ts';
import { LossLensError } from '../errors.ts';
import {
  add,
  and,
  type Dims,
  div,
  type Expr,
  equal,
  euclideanNorm,
  type Input,
  index,
  less,
  max,
  min,
  mul,
  notEqual,
  or,
  pick,
  softplus,
  sub,
  sum,
  where,
} from '../language/expression.ts';
import { Space } from '../language/space.ts';
import { similarityCurve } from '../losses/curves.ts';
import { tripletLoss } from '../losses/ranking/triplet.ts';
import { type Argument, declare, inputArgument, parameterArgument, withDefault } from './symbol.ts';

/** Rows in one of the parts that they play. */
interface Rows {
  readonly along: Dims;
  /** Of length 1. */
  readonly embedding: Expr;
  readonly label: Expr;
}

/** torch's `normalize` divides by no less than this. */
const shortest = 1e-12;

function misfit(call: Call, names: readonly string[], expected: string): LossLensError {
  return new LossLensError('shape-mismatch', 'There is one label for each row of embeddings.', {
    found: names.map((name) => `${name} ${describe(call.array(name))}`).join(', '),
    expected,
  });
}

function requireRows(call: Call, embeddings: string, labels: string): void {
  const [rows, marks] = [call.shape(embeddings), call.shape(labels)];
  if (rows.length !== 2 || marks.length !== 1 || rows[0] !== marks[0]) {
    throw misfit(call, [embeddings, labels], '[N, D] and [N]');
  }
  if (actsAsFloat(call.array(embeddings))) return;
  throw new LossLensError('dtype', 'Embeddings are normalised in floating point.', {
    found: `${embeddings} ${describe(call.array(embeddings))}`,
    expected: 'float32 or float64',
  });
}

/** Whether the rows are compared with others than themselves. */
function comparesWithReferences(call: Call): boolean {
  requireRows(call, 'embeddings', 'labels');
  if (!call.has('ref_emb')) {
    if (call.has('ref_labels')) call.warn('ignored', 'ref_labels without ref_emb are ignored.');
    return false;
  }
  if (!call.has('ref_labels')) {
    throw new LossLensError('missing-input', 'Without ref_labels the labels of the rows would be taken.', {
      found: 'ref_emb alone',
      expected: 'ref_emb and ref_labels',
    });
  }
  requireRows(call, 'ref_emb', 'ref_labels');
  const [own, others] = [call.array('embeddings'), call.array('ref_emb')];
  if (own.shape[1] !== others.shape[1] || own.dtype !== others.dtype) {
    throw misfit(call, ['embeddings', 'ref_emb'], 'embeddings of one length and one dtype');
  }
  return true;
}

/** The rows in the first part, how to put them, or the references, in another, and the mean of no terms. */
function rowsOf(call: Call, references: boolean): { rows: Rows; as: (axis: string) => Rows; none: Expr } {
  const feature = call.space.axis('feature');
  const last = call.space.dimensions.length - 1;
  const normalised = (x: Expr): Expr => div(x, max(euclideanNorm(x, feature), shortest, { tie: 0 }));
  const embedding = call.place('embeddings', [0, last]);
  const label = call.place('labels', [0]);
  const other: { readonly embedding: Input; readonly label: Input; readonly along: Dims } = references
    ? {
        embedding: call.place('ref_emb', [1, last]),
        label: call.place('ref_labels', [1]),
        along: 1 << 1,
      }
    : { embedding, label, along: 1 };
  return {
    rows: { along: 1, embedding: normalised(embedding), label },
    none: sum(mul(embedding, 0), embedding.dims),
    as(axis) {
      const along = call.space.axis(axis);
      const there = (x: Input): Expr => (along === other.along ? x : pick(x, index(along), other.along));
      return { along, embedding: normalised(there(other.embedding)), label: there(other.label) };
    },
  };
}

const sameClass = (a: Rows, b: Rows): Expr => equal(a.label, b.label);

/** Two rows of one class; unless they are compared with references, a row is no partner of its own. */
const partners = (a: Rows, b: Rows, references: boolean): Expr =>
  references ? sameClass(a, b) : and(sameClass(a, b), notEqual(index(a.along), index(b.along)));

const distance = (a: Rows, b: Rows, feature: Dims): Expr =>
  euclideanNorm(sub(a.embedding, b.embedding), feature);

/**
 * Each term's share of the mean of those that are above 0, and 0 for all others. The mean of none is the sum of the
 * embeddings times 0: NaN where one of them is not finite.
 */
function shareOfPositive(term: Expr, counts: Expr, over: Dims, none: Expr): Expr {
  const positive = and(counts, less(0, term));
  const count = sum(where(positive, 1, 0), over);
  return add(where(positive, div(term, count), 0), where(equal(count, 0), none, 0));
}

function contrastiveProgram(call: Call): Body {
  const references = comparesWithReferences(call);
  const count = call.shape(references ? 'ref_emb' : 'embeddings')[0]!;
  const [own, features] = call.shape('embeddings') as [number, number];
  call.space = new Space([
    { axis: 'row', size: own },
    { axis: 'other', size: count },
    { axis: 'feature', size: features },
  ]);
  const { rows, as, none } = rowsOf(call, references);
  const others = as('other');
  const over = rows.along | others.along;
  const apart = distance(rows, others, call.space.axis('feature'));
  const [similar, different] = [partners(rows, others, references), notEqual(rows.label, others.label)];
  const pull = max(sub(apart, call.uniform('pos_margin')), 0, { tie: 0 });
  const push = max(sub(call.uniform('neg_margin'), apart), 0, { tie: 0 });
  const shares = add(
    shareOfPositive(pull, similar, over, none),
    shareOfPositive(push, different, over, none),
  );
  // With one pair of each kind at most, which only references allow, it takes them for none.
  const pairs = (counts: Expr): Expr => sum(where(counts, 1, 0), over);
  const several = or(less(1, pairs(similar)), less(1, pairs(different)));
  return { elements: references ? where(several, shares, none) : shares, reduction: 'sum' };
}

/** Beyond this torch's softplus is the number itself. */
const softplusEnd = 20;

function tripletProgram(call: Call): Body {
  const references = comparesWithReferences(call);
  const swap = call.option<boolean>('swap');
  if (swap && references) {
    throw new LossLensError(
      'parameter',
      'With swap=True the library looks the positives up among the rows of embeddings, also where they are references.',
      { found: 'swap=True with ref_emb', expected: 'one of the two' },
    );
  }
  const count = call.shape(references ? 'ref_emb' : 'embeddings')[0]!;
  const [own, features] = call.shape('embeddings') as [number, number];
  call.space = new Space([
    { axis: 'anchor', size: own },
    { axis: 'positive', size: count },
    { axis: 'negative', size: count },
    { axis: 'feature', size: features },
  ]);
  const feature = call.space.axis('feature');
  const { rows: anchor, as, none } = rowsOf(call, references);
  const [positive, negative] = [as('positive'), as('negative')];
  const over = anchor.along | positive.along | negative.along;
  const toNegative = distance(anchor, negative, feature);
  const nearest = swap ? min(toNegative, distance(positive, negative, feature), { tie: 0.5 }) : toNegative;
  const toPositive = distance(anchor, positive, feature);
  const margin = call.uniform('margin');
  let term = tripletLoss(toPositive, nearest, margin, { atKink: 0 });
  if (call.option<boolean>('smooth_loss')) {
    const violation = add(sub(toPositive, nearest), margin);
    term = where(less(softplusEnd, violation), violation, softplus(violation));
  }
  const counts = and(partners(anchor, positive, references), notEqual(anchor.label, negative.label));
  return { elements: shareOfPositive(term, counts, over, none), reduction: 'sum' };
}

const callable = (name: string, description: string): Argument => {
  const { argument, parameter } = parameterArgument({
    name,
    kind: 'choice',
    choices: [null],
    default: null,
    description,
  });
  return { argument: { ...argument, keywordOnly: true }, parameter };
};
const margin = (name: string, value: number, description: string): Argument =>
  withDefault(parameterArgument({ name, kind: 'number', default: value, description }), String(value));
const flag = (name: string, description: string): Argument =>
  parameterArgument({ name, kind: 'boolean', default: false, description });

const own = [
  callable('distance', 'only the default can be evaluated here: the Euclidean distance of normalised rows'),
  callable('reducer', 'only the default can be evaluated here: the mean of what is above 0'),
  callable('embedding_regularizer', 'only the default can be evaluated here: none'),
];
const classes = (name: string, description: string, optional: boolean): Argument =>
  inputArgument({ name, kind: 'any', optional, description });
const rows = [
  inputArgument(floatInput('embeddings', 'vectors, [N, D]')),
  classes('labels', 'a class number for each, [N]', false),
  parameterArgument({
    name: 'indices_tuple',
    kind: 'choice',
    choices: [null],
    default: null,
    description: 'a miner’s choice of pairs or triplets, which cannot be evaluated here: all of them',
  }),
  inputArgument(
    floatInput('ref_emb', 'what is compared with, [M, D]: the rows themselves unless given', true),
  ),
  classes('ref_labels', 'their class numbers, [M]', true),
];

const paths = (name: string, module: string): string[] => [
  `pytorch_metric_learning.losses.${name}`,
  `pytorch_metric_learning.losses.${module}.${name}`,
];
const caveats = [
  'Embeddings are normalised to length 1 first, so distances lie between 0 and 2.',
  'The mean is over what is above 0 alone: it does not fall as pairs get done, and two batches’ losses are means over different counts.',
  'A `distance`, `reducer`, `embedding_regularizer` or miner of yours changes the number and cannot be evaluated here.',
  'Above 25 rows torch measures distances through a matrix product, which costs small ones digits in float32; here they are exact.',
];

export const metricLearningSymbols: readonly FrameworkSymbol[] = [
  declare({
    name: 'pytorch_metric_learning.losses.ContrastiveLoss',
    paths: paths('ContrastiveLoss', 'contrastive_loss'),
    framework: 'pytorch-metric-learning',
    loss: 'contrastive',
    constructor_: [
      margin('pos_margin', 0, 'the distance to which similar pairs are pulled'),
      margin('neg_margin', 1, 'the distance to which dissimilar pairs are pushed'),
      ...own,
    ],
    call: rows,
    caveats: [
      'The hinges are not squared, and not halved: it is the mean of the similar pairs’ above 0 plus that of the dissimilar ones’.',
      ...caveats,
      'With a similarity as `distance` the margins trade places: `pos_margin=1`, `neg_margin=0`.',
    ],
    program: contrastiveProgram,
    curve: similarityCurve('embeddings', 'labels'),
  }),
  declare({
    name: 'pytorch_metric_learning.losses.TripletMarginLoss',
    paths: paths('TripletMarginLoss', 'triplet_margin_loss'),
    framework: 'pytorch-metric-learning',
    loss: 'triplet',
    constructor_: [
      margin('margin', 0.05, 'how much nearer the positive has to be than the negative'),
      flag(
        'swap',
        'whether the negative’s distance to the positive counts where that is smaller than its distance to the anchor',
      ),
      flag('smooth_loss', 'softplus instead of a hinge'),
      parameterArgument({
        name: 'triplets_per_anchor',
        kind: 'choice',
        choices: ['all'],
        default: 'all',
        description: 'all triplets of the batch; a number of them would be drawn at random',
      }),
      ...own,
    ],
    call: rows,
    caveats: [
      'All triplets of the batch count: N rows have up to N³ of them.',
      'Distances are not squared, and the default margin is 0.05.',
      ...caveats,
      'A number as `triplets_per_anchor` draws triplets at random, so that the loss is another at each call.',
    ],
    program: tripletProgram,
    curve: similarityCurve('embeddings', 'labels'),
  }),
];
