/** Where NaN, infinities and lost gradients are said to begin. */
import assert from 'node:assert/strict';
import { array } from '../../../engine/array.ts';
import type { EvaluateRequest } from '../../../engine/evaluation.ts';
import { cureOf } from '../../../engine/explain/cures.ts';
import { originOf } from '../../../engine/explain/origin.ts';
import { traced } from '../../../engine/explain/slice.ts';
import { findTrouble, type Trouble } from '../../../engine/explain/trouble.ts';
import {
  div,
  type Expr,
  exp,
  input,
  less,
  log,
  mul,
  pow,
  sqrt,
  sub,
  sum,
  where,
} from '../../../engine/language/expression.ts';
import { dispose, evaluate } from '../../../engine/node.ts';
import { edges, inputsOf } from '../edges/catalogue.ts';

const labels = (numbers: readonly number[]) => array(numbers, { dtype: 'int64' });

/** The operation where it begins, over the numbers; and the inputs' numbers there. */
const beginningsOf = ({ beginnings }: Trouble) =>
  beginnings.map(({ lines, inputs }) => [
    lines.at(-1)?.numbers,
    inputs.map(({ name, index, value }) => [name, [...index], value[0]]),
  ]);

async function first(request: EvaluateRequest, kind: Trouble['kind']): Promise<Trouble> {
  const found = await findTrouble(request);
  const one = found.find((trouble) => trouble.kind === kind);
  assert(one, `no ${kind} among ${JSON.stringify(found.map((trouble) => trouble.kind))}`);
  return one;
}

const x = input('x', 1);
const y = input('y', 1);

/** What an expression of x and y, summed over their entries where it has any left, is told of. */
function told(
  node: Expr,
  given: Readonly<Record<'x' | 'y', readonly number[]>>,
): [operands: readonly number[], cure: string] {
  const arrays = Object.fromEntries(
    Object.entries(given).map(([name, numbers]) => [
      name,
      { data: Float64Array.from(numbers), strides: [1] },
    ]),
  );
  const trace = traced({ sizes: [given.x.length], dtype: 'float64', arrays }, node, 0, [0], {});
  const origin = originOf(trace);
  assert(origin, 'it is finite');
  return [origin.operands, cureOf(origin)];
}

describe('the usual cure', () => {
  const inf = Number.POSITIVE_INFINITY;
  for (const [name, node, given, operands, cure] of [
    ['a logarithm of 0', log(x), { x: [2, 0], y: [] }, [0], /logarithm of 0/],
    ['a logarithm of a negative number', log(x), { x: [-0.1], y: [] }, [-0.1], /negative number/],
    ['an exponential too large', exp(x), { x: [1, 800], y: [] }, [800], /overflows/],
    [
      'the derivative of a root at 0',
      div(1, mul(2, sqrt(x))),
      { x: [0], y: [] },
      [1, 0],
      /square root is infinite at 0/,
    ],
    ['a root of a negative number', sqrt(x), { x: [-1], y: [] }, [-1], /variance/],
    ['0 divided by 0', div(x, y), { x: [0], y: [0] }, [0, 0], /nothing is left to divide by/],
    ['a division by 0', div(x, y), { x: [3], y: [0] }, [3, 0], /small ε to the divisor/],
    ['infinity divided by infinity', div(x, y), { x: [inf], y: [inf] }, [inf, inf], /see where they begin/],
    ['infinity minus infinity', sub(x, y), { x: [inf], y: [inf] }, [inf, inf], /one entry of each row/],
    ['a mask over an infinity', mul(x, log(y)), { x: [0], y: [0] }, [0, -inf], /0 times infinity/],
    ['a power of 0', pow(x, -0.5), { x: [0], y: [] }, [0, -0.5], /infinite derivative at 0/],
    ['a root of a negative base', pow(x, 0.5), { x: [-2], y: [] }, [-2, 0.5], /negative base/],
    ['a sum too large', sum(x, 1), { x: [1e308, 1e308], y: [] }, [1e308], /largest number/],
    ['a sum of both infinities', sum(x, 1), { x: [1, inf, -inf], y: [] }, [inf, -inf], /both signs/],
    ['an input that is NaN', mul(2, x), { x: [1, Number.NaN], y: [] }, [], /itself is NaN/],
    ['a branch not taken', where(less(x, 1), log(y), div(x, 0)), { x: [0], y: [0] }, [0], /logarithm of 0/],
  ] as const) {
    it(`of ${name}`, () => {
      const [found, text] = told(node, given);
      assert.deepEqual([...found], [...operands]);
      assert.match(text, cure);
    });
  }
});

