/**
 * The kernels that are written, assembled and run on threads, against the interpreter that takes one node after the other:
 * on random losses, large ones too, and on every length of the last vector in every schedule. test/fuzz searches further among
 * the small ones.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { reference } from '../../../engine/backends/reference/interpreter.ts';
import { wasm } from '../../../engine/backends/wasm/backend.ts';
import * as x from '../../../engine/language/expression.ts';
import { configure, dispose } from '../../../engine/node.ts';
import { lossOf, problemOf, type TestLoss } from '../language/graphs.ts';
import { randomLosses } from '../language/random-graphs.ts';
import { describeLoss, disagreements } from './agreement.ts';

const dtypes = ['float32', 'float64'] as const;
const runs = 60;
const seed = 20240229;

async function assertAgreement(loss: TestLoss, dtype: (typeof dtypes)[number], withElements = true) {
  const found = await disagreements(loss, dtype, withElements);
  assert.ok(found.length === 0, `${describeLoss(loss)}\nin ${dtype}\n${found.join('\n')}`);
}

/** Multiples of 1/8 from −2 to 2, in no order. */
const scattered = (length: number, from = 0): Float32Array =>
  Float32Array.from({ length }, (_, i) => (Math.imul(i + from + 1, 0x9e3779b1) >>> 27) / 8 - 2);

/** What each pixel differs by from a neighbour, squared; 0 where there is none. */
const differs = (image: x.Expr, along: x.Dims, offset: number): x.Expr =>
  x.where(x.insideAt(along, offset), x.square(x.sub(x.shift(image, along, offset), image)), 0);

