/**
 * Every row is compared with every other, so the space has an axis for each part that a row can play. A value is its
 * pair's or triplet's share of the loss: what adds up to it.
 */
import { t } from '@vscode/l10n';
import { actsAsFloat, type Call, describe } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
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
  mul,
  notEqual,
  pick,
  sub,
  sum,
  where,
} from '../../language/expression.ts';
import { Space } from '../../language/space.ts';

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
  return new LossLensError('shape-mismatch', t('There is one label for each row of embeddings.'), {
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
  throw new LossLensError('dtype', t('Embeddings are normalised in floating point.'), {
    found: `${embeddings} ${describe(call.array(embeddings))}`,
    expected: t('float32 or float64'),
  });
}

/** Every row with every other, or with every reference. */
export function spaceOfPairs(call: Call, references: boolean): Space {
  const count = call.shape(references ? 'ref_emb' : 'embeddings')[0]!;
  const [size, features] = call.shape('embeddings') as [number, number];
  return new Space([
    { axis: 'row', size },
    { axis: 'other', size: count },
    { axis: 'feature', size: features },
  ]);
}

/** Whether the rows are compared with others than themselves. */
export function comparesWithReferences(call: Call): boolean {
  requireRows(call, 'embeddings', 'labels');
  if (!call.has('ref_emb')) {
    if (call.has('ref_labels')) call.warn('ignored', t('ref_labels without ref_emb are ignored.'));
    return false;
  }
  if (!call.has('ref_labels')) {
    throw new LossLensError('missing-input', t('Without ref_labels the labels of the rows would be taken.'), {
      found: t('ref_emb alone'),
      expected: t('ref_emb and ref_labels'),
    });
  }
  requireRows(call, 'ref_emb', 'ref_labels');
  const [own, others] = [call.array('embeddings'), call.array('ref_emb')];
  if (own.shape[1] !== others.shape[1] || own.dtype !== others.dtype) {
    throw misfit(call, ['embeddings', 'ref_emb'], t('embeddings of one length and one dtype'));
  }
  return true;
}

/** The rows in the first part, how to put them, or the references, in another, and the mean of no terms. */
export function rowsOf(
  call: Call,
  references: boolean,
): { rows: Rows; as: (axis: string) => Rows; none: Expr } {
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
export const partners = (a: Rows, b: Rows, references: boolean): Expr =>
  references ? sameClass(a, b) : and(sameClass(a, b), notEqual(index(a.along), index(b.along)));

export const distance = (a: Rows, b: Rows, feature: Dims): Expr =>
  euclideanNorm(sub(a.embedding, b.embedding), feature);

/**
 * Each term's share of the mean of those that are above 0, and 0 for all others. The mean of none is the sum of the
 * embeddings times 0: NaN where one of them is not finite.
 */
export function shareOfPositive(term: Expr, counts: Expr, over: Dims, none: Expr): Expr {
  const positive = and(counts, less(0, term));
  const count = sum(where(positive, 1, 0), over);
  return add(where(positive, div(term, count), 0), where(equal(count, 0), none, 0));
}
