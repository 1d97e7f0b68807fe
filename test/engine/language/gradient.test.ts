/** Every operation's derivative, what is sent back at kinks, and what a branch not taken must never reach. */
import assert from 'node:assert/strict';
import type { Backend } from '../../../engine/backends/backend.ts';
import { reference } from '../../../engine/backends/reference/interpreter.ts';
import { wasm } from '../../../engine/backends/wasm/backend.ts';
import type { OperationName } from '../../../engine/language/expression.ts';
import * as x from '../../../engine/language/expression.ts';
import { operations } from '../../../engine/language/operations.ts';
import { configure, dispose } from '../../../engine/node.ts';
import { lossOf, problemOf, type TestLoss } from './graphs.ts';

const inf = Number.POSITIVE_INFINITY;
const nan = Number.NaN;

/** The sum of the elements (their mean is what problems differentiate), and its gradients. */
async function run(
  loss: TestLoss,
  backend: Backend,
): Promise<{ elements: number[]; gradients: Record<string, number[]> }> {
  const execution = backend.prepare(problemOf(loss, 'float64', true));
  const { elements, gradients } = await execution.run(loss.uniforms);
  const count = loss.sizes.reduce(
    (product, size, d) => (loss.elements.dims & (1 << d) ? product * size : product),
    1,
  );
  const result = {
    elements: Array.from(elements!, Number),
    gradients: Object.fromEntries(
      Object.entries(gradients).map(([name, data]): [string, number[]] => [
        name,
        Array.from(data, Number).map((g) => g * count),
      ]),
    ),
  };
  execution.dispose();
  return result;
}

/** Central differences of the sum of the elements by every entry of every input. */
async function assertDifferentiable(loss: TestLoss): Promise<void> {
  const { gradients } = await run(loss, reference);
  const total = async (name: string, i: number, shift: number): Promise<number> => {
    const { data, strides } = loss.arrays[name]!;
    const moved = Float64Array.from(data, Number);
    moved[i]! += shift;
    const { elements } = await run(
      { ...loss, arrays: { ...loss.arrays, [name]: { data: moved, strides } }, inputs: [] },
      reference,
    );
    return elements.reduce((sum, element) => sum + element, 0);
  };
  for (const { name } of loss.inputs) {
    const actual = gradients[name];
    assert.ok(actual, `a gradient by ${name}`);
    for (let i = 0; i < actual.length; i++) {
      const step = 1e-5;
      const slope = ((await total(name, i, step)) - (await total(name, i, -step))) / (2 * step);
      assert.ok(
        Math.abs(actual[i]! - slope) <= 1e-7 * Math.max(1, Math.abs(slope)),
        `by ${name} at ${i}: ${actual[i]}, the difference quotient ${slope}`,
      );
    }
  }
}

/** Numbers are compared with −0 equal to 0; NaN equals NaN. */
function assertNumbers(actual: readonly number[], expected: readonly number[], what: string): void {
  assert.deepEqual(
    actual.map((value) => value + 0),
    expected.map((value) => value + 0),
    what,
  );
}

