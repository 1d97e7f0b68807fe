import assert from 'node:assert/strict';
import fc from 'fast-check';
import { interpret, layOut } from '../../../engine/backends/reference/interpreter.ts';
import * as x from '../../../engine/language/expression.ts';
import { simplify } from '../../../engine/language/simplify.ts';
import { compactStrides, countOf } from '../../../engine/language/space.ts';
import { problemOf, type TestLoss, written } from './graphs.ts';
import { randomLosses } from './random-graphs.ts';

/** The values of a loss, its sum and its gradients, each over all the dimensions that the first form has. */
function valuesOf(loss: TestLoss, roots: readonly x.Expr[], dims: readonly x.Dims[]): Float64Array[] {
  const values = interpret(
    { sizes: loss.sizes, dtype: 'float64', arrays: loss.arrays },
    roots,
    loss.uniforms,
  );
  return roots.map((root, i) => {
    const data = new Float64Array(countOf(dims[i]!, loss.sizes));
    const strides = compactStrides(dims[i]!, loss.sizes);
    return layOut(values.get(root)!, root.dims, { data, strides }, loss.sizes) as Float64Array;
  });
}

describe('simplify', () => {
  for (const lowered of [false, true]) {
    it(`keeps every value${lowered ? ' when it writes operations out' : ''}`, () => {
      fc.assert(
        // A factor that is NaN or infinite may leave an empty sum, which is then no longer 0.
        fc.property(randomLosses(200, { empty: false }), (loss) => {
          const { numerator, gradients } = problemOf(loss, 'float64', false);
          const roots = [
            loss.elements,
            x.sum(loss.elements, loss.elements.dims),
            numerator,
            ...Object.values(gradients),
          ];
          const dims = roots.map((root) => root.dims);
          const before = valuesOf(loss, roots, dims);
          const after = valuesOf(loss, simplify(roots, { lowered }), dims);
          before.forEach((values, r) => {
            const scale = values.reduce(
              (most, v) => (Number.isFinite(v) ? Math.max(most, Math.abs(v)) : most),
              1,
            );
            values.forEach((value, i) => {
              const other = after[r]![i]!;
              const same = value === other || (Number.isNaN(value) && Number.isNaN(other));
              if (same || Math.abs(value - other) <= 1e-9 * scale) return;
              assert.fail(
                `${written(roots[r]!)}\nwas ${value} at ${i}, and is ${other} as\n${written(simplify(roots, { lowered })[r]!)}`,
              );
            });
          });
        }),
        { numRuns: 300, seed: 20240229 },
      );
    });
  }

  const a = x.input('a', 3);
  const b = x.input('b', 3);
  const row = x.input('row', 1);
  const u = x.uniform('u');
  const truth = x.less(a, b);
  const simpler: readonly [string, x.Expr, string][] = [
    ['constants fold', x.mul(x.add(2, 3), x.sqrt(4)), '10'],
    [
      'nothing is added or multiplied by the neutral number',
      x.sub(x.div(x.mul(1, x.add(a, 0)), 1), 0),
      'a:11',
    ],
    ['two signs cancel', x.neg(x.mul(-1, a)), 'a:11'],
    ['a negative subtracts', x.add(a, x.neg(b)), 'sub(a:11, b:11)'],
    ['a selection whose branches are one needs no condition', x.where(truth, a, a), 'a:11'],
    ['a selection that is decided is its branch', x.where(x.less(1, 2), a, b), 'a:11'],
    ['numbers come together before arrays', x.mul(2, x.mul(a, x.mul(u, 3))), 'mul(mul(6, u), a:11)'],
    ['a factor leaves a sum', x.sum(x.mul(u, a), 3), 'mul(u, sum{11}(a:11))'],
    ['a sum of sums is one sum', x.sum(x.sum(a, 2), 1), 'sum{11}(a:11)'],
    [
      'a mean of means is one mean',
      x.mean(x.mean(a, 2), 1),
      'div(div(sum{11}(a:11), extent(10)), extent(1))',
    ],
    [
      'a sum of what lost its dimensions counts them',
      x.sum(x.where(x.less(1, 2), 5, a), 3),
      'mul(5, extent(11))',
    ],
    [
      'a maximum of what lost a dimension is over the others',
      x.maxOver(x.where(x.less(2, 1), a, row), 2),
      'row:1',
    ],
    [
      'selections by one condition are one',
      x.add(x.where(truth, a, 0), x.where(truth, 0, b)),
      'where(less(a:11, b:11), a:11, b:11)',
    ],
  ];
  for (const [what, expression, expected] of simpler) {
    it(what, () => assert.equal(written(simplify([expression])[0]!), expected));
  }

  it('makes equal nodes one object, and keeps different ones apart', () => {
    const [one, two, three] = simplify([
      x.exp(x.sub(a, x.maxOver(a, 2))),
      x.exp(x.sub(x.input('a', 3), x.maxOver(x.input('a', 3), 2))),
      x.exp(x.sub(a, x.maxOver(a, 1))),
    ]);
    assert.equal(one, two);
    assert.notEqual(one, three);
    const [tie, noTie, zero, minusZero] = simplify([
      x.max(a, b, { tie: 0.5 }),
      x.max(a, b, { tie: 1 }),
      x.max(a, 0, { tie: 0 }),
      x.max(a, -0, { tie: 0 }),
    ]);
    assert.notEqual(tie, noTie);
    assert.notEqual(zero, minusZero);
  });

  it('computes the exponential of softplus and of its derivative once', () => {
    const [value, slope] = simplify([x.softplus(a), x.sigmoid(a)], { lowered: true });
    const exponentials = x
      .topological([value!, slope!])
      .filter((node) => node.kind === 'apply' && node.operation === 'expOfNegativeAbs');
    assert.equal(exponentials.length, 1);
  });
});
