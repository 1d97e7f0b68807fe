/** Elements worked through: the lines end in what the reference gives, for every loss and every symbol. */
import assert from 'node:assert/strict';
import { array, type NdArray } from '../../../engine/array.ts';
import type { EvaluateRequest, Parameters } from '../../../engine/evaluation.ts';
import { ElementExplainer, explainElement } from '../../../engine/explain/element.ts';
import { evaluate, LossLensError, losses, symbols } from '../../../engine/node.ts';
import { short } from '../../../engine/presentation/numbers.ts';
import { evaluableNamed } from '../../../engine/request.ts';
import { edges, inputsOf } from '../edges/catalogue.ts';
import '../gradients/all.ts';
import { setUps } from '../gradients/set-ups.ts';

/** Rows that are looked at in each evaluation. */
const looked = 12;

interface Seen {
  lines: number;
  unexplained: number;
}

async function check(request: EvaluateRequest, seen: Seen): Promise<void> {
  const reference = await evaluate({ ...request, backend: 'reference', elements: true, gradients: false });
  const expected = reference.elements!.data;
  for (let row = 0; row < Math.min(expected.length, looked); row++) {
    const { loss, lines, unexplained, gradient } = explainElement(request, row);
    if (unexplained) {
      seen.unexplained++;
      assert.equal(lines.length, 0);
      continue;
    }
    seen.lines += lines.length;
    const what = `${request.loss} ${JSON.stringify(request.parameters ?? {})} row ${row}`;
    assert.equal(loss.length, 1, what);
    // To the last bit: the same program over the same numbers.
    assert.ok(Object.is(loss[0], expected[row]), `${what}: ${loss[0]}, the reference has ${expected[row]}`);
    assert.equal(lines.at(-1)!.result, short(Number(expected[row]), 'float64'), what);
    for (const { symbols: text, numbers } of [...lines, ...(gradient?.lines ?? [])]) {
      assert.doesNotMatch(`${text} ${numbers}`, /undefined|NaN|\{\d\}|object/, what);
      assert.equal(text.split('(').length, text.split(')').length, `${what}: ${text}`);
    }
  }
}

function isRefused(explain: () => unknown): boolean {
  try {
    explain();
    return false;
  } catch (error) {
    if (error instanceof LossLensError) return true;
    throw error;
  }
}