describe('the derivative of every operation', () => {
  /** Arguments at interior points, both sides of each kink; the positions that are differentiated by. */
  const points: Partial<
    Record<OperationName, { args: readonly (readonly number[])[]; by?: readonly number[] }>
  > = {
    add: { args: [[-1.5, 2], [0.25, 3]] }, // biome-ignore format: a table
    sub: { args: [[-1.5, 2], [0.25, 3]] }, // biome-ignore format: a table
    mul: { args: [[-1.5, 0, 2], [0.25, 3, 0]] }, // biome-ignore format: a table
    div: { args: [[-1.5, 0, 2], [0.25, 3, -0.7]] }, // biome-ignore format: a table
    neg: { args: [[-1.5, 2]] },
    abs: { args: [[-1.5, 0.01, 2]] },
    sqrt: { args: [[0.3, 1, 9]] },
    exp: { args: [[-3, 0, 2]] },
    log: { args: [[0.2, 1, 9]] },
    log1p: { args: [[-0.5, 0, 9]] },
    expm1: { args: [[-3, 0, 2]] },
    tanh: { args: [[-2, 0, 1]] },
    sigmoid: { args: [[-30, -2, 0, 1, 30]] },
    softplus: { args: [[-30, -2, 0, 1, 30]] },
    pow: { args: [[0.5, 2, 1.5, 3], [2, -1, 0, 0.5]] }, // biome-ignore format: a table
    xlogy: { args: [[-1.5, 0.5, 2], [0.25, 1, 3]] }, // biome-ignore format: a table
    xlog1py: { args: [[-1.5, 0.5, 2], [-0.25, 0, 3]] }, // biome-ignore format: a table
    max: { args: [[-1.5, 2], [0.25, 1]] }, // biome-ignore format: a table
    min: { args: [[-1.5, 2], [0.25, 1]] }, // biome-ignore format: a table
    clamp: { args: [[-3, 0.5, 3], [-1, -1, -1], [1, 1, 1]], by: [0] }, // biome-ignore format: a table
    where: { args: [[1, 0], [0.25, 3], [2, 5]], by: [1, 2] }, // biome-ignore format: a table
  };

  for (const name of Object.keys(operations) as OperationName[]) {
    if (!operations[name].derivative) continue;
    it(`${name} agrees with finite differences`, async () => {
      const point = points[name];
      assert.ok(point, `no point is given for ${name}`);
      const { args, by = args.keys() } = point;
      const given = Object.fromEntries(args.map((data, i) => [`x${i}`, [1, data] as const]));
      await assertDifferentiable(
        lossOf(
          [args[0]!.length],
          given,
          (inputs) => {
            const list = Object.values(inputs);
            return x.apply(name, name === 'where' ? [x.less(0, list[0]!), ...list.slice(1)] : list);
          },
          { by: [...by].map((i) => `x${i}`) },
        ),
      );
    });
  }

  it('is nothing for truths, signs and what is stopped', async () => {
    const without = (Object.keys(operations) as OperationName[]).filter(
      (name) => !operations[name].derivative,
    );
    assert.deepEqual(
      without.sort(),
      [
        'and',
        'equal',
        'expOfNegativeAbs',
        'less',
        'lessEqual',
        'log1pUnit',
        'notEqual',
        'or',
        'sign',
        'stop',
      ],
      'those that only the lowered form has are differentiated before they come to be',
    );
    const loss = lossOf([2], { a: [1, [1.5, -2]] }, ({ a }) => x.mul(x.stop(a!), x.sign(a!)));
    assert.deepEqual((await run(loss, reference)).gradients, {});
  });
});