describe('wasm agrees with the reference', () => {
  after(() => {
    configure({ threads: 2 });
    dispose();
  });

  describe('on random losses', () => {
    for (const { threads, most, share, special } of [
      { threads: 1, most: 1500, share: 2, special: false },
      { threads: 1, most: 300, share: 2, special: true },
      { threads: 2, most: 40000, share: 0.4, special: false },
      { threads: 3, most: 60000, share: 0.4, special: false },
    ]) {
      const what = special ? ' that are given NaN and infinities' : '';
      it(`of about ${most} positions${what}, threads: ${threads}`, async function () {
        this.timeout(60_000);
        configure({ threads });
        await fc.assert(
          fc.asyncProperty(
            randomLosses(most, { special }),
            fc.constantFrom(...dtypes),
            fc.boolean(),
            assertAgreement,
          ),
          { numRuns: Math.ceil(runs * share), seed },
        );
      });
    }
  });

  describe('at every length of the last vector', () => {
    const lengths = [0, 1, 2, 3, 4, 5, 17, 127, 128, 129, 1023, 1024, 1025, 5000];
    const rowLoss =
      (row: x.Dims) =>
      ({ a, w }: Readonly<Record<string, x.Input>>) =>
        x.mul(
          x.add(x.square(x.sum(x.mul(w!, x.exp(x.logSoftmax(a!, row))), row)), 1),
          x.maxOver(x.sub(a!, w!), row),
        );
    const schedules: readonly [string, (length: number) => TestLoss][] = [
      [
        'of neighbouring elements',
        (n) =>
          lossOf([n], { a: [1, scattered(n)], b: [1, scattered(n, 3)] }, ({ a, b }) =>
            x.softplus(x.mul(a!, x.sub(a!, b!))),
          ),
      ],
      ['of a row', (n) => lossOf([n], { a: [1, scattered(n)], w: [1, scattered(n, 5)] }, rowLoss(1))],
      [
        'of three rows',
        (n) => lossOf([3, n], { a: [3, scattered(3 * n)], w: [2, scattered(n)] }, rowLoss(2)),
      ],
      [
        'of neighbouring rows',
        (n) => lossOf([3, n], { a: [3, scattered(3 * n)], w: [1, scattered(3)] }, rowLoss(1)),
      ],
      [
        'of neighbouring rows, in two batches',
        (n) => lossOf([2, 3, n], { a: [7, scattered(6 * n)], w: [6, scattered(3 * n)] }, rowLoss(2)),
      ],
      [
        'of rows of two dimensions',
        (n) => lossOf([2, 3, n], { a: [7, scattered(6 * n)], w: [4, scattered(n)] }, rowLoss(6)),
      ],
      [
        'of an input that is repeated, whose gradient is summed back',
        (n) =>
          lossOf(
            [3, n],
            { a: [3, scattered(3 * n)], row: [2, scattered(n)], column: [1, scattered(3)] },
            ({ a, row, column }) => x.mul(x.square(x.sub(a!, row!)), x.tanh(column!)),
          ),
      ],
    ];
    for (const [what, make] of schedules) {
      it(what, async () => {
        configure({ threads: 1 });
        for (const length of lengths) {
          for (const dtype of dtypes) await assertAgreement(make(length), dtype);
        }
      });
    }
  });

  describe('shared among threads', () => {
    const big: readonly [string, TestLoss][] = [
      [
        'one long row of elements',
        lossOf([70001], { a: [1, scattered(70001)], b: [1, scattered(70001, 9)] }, ({ a, b }) =>
          x.square(x.sub(a!, b!)),
        ),
      ],
      [
        'many short rows',
        lossOf([9001, 7], { a: [3, scattered(63007)], w: [2, scattered(7)] }, ({ a, w }) =>
          x.sum(x.mul(w!, x.logSoftmax(a!, 2)), 2),
        ),
      ],
      [
        'few long rows, more threads than rows',
        lossOf([2, 33333], { a: [3, scattered(66666)] }, ({ a }) => x.logSumExp(a!, 2)),
      ],
      [
        'a class axis in the middle',
        lossOf([3, 5, 4099], { a: [7, scattered(61485)], w: [2, scattered(5)] }, ({ a, w }) =>
          x.sum(x.mul(w!, x.logSoftmax(a!, 2)), 2),
        ),
      ],
      [
        'rows so long that vectors stand side by side',
        lossOf([401, 659], { a: [3, scattered(264259)], w: [2, scattered(659)] }, ({ a, w }) =>
          x.sum(x.mul(w!, x.logSoftmax(a!, 2)), 2),
        ),
      ],
      [
        'rows in vectors side by side, a class axis in the middle, with the position along the lanes',
        lossOf([3, 5, 17483], { a: [7, scattered(262245)], w: [2, scattered(5)] }, ({ a, w }) =>
          x.mul(x.sum(x.mul(w!, x.logSoftmax(a!, 2)), 2), x.add(1, x.div(x.index(4), 20000))),
        ),
      ],
      [
        'the largest and the smallest of everything, and of each column',
        lossOf([20011, 3], { a: [3, scattered(60033)] }, ({ a }) =>
          x.mul(x.sub(x.maxOver(a!, 3), x.minOver(a!, 1)), x.sub(x.maxOver(a!, 1), x.mean(a!, 2))),
        ),
      ],
    ];
    for (const [what, loss] of big) {
      it(what, async () => {
        for (const threads of [1, 3]) {
          configure({ threads });
          for (const dtype of dtypes) await assertAgreement(loss, dtype);
        }
      });
    }
  });

  describe('beside the ends of a dimension, where neighbours are compared', () => {
    before(() => configure({ threads: 1 }));

    // From 32 positions on, vectors that are far from both ends do not ask; threads take 1024 neighbours at a time.
    for (const [height, width] of [
      [31, 33],
      [32, 32],
      [40, 31],
      [33, 1025],
      [2, 2050],
      [70, 129],
    ] as const) {
      const image = { image: [7, scattered(2 * height * width)] } as const;
      for (const [what, loss] of [
        ['each pixel', ({ image: a }) => x.add(differs(a!, 4, 1), differs(a!, 2, 1))],
        ['further neighbours', ({ image: a }) => x.add(differs(a!, 4, -3), x.mul(8, differs(a!, 2, 2)))],
        ['each image', ({ image: a }) => x.sqrt(x.sum(x.add(differs(a!, 4, 1), differs(a!, 2, -1)), 6))],
        ['each row', ({ image: a }) => x.sqrt(x.sum(differs(a!, 4, 5), 4))],
        ['each column', ({ image: a }) => x.sqrt(x.sum(differs(a!, 2, 1), 2))],
      ] satisfies [string, (nodes: Record<string, x.Expr>) => x.Expr][]) {
        it(`${what} of ${height} × ${width}`, async () => {
          for (const dtype of dtypes)
            await assertAgreement(lossOf([2, height, width], image, loss), dtype, true);
        });
      }
    }
  });

  describe('in images so large that rows are kept beside each other', () => {
    const image = { image: [7, scattered(2 * 391 * 337)] } as const;
    for (const [what, loss] of [
      ['the next row and column', (a) => x.add(differs(a, 4, 1), differs(a, 2, 1))],
      ['further rows and columns', (a) => x.add(differs(a, 4, -3), x.mul(8, differs(a, 2, 2)))],
      ['two rows of either side', (a) => x.add(differs(a, 2, -2), x.add(differs(a, 2, 1), differs(a, 4, 2)))],
      ['the next image', (a) => x.add(differs(a, 1, 1), differs(a, 2, 1))],
      ['a sum of each image', (a) => x.sqrt(x.sum(x.add(differs(a, 4, 1), differs(a, 2, -1)), 6))],
    ] satisfies [string, (image: x.Expr) => x.Expr][]) {
      it(what, async () => {
        for (const [threads, dtype] of [
          [1, 'float64'],
          [3, 'float32'],
        ] as const) {
          configure({ threads });
          await assertAgreement(
            lossOf([2, 391, 337], image, ({ image: a }) => loss(a!)),
            dtype,
            true,
          );
        }
      }).timeout(120_000);
    }
  });

  describe('where a kernel writer goes wrong', () => {
    before(() => configure({ threads: 1 }));

    const cases: readonly [string, TestLoss][] = [
      [
        'a maximum over one dimension of a maximum over another',
        lossOf([3, 4, 5], { a: [7, scattered(60)] }, ({ a }) => x.maxOver(x.maxOver(a!, 1), 4)),
      ],
      [
        'a minimum that keeps the last dimension',
        lossOf([6, 5, 7], { a: [7, scattered(210)] }, ({ a }) => x.minOver(x.mean(a!, 2), 1)),
      ],
      [
        'a sum along a part of the dimensions that a row has',
        lossOf([3, 4, 5], { a: [7, scattered(60)], b: [6, scattered(20)] }, ({ a, b }) =>
          x.mul(x.square(b!), x.maxOver(a!, 5)),
        ),
      ],
      [
        'a kept exponential that is read after another gradient was stored where it lay',
        lossOf([3, 5], { b: [3, scattered(15, 4)], a: [3, scattered(15)] }, ({ a, b }) =>
          x.mul(x.square(b!), x.sum(x.square(x.div(x.exp(a!), x.sum(x.exp(a!), 2))), 2)),
        ),
      ],
      [
        'an element picked along one dimension of a row that has two',
        lossOf([3, 4, 5], { a: [7, scattered(60)], label: [1, [0, 3, 1]] }, ({ a, label }) =>
          x.sum(x.pick(x.square(a!), label!, 2), 4),
        ),
      ],
      [
        'an element picked for every place of a row',
        lossOf(
          [3, 4, 9],
          { a: [7, scattered(108)], label: [5, Array.from({ length: 27 }, (_, i) => i % 5)] },
          ({ a, label }) => x.square(x.sum(x.pick(a!, label!, 2), 4)),
        ),
      ],
      [
        'an element picked out of few, very long rows',
        lossOf(
          [5, 100_000],
          { a: [3, scattered(500_000)], label: [1, [0, 99_999, 5, -1, 70_000]] },
          ({ a, label }) => x.pick(a!, label!, 2),
          { by: [] },
        ),
      ],
      [
        'an empty row, whose largest is −∞ and whose sum is 0',
        lossOf([3, 0], { a: [3, []], b: [1, [1, 2, 3]] }, ({ a, b }) =>
          x.where(x.less(x.maxOver(a!, 2), b!), x.sub(b!, x.sum(a!, 2)), 100),
        ),
      ],
      [
        'a sum over what a branch not taken would have varied along',
        lossOf([3, 4], { a: [3, scattered(12)] }, ({ a }) => x.sum(x.where(x.less(1, 0), a!, 2), 3)),
      ],
      ['a loss of one number', lossOf([], { a: [0, [1.5]] }, ({ a }) => x.mul(a!, x.softplus(a!)))],
      [
        'a loss of one number in five dimensions',
        lossOf([1, 1, 1, 1, 1], { a: [31, [1.5]] }, ({ a }) => x.logSumExp(x.tanh(a!), 31)),
      ],
    ];
    for (const [what, loss] of cases) {
      it(what, async () => {
        for (const dtype of dtypes) {
          await assertAgreement(loss, dtype, true);
          await assertAgreement({ ...loss, inputs: [] }, dtype, false);
        }
      });
    }

    for (const [what, loss] of [
      [
        'over long strided rows',
        lossOf(
          [300_000, 4],
          { a: [3, scattered(1_200_000)] },
          ({ a }) => x.mul(x.square(x.logSoftmax(a!, 1)), 0.37),
          { by: [] },
        ),
      ],
      [
        'of equal numbers, whose rounding errors all go one way',
        lossOf([100_000], { a: [1, new Float32Array(100_000).fill(0.5)] }, ({ a }) => x.softplus(a!), {
          by: [],
        }),
      ],
      [
        'of equal numbers in long rows',
        lossOf(
          [10, 10_000],
          { a: [3, new Float32Array(100_000).fill(0.5)] },
          ({ a }) => x.sum(x.exp(a!), 2),
          {
            by: [],
          },
        ),
      ],
    ] as const) {
      it(`keeps the digits of a sum ${what}`, async () => {
        const problem = problemOf(loss, 'float32', false);
        const expected = (await reference.prepare(problem).run({})).numerator;
        const execution = wasm.prepare(problem);
        const actual = (await execution.run({})).numerator;
        execution.dispose();
        assert.ok(Math.abs(actual / expected - 1) < 1e-6, `${actual}, the reference gives ${expected}`);
      });
    }
  });
});
