/** How the elements became the value, and the same data by other rules. */
import assert from 'node:assert/strict';
import { array } from '../../../engine/array.ts';
import type { EvaluateRequest } from '../../../engine/evaluation.ts';
import { otherRules, type Ruled } from '../../../engine/explain/rules.ts';
import { explainValue } from '../../../engine/explain/value.ts';
import { dispose, evaluate } from '../../../engine/node.ts';

const of = (ruled: readonly Ruled[], symbol: string): Ruled => {
  const found = ruled.find((one) => one.symbol === symbol);
  assert(found, `${symbol} is not among them`);
  return found;
};

const probabilities: EvaluateRequest = {
  loss: 'torch.nn.BCELoss',
  inputs: {
    input: array([
      [0.9, 0.2],
      [0, 0.5],
    ]),
    target: array([
      [1, 0],
      [1, 0],
    ]),
  },
};

describe('the value explained', () => {
  after(() => dispose());

  it('tells which elements count, with the weights of the others', async () => {
    const { elements, weights } = await explainValue({
      loss: 'torch.nn.CrossEntropyLoss',
      inputs: {
        input: array([
          [1, 2],
          [0, 3],
          [1, 1],
        ]),
        target: array([0, -100, 1], { dtype: 'int64' }),
        weight: array([0.5, 2]),
      },
    });
    assert.equal(elements, 3);
    assert.equal(weights!.ignored, 1);
    assert.deepEqual(weights!.first, [1]);
    assert.deepEqual([...weights!.range], [0, 2, 2.5]);
  });

  it('counts elements, not weights, where a sample’s weight is that of several', async () => {
    const outputs = array([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const { elements, weights } = await explainValue({
      loss: 'sklearn.metrics.mean_squared_error',
      inputs: { y_true: outputs, y_pred: outputs, sample_weight: array([0, 0.5, 2]) },
    });
    assert.equal(elements, 6);
    assert.deepEqual(weights, { ignored: 2, first: [], range: Float64Array.of(0, 2, 5) });
  });

  it('gives what every reduction of the symbol gives, and which one is in force', async () => {
    const { reductions } = await explainValue({ ...probabilities, parameters: { reduction: 'sum' } });
    assert.deepEqual(
      reductions.map(({ reduction, isOwn }) => [reduction, isOwn]),
      [
        ['none', false],
        ['mean', false],
        ['sum', true],
        ['elementwise_mean', false],
      ],
    );
    for (const { reduction, quotient, shape } of reductions) {
      const { value, numerator, denominator } = await evaluate({
        ...probabilities,
        parameters: { reduction },
      });
      assert.deepEqual(shape ?? [], value.shape);
      assert.deepEqual([...quotient!.slice(1)], [numerator, denominator]);
      if (!shape) assert.equal(quotient![0], value.data[0]);
    }
  });

  it('gives those of a catalogue loss, whose reduction is asked for', async () => {
    const { reductions } = await explainValue({
      loss: 'huber',
      inputs: { prediction: array([1, 4]), target: array([0, 0]) },
      reduction: 'sum',
    });
    assert.deepEqual(
      reductions.map(({ reduction, isOwn, quotient }) => [reduction, isOwn, quotient![0]]),
      [
        ['mean', false, 2],
        ['sum', true, 4],
        ['batchmean', false, 2],
        ['none', false, Number.NaN],
      ],
    );
  });
});

describe('the same data by other rules', () => {
  after(() => dispose());

  it('is what the other symbol gives, with each difference told', async () => {
    const ruled = await otherRules(probabilities);
    const keras = of(ruled, 'keras.losses.BinaryCrossentropy');
    const { inputs } = probabilities;
    const asked = await evaluate({
      loss: 'keras.losses.BinaryCrossentropy',
      inputs: { y_pred: inputs['input']!, y_true: inputs['target']! },
    });
    assert.equal(keras.quotient![0], asked.value.data[0]);
    assert.match(keras.differences.join(' '), /clips to \[1e-7, 0\.9999999\]; yours does not/);
    assert.match(keras.differences.join(' '), /shape \[2\], yours of \[2, 2\]/);
    assert.match(keras.differences.join(' '), /divides by 2 \(sum_over_batch_size\), yours by 4 \(mean\)/);
    assert.deepEqual(of(ruled, 'torch.nn.functional.binary_cross_entropy').differences, []);
  });

  it('reads no probabilities as logits: it says that it would', async () => {
    const ruled = await otherRules(probabilities);
    for (const { symbol, quotient, differences } of ruled) {
      const logits = /logits|sigmoid/i.test(symbol);
      assert.equal(quotient === undefined, logits, symbol);
      if (logits) assert.match(differences.join(), /takes logits; yours are probabilities/);
    }
  });

  it('puts a symbol that can to the meaning of the data', async () => {
    const ruled = await otherRules({
      loss: 'torch.nn.BCEWithLogitsLoss',
      inputs: { input: array([[2], [-1]]), target: array([[1], [1]]) },
    });
    const keras = of(ruled, 'keras.losses.BinaryCrossentropy');
    const optax = of(ruled, 'optax.sigmoid_binary_cross_entropy');
    assert.ok(Math.abs(keras.quotient![0]! - (Math.log1p(Math.exp(-2)) + Math.log1p(Math.E)) / 2) < 1e-6);
    // Optax leaves the reduction to the caller.
    assert.ok(Number.isNaN(optax.quotient![0]));
    assert.match(of(ruled, 'torch.nn.BCELoss').differences[0]!, /takes probabilities; yours are logits/);
  });

  it('carries parameters of one name over, and says what they are by default', async () => {
    const ruled = await otherRules({
      loss: 'torch.nn.HuberLoss',
      inputs: { input: array([[1, 4]]), target: array([[0, 0]]) },
      parameters: { delta: 0.5 },
    });
    const keras = of(ruled, 'keras.losses.Huber');
    assert.match(keras.differences[0]!, /`delta` is 1 there by default, 0\.5 here/);
    assert.deepEqual([keras.quotient![0], keras.carried![0]], [2, 1.125]);
  });

  it('shows the error of one that refuses', async () => {
    const ruled = await otherRules({
      loss: 'torch.nn.CrossEntropyLoss',
      inputs: { input: array([[1, 2]]), target: array([-100], { dtype: 'int64' }) },
    });
    const keras = of(ruled, 'keras.losses.SparseCategoricalCrossentropy');
    assert.equal(keras.failure?.code, 'label-out-of-range');
    assert.equal(keras.quotient, undefined);
  });

  it('leaves out what has no place there, and says so', async () => {
    const ruled = await otherRules({
      loss: 'torch.nn.CrossEntropyLoss',
      inputs: {
        input: array([[1, 2]]),
        target: array([1], { dtype: 'int64' }),
        weight: array([2, 3]),
      },
    });
    assert.match(
      of(ruled, 'keras.losses.SparseCategoricalCrossentropy').differences[0]!,
      /no `weight`: it is left out/,
    );
  });
});
