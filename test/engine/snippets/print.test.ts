/** The lowering to code that is read: how values line up, what gets a name, what is left out. */
import assert from 'node:assert/strict';
import {
  add,
  constant,
  div,
  type Expr,
  equal,
  exp,
  extent,
  input,
  less,
  log,
  max,
  mul,
  neg,
  pick,
  sub,
  sum,
  uniform,
  where,
} from '../../../engine/language/expression.ts';
import { simplify } from '../../../engine/language/simplify.ts';
import { type Dialect, numpy, tfjs, torch } from '../../../engine/snippets/dialect.ts';
import { Printer, Uncomparable } from '../../../engine/snippets/print.ts';

const [rows, columns] = [1, 2];
const x = input('x', rows | columns);
const row = input('row', rows);
const column = input('column', columns);
const label = input('label', rows);

/** The code of a value, and the assignments before it. */
function code(of: Expr, dialect: Dialect = numpy, differentiated = false): string {
  const [root] = simplify([of]) as [Expr];
  const printer = new Printer({
    dialect,
    differentiated,
    sizes: [4, 3],
    inputs: {
      x: { name: 'x', dims: [0, 1], inRange: false, made: true },
      row: { name: 'row', dims: [0], inRange: false, made: false },
      column: { name: 'column', dims: [1], inRange: false, made: false },
      label: { name: 'label', dims: [0], inRange: true, made: false },
    },
  });
  const [printed] = printer.print([root]);
  return [...printer.lines.map(([name, line]) => `${name} = ${line}`), printed!.code].join('\n');
}

describe('printed code', () => {
  it('brackets what binds less tightly', () => {
    assert.equal(code(mul(x, add(x, 1))), 'x * (x + 1)');
    assert.equal(code(sub(x, sub(x, column))), 'x - (x - column)');
    assert.equal(code(neg(add(x, column))), '-(x + column)');
    assert.equal(code(div(x, mul(x, column))), 'x / (x * column)');
    assert.equal(code(add(x, constant(-2))), 'x - 2');
    assert.equal(code(mul(add(x, 1), add(x, 1))), 'total = x + 1\ntotal ** 2');
  });

  it('lines values up by their dimensions', () => {
    assert.equal(code(add(x, column)), 'x + column');
    assert.equal(code(add(x, row)), 'x + row[:, None]');
    assert.equal(code(add(row, column)), 'row[:, None] + column');
    assert.equal(code(add(x, row), tfjs), 'tf.add(x, tf.expandDims(row, 1))');
  });

  it('keeps an axis of a sum only where something needs it', () => {
    assert.equal(code(log(sum(exp(x), columns))), 'np.log(np.sum(np.exp(x), axis=-1))');
    assert.equal(code(div(x, sum(x, columns))), 'x / np.sum(x, axis=-1, keepdims=True)');
    assert.equal(code(div(x, sum(x, rows))), 'x / np.sum(x, axis=-2)');
    assert.equal(code(sub(row, sum(x, columns))), 'row - np.sum(x, axis=-1)');
  });

  it('calls a sum over its size a mean', () => {
    assert.equal(code(div(sum(x, columns), extent(columns))), 'np.mean(x, axis=-1)');
    assert.equal(code(div(sum(x, columns), extent(rows))), 'np.sum(x, axis=-1) / x.shape[0]');
  });

  it('names what is used twice', () => {
    const e = exp(x);
    assert.equal(code(add(e, log(e))), 'exponential = np.exp(x)\nexponential + np.log(exponential)');
  });

  it('looks a class up without asking whether it is one', () => {
    const picked = pick(x, label, columns);
    assert.equal(code(picked), 'np.take_along_axis(x, label[:, None], axis=1)');
    const asked = code(pick(x, row, columns));
    assert.match(asked, /0 <= row/, 'of other integers it is asked');
  });

  it('bounds by a number as each framework does', () => {
    const bounded = max(x, 0, { tie: 0 });
    assert.equal(code(bounded), 'np.maximum(x, 0)');
    assert.equal(code(bounded, torch), 'torch.clamp(x, min=0)');
    assert.equal(code(max(x, column, { tie: 0 }), torch), 'torch.maximum(x, column)');
  });

  it('leaves the tie out that the strict comparison behind it has', () => {
    const chosen = where(less(0, x), column, 0);
    assert.equal(code(where(equal(x, 0), 0, chosen)), 'np.where(0 < x, column, 0)');
    assert.match(code(where(equal(x, 0), 5, chosen)), /x == 0/);
  });

  it('computes with numbers as the language does', () => {
    assert.equal(code(mul(sub(1, uniform('alpha')), x), tfjs), 'tf.mul(1 - alpha, x)');
    assert.equal(code(mul(exp(uniform('alpha')), x), torch), 'math.exp(alpha) * x');
  });

  it('compares nothing in TensorFlow.js that is differentiated', () => {
    assert.equal(
      code(where(less(0, x), column, 0), tfjs, true),
      'above = tf.step(x)\ntf.add(tf.mul(above, column), tf.mul(tf.sub(1, above), 0))',
    );
    assert.throws(() => code(where(equal(x, column), x, 0), tfjs, true), Uncomparable);
    assert.equal(code(where(equal(row, 1), x, 0), tfjs, true).includes('tf.equal(row, 1)'), true);
  });
});