describe('an element worked through', () => {
  it('ends in the unreduced value of the reference, for every loss and every symbol', async () => {
    const seen = { lines: 0, unexplained: 0 };
    for (const [loss, list] of setUps) {
      for (const { inputs, parameters = {} } of list) await check({ loss, inputs, parameters }, seen);
    }
    assert.equal(setUps.size, losses.length + symbols.length);
    assert(seen.lines > 5_000, `${seen.lines} lines`);
    assert.equal(seen.unexplained, 0);
  });

  it('does so at the edges of every loss: 0, 1, infinities, NaN, ties', async () => {
    const seen = { lines: 0, unexplained: 0 };
    for (const [loss, list] of Object.entries(edges)) {
      for (const edge of list) {
        if (edge.refused) continue;
        const { parameters = {}, reduction = 'none' } = edge;
        await check({ loss, inputs: inputsOf(loss, edge), parameters, reduction }, seen);
      }
    }
    assert(seen.lines > 500, `${seen.lines} lines`);
  });

  it('says the same of elements one after the other as of each alone, for every loss and every symbol', () => {
    let moved = 0;
    for (const [loss, list] of setUps) {
      for (const { inputs, parameters = {} } of list) {
        const explainer = new ElementExplainer();
        const isSame = (request: EvaluateRequest): void => {
          for (const row of [0, 1, 0]) {
            assert.deepEqual(explainer.explain(request, row), explainElement(request, row), loss);
          }
        };
        isSame({ loss, inputs, parameters });
        for (const { name, kind, default: standard } of evaluableNamed(loss).parameters) {
          if (kind !== 'number') continue;
          const number = 0.9 * Number(parameters[name] ?? standard ?? 0) + 0.05;
          const other = { loss, inputs, parameters: { ...parameters, [name]: number } };
          // Not all of them may be any number.
          if (isRefused(() => explainElement(other, 0))) continue;
          isSame(other);
          moved++;
        }
      }
    }
    assert(moved > 300, `${moved} parameters`);
  });

  it('says the same while parameters, reduction, and data change', () => {
    const input = array(Float32Array.of(1, 2, 3, 0, -1, 1, 2, 0.5, 0), { shape: [3, 3] });
    const [labels, others] = [
      [0, 2, 1],
      [2, 2, 0],
    ].map((list) => array(BigInt64Array.from(list, BigInt)));
    const weight = array(Float32Array.of(1, 2, 0.5));
    const torch = (target: NdArray | undefined, parameters: Parameters): EvaluateRequest => ({
      loss: 'torch.nn.CrossEntropyLoss',
      inputs: { input, target: target!, weight },
      parameters,
    });
    const [own, changed] = [torch(labels, {}), torch(others, {})];
    const pair = { prediction: input, target: input };
    const requests: EvaluateRequest[] = [
      own,
      // What the denominator counts.
      { ...own, parameters: { ignore_index: 2 } },
      { ...own, parameters: { ignore_index: 1 } },
      // What shapes the program.
      { ...own, parameters: { label_smoothing: 0.1, ignore_index: 1 } },
      { ...own, parameters: { label_smoothing: 0.2 } },
      { ...own, parameters: { reduction: 'sum' } },
      changed,
      { ...changed, parameters: { ignore_index: 2 } },
      { loss: 'huber', inputs: pair, parameters: { delta: 0.5 }, reduction: 'mean' },
      { loss: 'huber', inputs: pair, parameters: { delta: 0.5 }, reduction: 'sum' },
      own,
    ];
    const explainer = new ElementExplainer();
    for (const request of requests) {
      for (const row of [0, 2]) {
        assert.deepEqual(explainer.explain(request, row), explainElement(request, row));
      }
    }
    assert.throws(() => explainer.explain(torch(labels, { label_smoothing: 2 }), 0), LossLensError);
    assert.deepEqual(explainer.explain(own, 1), explainElement(own, 1));
  });

  it('works in float32 from numbers rounded to it, as the reference does', async () => {
    const input = array(Float32Array.of(0.1, 0.7, -3.3));
    const target = array(Float32Array.of(0.2, 0.1, 4));
    await check(
      { loss: 'torch.nn.HuberLoss', inputs: { input, target }, parameters: { delta: 0.3 } },
      { lines: 0, unexplained: 0 },
    );
  });

  const lines = (request: EvaluateRequest, row: number): string[] =>
    explainElement(request, row).lines.map(
      ({ name, symbols: text, numbers, result }) => `${name ?? ''}: ${text} | ${numbers} | ${result}`,
    );

  it('says which branch was taken, and writes that branch alone', () => {
    const request = {
      loss: 'torch.nn.HuberLoss',
      inputs: { input: array([21.5, 16]), target: array([21, 27.5]) },
    };
    assert.deepEqual(lines(request, 1), [
      'magnitude: |input − target| | |16 − 27.5| | 11.5',
      ': magnitude ≤ delta | 11.5 ≤ 1 | no',
      'loss: delta · (magnitude − 0.5 · delta) | 1 · (11.5 − 0.5 · 1) | 11',
    ]);
    assert.deepEqual(lines(request, 0), [
      'difference: input − target | 21.5 − 21 | 0.5',
      ': |difference| ≤ delta | |0.5| ≤ 1 | yes',
      'loss: 0.5 · difference² | 0.5 · 0.5² | 0.125',
    ]);
  });

  it('names what was picked by its index, and has the weight that the element counts with', () => {
    const request = {
      loss: 'torch.nn.CrossEntropyLoss',
      inputs: {
        input: array([
          [1, 2, -1],
          [0, 0, 3],
        ]),
        target: array([2, -100], { dtype: 'int64' }),
        weight: array([1, 2, 3]),
      },
    };
    const own = explainElement(request, 0);
    assert.deepEqual([...own.weight!], [3]);
    assert.match(own.lines.at(-2)!.symbols, /weight\[2\] · \(input\[0, 2\]/);
    const ignored = explainElement(request, 1);
    assert.deepEqual([...ignored.weight!], [0]);
    assert.deepEqual(
      ignored.lines.map(({ symbols: text, numbers, result }) => [text, numbers, result]),
      [
        ['target ≠ ignore_index', '-100 ≠ -100', 'no'],
        ['0', '0', '0'],
      ],
    );
  });

  it('ends in the gradient of its part of the prediction', async () => {
    const inputs = {
      input: array([
        [1, 2, -1],
        [0, 0, 3],
      ]),
      target: array([2, 0], { dtype: 'int64' }),
    };
    const { gradient } = explainElement({ loss: 'torch.nn.CrossEntropyLoss', inputs }, 1);
    const { gradients } = await evaluate({ loss: 'torch.nn.CrossEntropyLoss', inputs, gradients: ['input'] });
    const row = Array.from(gradients['input']!.data.subarray(3) as Float64Array, (x) => short(x, 'float64'));
    assert.equal(gradient!.by, 'input');
    assert.equal(gradient!.lines.at(-1)!.result, `[${row.join(', ')}]`);
  });

  it('refuses what depends on more of the data than can be followed', () => {
    const n = 6000;
    const many = array(new Float32Array(n * 4), { shape: [n, 4] });
    const labels = array(new Int32Array(n));
    assert.throws(
      () =>
        explainElement(
          { loss: 'pytorch_metric_learning.losses.TripletMarginLoss', inputs: { embeddings: many, labels } },
          0,
        ),
      (error) => error instanceof LossLensError && error.code === 'out-of-memory',
    );
  });
});