describe('the derivative of what changes dimensions', () => {
  const a = [0.3, -1.2, 2.1, 0.7, -0.4, 1.6];
  const losses: readonly [string, TestLoss][] = [
    ['a sum of one dimension', lossOf([2, 3], { a: [3, a] }, ({ a }) => x.square(x.sum(a!, 2)))],
    ['a mean of two dimensions', lossOf([2, 3], { a: [3, a] }, ({ a }) => x.square(x.mean(x.exp(a!), 3)))],
    [
      'a sum over a dimension that is lacking',
      lossOf([2, 3], { a: [1, [2, 3]] }, ({ a }) => x.square(x.sum(a!, 3))),
    ],
    ['a maximum', lossOf([2, 3], { a: [3, a] }, ({ a }) => x.square(x.maxOver(a!, 2)))],
    [
      'a minimum over the outer dimension',
      lossOf([2, 3], { a: [3, a] }, ({ a }) => x.square(x.minOver(a!, 1))),
    ],
    ['logSumExp', lossOf([2, 3], { a: [3, a] }, ({ a }) => x.logSumExp(x.mul(2, a!), 2))],
    ['logSoftmax', lossOf([2, 3], { a: [3, a] }, ({ a }) => x.square(x.logSoftmax(a!, 1)))],
    [
      'inputs repeated along dimensions that they lack',
      lossOf([2, 3], { a: [3, a], row: [2, [0.5, 1, 2]], column: [1, [3, -1]], all: [0, [0.7]] }, (given) =>
        x.mul(x.mul(given.a!, given.row!), x.exp(x.mul(given.column!, given.all!))),
      ),
    ],
    [
      'an element picked by number, and one picked twice',
      lossOf(
        [3, 2],
        { a: [3, a], label: [1, [1, 0, 1]] },
        ({ a, label }) => x.square(x.pick(x.exp(a!), label!, 2)),
        {
          by: ['a'],
        },
      ),
    ],
    [
      'an input without the batch, picked out of by every row',
      lossOf(
        [3, 2],
        { w: [2, [0.5, 2]], label: [1, [1, 0, 1]] },
        ({ w, label }) => x.square(x.pick(w!, label!, 2)),
        {
          by: ['w'],
        },
      ),
    ],
  ];
  for (const [what, loss] of losses) it(what, () => assertDifferentiable(loss));

  it('shares a tied maximum equally', async () => {
    const loss = lossOf([4], { a: [1, [2, 5, 5, 1]] }, ({ a }) => x.maxOver(a!, 1));
    for (const backend of [reference, wasm]) {
      assert.deepEqual((await run(loss, backend)).gradients, { a: [0, 0.5, 0.5, 0] });
    }
  });

  it('a declared gradient takes the place of the derivative', async () => {
    const loss = lossOf([2], { a: [1, [3, 4]] }, ({ a }) =>
      x.mul(2, x.withGradient(x.square(a!), [[a!, x.constant(10)]])),
    );
    for (const backend of [reference, wasm]) {
      const { elements, gradients } = await run(loss, backend);
      assert.deepEqual([elements, gradients], [[18, 32], { a: [20, 20] }]);
    }
  });
});

