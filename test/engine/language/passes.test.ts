/** What of a loss becomes how many readings of the data, by the names of the catalogue and of the frameworks. */
import assert from 'node:assert/strict';
import { array, type NdArray } from '../../../engine/array.ts';
import { completeParameters } from '../../../engine/definition.ts';
import type { Parameters, Reduction } from '../../../engine/evaluation.ts';
import * as x from '../../../engine/language/expression.ts';
import { coalesce, type Kernel, type Task } from '../../../engine/language/passes.ts';
import { compactStrides } from '../../../engine/language/space.ts';
import { build } from '../../../engine/problem.ts';
import { resolve } from '../../../engine/request.ts';
import { kernelsOf, lossOf, problemOf } from './graphs.ts';

const floats = (...shape: number[]): NdArray =>
  array(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => ((i * 7) % 5) / 8 + 0.1),
    { shape },
  );
const labels = (...shape: number[]): NdArray =>
  array(
    BigInt64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => BigInt(i % 3)),
    { shape },
  );

function cutUp(
  loss: string,
  inputs: Readonly<Record<string, NdArray>>,
  {
    parameters = {},
    reduction,
    elements = false,
  }: { parameters?: Parameters; reduction?: Reduction; elements?: boolean } = {},
) {
  const { definition, reduction: usual } = resolve(loss);
  const { plan } = build(definition, inputs, completeParameters(definition, parameters), {
    reduction: reduction ?? usual,
    gradients: true,
    elements,
  });
  assert.equal(plan.kind, 'expression');
  return kernelsOf((plan as typeof plan & { kind: 'expression' }).problem);
}

/** The names of the inputs that a kernel reads. */
function reads({ loops, rowTasks }: Kernel): string[] {
  const roots = [
    ...loops.flatMap((loop) => loop.nodes),
    ...rowTasks.map((task) => (task.kind === 'store' ? task.node : task.node.arg)),
  ];
  const nodes = x.topological(roots);
  const inputs = nodes.flatMap((node) => (node.kind === 'input' ? [node.name] : []));
  return [...new Set(inputs)].sort();
}

const outputs = (tasks: readonly Task[]): string[] =>
  tasks.map((task) => (task.kind === 'store' ? task.output : task.node.reduction)).sort();

