/** What the losses over embeddings share: vectors along the last axis, and one number a vector. */
import { t } from '@vscode/l10n';
import { type Call, describe } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  add,
  type Dims,
  type Expr,
  equal,
  exp,
  type Input,
  index,
  log,
  maxOver,
  pick,
  stop,
  sub,
  sum,
  where,
} from '../../language/expression.ts';
import { Space } from '../../language/space.ts';
import { elementwise, sameShape } from '../../layout.ts';

/** Arrays of vectors of one shape, along `feature`. */
export const embeddings = (call: Call, names: readonly [string, ...string[]]): Input[] =>
  elementwise(call, names, 'feature');

/** An array with one number for each vector of another. */
export function placeRows(call: Call, name: string, of: string): Input {
  const expected = call.shape(of).slice(0, -1);
  if (!sameShape(call.shape(name), expected)) {
    throw new LossLensError('shape-mismatch', t`${name} is one number for each vector of ${of}.`, {
      found: `${name} [${call.shape(name).join(', ')}], ${of} [${call.shape(of).join(', ')}]`,
      expected: `[${expected.join(', ')}]`,
    });
  }
  return call.place(name, [...expected.keys()]);
}

/** Rows, and what each is compared with; both have the features of `along`. */
export interface RowsAndReferences {
  readonly embedding: Expr;
  readonly label: Expr;
  readonly reference: Expr;
  readonly referenceLabel: Expr;
  readonly row: Dims;
  readonly references: Dims;
  readonly along: Dims;
}

/** A row's own value, looked up by the number of the reference. */
export const asReference = (x: Input, row: Dims, references: Dims): Expr => pick(x, index(references), row);

/**
 * The rows of a batch, compared with each other.
 * @throws LossLensError `shape-mismatch` unless embeddings are [N, D] and labels [N].
 */
export function rowsAndReferences(call: Call, embeddings: string, labels: string): RowsAndReferences {
  const shape = call.shape(embeddings);
  if (shape.length !== 2 || !sameShape(shape.slice(0, 1), call.shape(labels))) {
    throw new LossLensError('shape-mismatch', t('There is one label for each row of embeddings.'), {
      found: `${embeddings} ${describe(call.array(embeddings))}, ${labels} ${describe(call.array(labels))}`,
      expected: t('[N, D] and [N]'),
    });
  }
  call.space = new Space([
    { axis: 'batch', size: shape[0]! },
    { axis: 'reference', size: shape[0]! },
    { axis: 'feature', size: shape[1]! },
  ]);
  const [row, references] = [call.space.axis('batch'), call.space.axis('reference')];
  const embedding = call.place(embeddings, [0, 2]);
  const label = call.place(labels, [0]);
  return {
    embedding,
    label,
    reference: asReference(embedding, row, references),
    referenceLabel: asReference(label, row, references),
    row,
    references,
    along: call.space.axis('feature'),
  };
}

/** log Σ exp over those of a row that count: −∞, with no gradient, where none does. */
export function logSumExpOf(counts: Expr, x: Expr, over: Dims): Expr {
  const largest = maxOver(where(counts, x, Number.NEGATIVE_INFINITY), over);
  const shift = stop(where(equal(largest, Number.NEGATIVE_INFINITY), 0, largest));
  const total = sum(where(counts, exp(sub(x, shift)), 0), over);
  return add(log(total), shift);
}