describe('where a number that is not finite begins', () => {
  after(() => dispose());

  it('is the logarithm of 0 under a binary cross-entropy, in value and gradient', async () => {
    const inputs = { prediction: array([0.9, 0.2, 0]), target: array([1, 0, 1]) };
    const value = await first({ loss: 'binary-cross-entropy', inputs }, 'not finite');
    assert.equal(value.row, 2);
    assert.deepEqual(beginningsOf(value)[0]![0], '1 · ln(0)');
    assert.match(value.cure!, /logits/);
    assert.equal(value.sentence, '1 of 3 elements is NaN or infinite.');
    const slope = await first({ loss: 'binary-cross-entropy', inputs }, 'gradient not finite');
    assert.match(slope.sentence, /first at \[2\]/);
    assert.match(slope.cure!, /division by 0/);
  });

  it('is infinity minus infinity in a softmax of a row of −inf, and the input that the infinity comes from', async () => {
    const inputs = {
      input: array([
        [0.5, 1],
        [-Infinity, -Infinity],
      ]),
      target: labels([0, 1]),
    };
    const found = await first({ loss: 'torch.nn.CrossEntropyLoss', inputs }, 'not finite');
    assert.equal(found.row, 1);
    const [minus, from] = beginningsOf(found);
    assert.equal(minus![0], '-inf − (-inf)');
    assert.deepEqual(from![1], [['input', [1, 1], -Infinity]]);
    assert.match(found.cure!, /one entry of each row/);
  });

  it('is the input itself where that is NaN', async () => {
    const inputs = { input: array([1, Number.NaN]), target: array([1, 2]) };
    const found = await first({ loss: 'torch.nn.MSELoss', inputs }, 'not finite');
    assert.deepEqual(beginningsOf(found), [['nan', [['input', [1], Number.NaN]]]]);
    assert.match(found.cure!, /itself is NaN/);
  });

  it('is nowhere where the library guards the derivative', async () => {
    const inputs = { input1: array([[0, 0]]), input2: array([[1, 2]]), target: array([1]) };
    const all = await findTrouble({ loss: 'torch.nn.CosineEmbeddingLoss', inputs });
    assert.deepEqual(
      all.filter(({ kind }) => kind === 'gradient not finite'),
      [],
    );
  });

  it('is 0 ÷ 0 where nothing counts', async () => {
    const inputs = { input: array([[1, 2]]), target: labels([-100]) };
    const found = await first({ loss: 'torch.nn.CrossEntropyLoss', inputs }, 'not finite');
    assert.equal(found.sentence, 'Every element is finite; the value is 0 ÷ 0.');
    assert.match(found.cure!, /Nothing counts/);
  });

  it('is an exponential that overflows in float32 alone, where the kernels compute in that', async () => {
    const n = 5000;
    const input = array(Float32Array.from({ length: n }, (_, i) => (i === 77 ? 95 : 0.5)));
    const target = array(new Float32Array(n));
    const request: EvaluateRequest = {
      loss: 'torch.nn.PoissonNLLLoss',
      inputs: { log_input: input, target },
    };
    const { dtype, nonFinite } = await evaluate({ ...request, backend: 'wasm' });
    assert.deepEqual([dtype, nonFinite.first], ['float32', [77]]);
    const found = await first(request, 'not finite');
    assert.equal(found.row, 77);
    assert.equal(beginningsOf(found)[0]![0], 'exp(95)');
    assert.match(found.cure!, /88\.7/);
  });

  it('is told of a clip that holds a loss without a gradient', async () => {
    const inputs = { y_pred: array([[0.9], [0]]), y_true: array([[1], [1]]) };
    const found = await first({ loss: 'keras.losses.BinaryCrossentropy', inputs }, 'no gradient');
    assert.equal(found.row, 1);
    assert.equal(beginningsOf(found)[0]![0], 'clip(0, 1e-7, 0.9999999)');
  });

  it('is not looked for in what is as it should be', async () => {
    const inputs = { input: array([1, 0.5]), target: array([1, 2]) };
    assert.deepEqual(await findTrouble({ loss: 'torch.nn.MSELoss', inputs }), []);
  });

  it('is told of negative elements, as ordinary as they may be', async () => {
    const inputs = { prediction: array([2, 3]), target: array([3, 1]) };
    const found = await first({ loss: 'poisson', inputs }, 'negative');
    assert.equal(found.row, 0);
  });

  it('says of a kernel what is known: which input, or which cure', async () => {
    const inputs = {
      log_probs: array(new Float32Array(2 * 1 * 3).fill(Math.log(1 / 3)), { shape: [2, 1, 3] }),
      targets: labels([1, 1, 2]),
      input_lengths: labels([2]),
      target_lengths: labels([3]),
    };
    const found = await first({ loss: 'torch.nn.CTCLoss', inputs }, 'not finite');
    assert.match(found.cure!, /zero_infinity/);
  });

  it('is found for every edge of the catalogue that is not finite, in the element where it begins', async () => {
    let seen = 0;
    for (const [loss, list] of Object.entries(edges)) {
      for (const edge of list) {
        if (edge.refused) continue;
        const { parameters = {}, reduction = 'none' } = edge;
        const request = { loss, inputs: inputsOf(loss, edge), parameters, reduction };
        const { nonFinite, elements } = await evaluate({ ...request, elements: true });
        const found = (await findTrouble(request)).find(
          ({ kind, row }) => kind === 'not finite' && row !== undefined,
        );
        const what = `${loss}: ${edge.note}`;
        assert.equal(found !== undefined, nonFinite.count > 0, what);
        if (!found) continue;
        seen++;
        const expected = elements!.data.findIndex((value) => !Number.isFinite(Number(value)));
        assert.equal(found.row, expected, what);
        assert(found.cure, what);
        if (found.beginnings.length > 0) {
          const last = found.beginnings[0]!.lines.at(-1);
          if (last) assert.match(last.result, /^-?(nan|inf)$/, what);
        }
      }
    }
    assert(seen > 40, `${seen} edges`);
  });
});