describe('on either CPU backend', () => {
  before(() => configure({ threads: 1 }));
  after(() => dispose());

  for (const backend of [reference, wasm]) {
    describe(backend.name, () => {
      describe('a kink takes the subgradient that it is given', () => {
        for (const share of [0, 0.5, 1]) {
          for (const apply of [x.max, x.min]) {
            it(`${apply.name} of equal arguments, tie: ${share}`, async () => {
              const loss = lossOf([1], { a: [1, [2]], b: [1, [2]] }, ({ a, b }) =>
                apply(a!, b!, { tie: share }),
              );
              assert.deepEqual(await run(loss, backend), {
                elements: [2],
                gradients: { a: [share], b: [1 - share] },
              });
            });
          }
          it(`clamp, atBounds: ${share}`, async () => {
            const loss = lossOf([4], { a: [1, [-1, 0, 1, 2]] }, ({ a }) =>
              x.clamp(a!, -1, 1, { atBounds: share }),
            );
            assert.deepEqual(await run(loss, backend), {
              elements: [-1, 0, 1, 1],
              gradients: { a: [share, 1, share, 0] },
            });
          });
        }
        it('the absolute value of 0 sends back nothing', async () => {
          const loss = lossOf([1], { a: [1, [0]] }, ({ a }) => x.abs(a!));
          assertNumbers((await run(loss, backend)).gradients.a!, [0], 'gradient');
        });
        it('a power of 0 to the 0 is 1, with derivative 0', async () => {
          const loss = lossOf([1], { a: [1, [0]] }, ({ a }) => x.pow(a!, x.constant(0)));
          const { elements, gradients } = await run(loss, backend);
          assertNumbers(elements, [1], 'value');
          assertNumbers(gradients.a ?? [0], [0], 'gradient');
        });
        it('0·log 0 is 0, with derivative 0', async () => {
          const loss = lossOf([1], { a: [1, [0]], b: [1, [0]] }, ({ a, b }) => x.xlogy(a!, b!));
          const { elements, gradients } = await run(loss, backend);
          assertNumbers([...elements, ...gradients.a!, ...gradients.b!], [0, 0, 0], 'value and gradients');
        });
      });

      describe('the branch not taken reaches neither value nor gradient', () => {
        const shields: readonly {
          what: string;
          a: readonly number[];
          write: (a: x.Expr) => x.Expr;
          value: readonly number[];
          slope: readonly number[];
        }[] = [
          {
            what: 'log of a negative and of 0',
            a: [-1, 0, 1, 2],
            write: (a) => x.where(x.less(0.5, a), x.log(a), a),
            value: [-1, 0, 0, Math.log(2)],
            slope: [1, 1, 1, 0.5],
          },
          {
            what: 'a quotient by 0, multiplied by 0 later',
            a: [0, 2],
            write: (a) => x.mul(a, x.where(x.notEqual(a, 0), x.div(1, a), 3)),
            value: [0, 1],
            slope: [3, 0],
          },
          {
            what: 'the root at 0, whose slope is infinite',
            a: [0, 4],
            write: (a) => x.where(x.equal(a, 0), 0, x.sqrt(a)),
            value: [0, 2],
            slope: [0, 0.25],
          },
          {
            what: 'a chain of them',
            a: [0, 4],
            write: (a) => x.where(x.equal(a, 0), 0, x.exp(x.log(x.sqrt(x.div(1, a))))),
            value: [0, 0.5],
            slope: [0, -0.0625],
          },
          {
            what: 'an input that is NaN or infinite itself',
            a: [nan, inf, -inf, 3],
            write: (a) => x.where(x.less(x.abs(a), 10), x.square(a), 7),
            value: [7, 7, 7, 9],
            slope: [0, 0, 0, 6],
          },
          {
            what: 'one where inside another',
            a: [-1, 0, 4],
            write: (a) => x.where(x.less(a, 0), x.neg(a), x.where(x.less(0, a), x.log(a), 5)),
            value: [1, 5, Math.log(4)],
            slope: [-1, 0, 0.25],
          },
        ];
        for (const { what, a, write, value, slope } of shields) {
          it(what, async () => {
            const loss = lossOf([a.length], { a: [1, a] }, ({ a }) => write(a!));
            const { elements, gradients } = await run(loss, backend);
            const digits = (list: readonly number[]) => list.map((n) => Number(n.toPrecision(12)));
            assertNumbers(digits(elements), digits(value), 'value');
            assertNumbers(digits(gradients.a!), digits(slope), 'gradient');
          });
        }

        it('but shows its NaN where the library does: shields: false', async () => {
          const loss = lossOf([2], { a: [1, [0, 4]] }, ({ a }) =>
            x.where(x.equal(a!, 0), 0, x.sqrt(a!), { shields: false }),
          );
          assert.deepEqual(await run(loss, backend), { elements: [0, 2], gradients: { a: [nan, 0.25] } });
        });
      });

      it('an index outside the classes picks 0 and sends nothing back', async () => {
        const loss = lossOf(
          [6, 3],
          { a: [3, Array.from({ length: 18 }, (_, i) => i + 1)], label: [1, [0, 2, 3, -1, -100, 1e9]] },
          ({ a, label }) => x.pick(a!, label!, 2),
          { by: ['a'] },
        );
        const { elements, gradients } = await run(loss, backend);
        assertNumbers(elements, [1, 6, 0, 0, 0, 0], 'value');
        assertNumbers(gradients.a!, [1, 0, 0, 0, 0, 1, ...new Array(12).fill(0)], 'gradient');
      });

      it('an element picked of what does not vary along the classes is that', async () => {
        const loss = lossOf(
          [2, 3],
          { a: [1, [5, 7]], label: [1, [2, 9]] },
          ({ a, label }) => x.pick(a!, label!, 2),
          {
            by: ['a'],
          },
        );
        assert.deepEqual(await run(loss, backend), { elements: [5, 0], gradients: { a: [1, 0] } });
      });

      it('a sum counts a value as often as it is repeated', async () => {
        const loss = lossOf([2, 3, 4], { a: [2, [1, 2, 3]] }, ({ a }) => x.sum(a!, 7));
        assert.deepEqual(await run(loss, backend), { elements: [48], gradients: { a: [8, 8, 8] } });
      });

      it('a maximum and a mean do not', async () => {
        const loss = lossOf([2, 3, 4], { a: [2, [1, 2, 3]] }, ({ a }) =>
          x.add(x.maxOver(a!, 7), x.mean(a!, 7)),
        );
        assert.deepEqual((await run(loss, backend)).elements, [5]);
      });
    });
  }
});
