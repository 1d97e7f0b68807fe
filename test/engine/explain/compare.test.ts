/** Losses side by side on the same data. */
import assert from 'node:assert/strict';
import { array } from '../../../engine/array.ts';
import { comparable, compare, mostCompared } from '../../../engine/explain/index.ts';
import { dispose, evaluate, LossLensError } from '../../../engine/node.ts';

const huber = {
  loss: 'torch.nn.HuberLoss',
  inputs: {
    input: array([
      [1, 4],
      [0, 0],
    ]),
    target: array([
      [0, 0],
      [0, 3],
    ]),
  },
};

const names = (request: Parameters<typeof comparable>[0]): string[] =>
  comparable(request).map(({ name }) => name);

describe('what can be compared', () => {
  it('has the other ways to the same loss first', () => {
    const found = comparable(huber);
    const others = found.findIndex(({ isSame }) => !isSame);
    assert(others > 5);
    assert(found.slice(others).every(({ isSame }) => !isSame));
    assert.equal(found[0]!.name, 'huber');
  });

  it('is what takes these arrays, and reads the prediction as what it is', () => {
    const probabilities = {
      loss: 'torch.nn.BCELoss',
      inputs: { input: array([0.3]), target: array([1]) },
    };
    const found = names(probabilities);
    assert(found.includes('keras.losses.BinaryCrossentropy'));
    assert(!found.some((name) => /logits/i.test(name)), 'probabilities are no logits');
    assert(!found.includes('torch.nn.TripletMarginLoss'), 'there is no negative');
    assert(!found.includes('torch.nn.GaussianNLLLoss'), 'there is no variance');
  });

  it('takes triplets for triplets', () => {
    const rows = array([[1, 2]]);
    const found = names({
      loss: 'torch.nn.TripletMarginLoss',
      inputs: { anchor: rows, positive: rows, negative: rows },
    });
    assert(found.includes('triplet'));
    assert(!found.includes('mean-squared-error'));
  });
});

describe('a comparison', () => {
  after(() => dispose());

  it('has the value, the gradient in short and the distance to the first of each', async () => {
    const [first, keras, squared] = await compare(huber, [
      { loss: 'keras.losses.Huber', parameters: { delta: 2 } },
      { loss: 'mean-squared-error', parameters: { reduction: 'sum' } },
    ]);
    const own = await evaluate({ ...huber, gradients: ['input'], elements: true });
    assert.deepEqual([...first!.quotient!], [1.625, 6.5, 4]);
    assert.deepEqual([...first!.difference!], [0, 0]);
    const gradient = [...(own.gradients['input']!.data as Float64Array)];
    const [norm, least, greatest, zeros, entries] = first!.gradient!;
    assert.ok(Math.abs(norm! - Math.hypot(...gradient)) < 1e-15);
    assert.deepEqual([least, greatest, zeros, entries], [-0.25, 0.25, 1, 4]);
    assert.equal(keras!.quotient![0], (0.5 + 2 * 4 - 2 + (2 * 3 - 2)) / 4);
    // Rows there, elements here.
    assert.ok(Number.isNaN(keras!.difference![0]));
    assert.deepEqual([...squared!.quotient!], [26, 26, 1]);
    assert.equal(squared!.reduction, 'sum over 4 elements');
    assert.deepEqual([...squared!.difference!], [16 - 3.5, 8 - 0.25]);
  });

  it('shows in its column what a loss refuses, and goes on with the others', async () => {
    const [, refused, unknown, fine] = await compare(huber, [
      { loss: 'torch.nn.HuberLoss', parameters: { delta: -1 } },
      { loss: 'torch.nn.CTCLoss', parameters: {} },
      { loss: 'torch.nn.L1Loss', parameters: {} },
    ]);
    assert.equal(refused!.failure?.code, 'parameter');
    assert.equal(unknown!.failure?.code, 'missing-input');
    assert.equal(fine!.quotient![0], 2);
  });

  it('is of four at most', async () => {
    const others = Array.from({ length: mostCompared }, () => ({ loss: 'torch.nn.L1Loss', parameters: {} }));
    await assert.rejects(
      compare(huber, others),
      (error) => error instanceof LossLensError && error.code === 'parameter',
    );
  });
});