describe('passes', () => {
  for (const [loss, inputs] of [
    ['mean-squared-error', { prediction: floats(4, 5, 6), target: floats(4, 5, 6) }],
    ['torch.nn.BCEWithLogitsLoss', { input: floats(4, 5, 6), target: floats(4, 5, 6) }],
    ['torch.nn.HuberLoss', { input: floats(4, 5, 6), target: floats(4, 5, 6) }],
  ] as const) {
    it(`${loss}: value, elements and both gradients in one reading of one long loop`, () => {
      const { sizes, kernels } = cutUp(loss, inputs, { elements: true });
      assert.deepEqual(sizes, [120]);
      assert.equal(kernels.length, 1);
      assert.deepEqual([kernels[0]!.outer, kernels[0]!.inner, kernels[0]!.loops], [1, 0, []]);
      const names = Object.keys(inputs).map((name) => `gradient:${name}`);
      assert.deepEqual(outputs(kernels[0]!.rowTasks), ['elements', ...names, 'sum'].sort());
    });
  }

  for (const [what, shape, rest, sizes, inner] of [
    ['the last axis', [50, 8], [50], [50, 8], 2],
    ['the middle axis of a segmentation', [2, 8, 16, 16], [2, 16, 16], [2, 8, 256], 2],
  ] as const) {
    it(`cross-entropy over ${what}: one kernel, three loops, one exponential an element`, () => {
      const given = { input: floats(...shape), target: labels(...rest) };
      const cut = cutUp('torch.nn.functional.cross_entropy', given, { parameters: { reduction: 'sum' } });
      assert.deepEqual(cut.sizes, sizes);
      const kernels = cut.kernels.filter((kernel) => reads(kernel).includes('input'));
      assert.equal(kernels.length, 1);
      const [kernel] = kernels as [Kernel];
      assert.equal(kernel.inner, inner);
      assert.deepEqual(
        kernel.loops.map(({ reductions }) => reductions.map(({ reduction }) => reduction)),
        [['max'], ['sum'], []],
      );
      assert.deepEqual(outputs(kernel.loops[2]!.tasks), ['gradient:input']);
      const { kept } = kernel;
      assert.ok(kept?.node.kind === 'apply' && kept.node.operation === 'expOfNegativeAbs');
      assert.deepEqual([kept.output, kept.madeIn], ['gradient:input', 1]);
    });
  }

  for (const [what, parameters, weight, expected] of [
    ['ignored labels', { ignore_index: 1 }, undefined, ['target']],
    ['weighted labels', {}, floats(8), ['target', 'weight']],
  ] as const) {
    it(`the denominator of ${what} is known before the logits are read, from the target alone`, () => {
      const given = { input: floats(50, 8), target: labels(50), ...(weight && { weight }) };
      const { kernels } = cutUp('torch.nn.CrossEntropyLoss', given, { parameters });
      assert.equal(kernels.length, 2);
      assert.deepEqual(reads(kernels[0]!), expected);
      assert.deepEqual(outputs(kernels[0]!.rowTasks), ['sum']);
      assert.equal(kernels[1]!.loops.length, 3);
    });
  }

  it('a mean of means, as Keras takes it, is one flat loop', () => {
    const given = { y_true: floats(50, 8), y_pred: floats(50, 8) };
    const { sizes, kernels } = cutUp('keras.losses.MeanSquaredError', given);
    assert.deepEqual(sizes, [400]);
    assert.equal(kernels.length, 1);
    assert.deepEqual(kernels[0]!.loops, []);
  });

  it('the values of the rows, when asked for, are one loop over each row', () => {
    const given = { y_true: floats(50, 8), y_pred: floats(50, 8) };
    const { kernels } = cutUp('keras.losses.mean_squared_error', given);
    const rows = kernels.filter(({ inner }) => inner !== 0);
    assert.equal(rows.length, 1);
    assert.deepEqual(outputs(rows[0]!.rowTasks), ['elements']);
  });

  it('a sum that no later kernel needs waits for the last one, which reads the same data', () => {
    const loss = lossOf([30], { a: [1, new Float32Array(30)] }, ({ a }) =>
      x.mul(x.square(a!), x.stop(x.maxOver(a!, 1))),
    );
    const { kernels } = kernelsOf(problemOf(loss, 'float32', true));
    assert.deepEqual(
      kernels.map(({ rowTasks }) => outputs(rowTasks)),
      [['max'], ['elements', 'gradient:a', 'sum']],
    );
  });

  it('a task along a part of a row that needs nothing of the row is a kernel of its own', () => {
    const loss = lossOf(
      [3, 4, 5],
      { a: [7, new Float32Array(60)], b: [6, new Float32Array(20)] },
      ({ a, b }) => x.add(x.square(b!), x.maxOver(a!, 5)),
    );
    const { kernels } = kernelsOf(problemOf(loss, 'float32', true));
    for (const { inner, loops } of kernels) {
      for (const task of loops.flatMap((loop) => loop.tasks)) {
        assert.equal(task.dims & inner, inner, 'a task inside a row lies along all of it');
      }
    }
  });
});

describe('coalesce', () => {
  const joined = (sizes: readonly number[], node: x.Expr, ...arrays: readonly x.Dims[]) =>
    coalesce(
      sizes,
      [node],
      arrays.map((dims) => compactStrides(dims, sizes)),
    ).sizes;
  const a = x.input('a', 15);

  for (const [what, sizes, expected] of [
    ['dimensions treated alike are one', joined([2, 3, 4, 5], x.sum(a, 15), 15), [120]],
    ['those around a reduced one stay apart', joined([2, 3, 4, 5], x.maxOver(a, 2), 15), [2, 3, 20]],
    ['neighbours reduced together are one', joined([2, 3, 4, 5], x.maxOver(a, 12), 15), [6, 20]],
    ['a dimension of 1 is none', joined([2, 1, 4, 1], x.maxOver(a, 8), 15), [8]],
    ['a scalar has none', joined([1, 1, 1, 1], x.sum(a, 15), 15), []],
    [
      'an array that lacks a dimension keeps it apart',
      joined([2, 3, 4, 5], x.add(a, x.input('b', 8)), 15, 8),
      [24, 5],
    ],
    [
      'a dimension that is counted along keeps to itself',
      joined([2, 3, 4, 5], x.mul(a, x.index(4)), 15),
      [6, 4, 5],
    ],
    [
      'an extent of two dimensions does not part them',
      joined([2, 3, 4, 5], x.div(a, x.extent(15)), 15),
      [120],
    ],
    ['an extent of one of them does not either', joined([2, 3, 4, 5], x.div(a, x.extent(8)), 15), [120]],
  ] as const) {
    it(what, () => assert.deepEqual(sizes, expected));
  }

  it('a transposed array keeps its dimensions apart', () => {
    assert.deepEqual(coalesce([3, 4], [x.input('a', 3)], [[1, 3]]).sizes, [3, 4]);
  });
});
