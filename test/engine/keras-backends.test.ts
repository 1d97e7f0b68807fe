/** Keras' backends: ours to choose, no argument of Keras. golden.test.ts holds the numbers. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { array, evaluate, prepare, symbols } from '../../engine/node.ts';

const bound = symbols.filter(({ parameters }) => parameters.some(({ name }) => name === 'kerasBackend'));

describe('kerasBackend', () => {
  it('belongs to the symbols of Keras that answer otherwise on some backend', () => {
    const text = readFileSync(new URL('../golden/data/keras-backends.json', import.meta.url), 'utf8');
    const { cases } = JSON.parse(text) as { cases: { symbol: string }[] };
    const differing = new Set(cases.map(({ symbol }) => symbol));
    assert.deepEqual(bound.map(({ name }) => name).toSorted(), [...differing].toSorted());
  });

  it('is an argument of none', () => {
    const named = bound.flatMap(({ constructorArguments = [], callArguments }) =>
      [...constructorArguments, ...callArguments].filter(({ name }) => name === 'kerasBackend'),
    );
    assert.deepEqual(named, []);
  });

  it('is TensorFlow unless given, and can change between runs', async () => {
    const prepared = prepare({
      loss: 'keras.losses.MeanAbsoluteError',
      inputs: { y_true: array([1]), y_pred: array([1]) },
      gradients: ['y_pred'],
      backend: 'reference',
    });
    const slope = async (parameters = {}): Promise<number> =>
      Number((await prepared.run(parameters)).gradients['y_pred']!.data[0]) || 0;
    assert.equal(await slope(), 0);
    assert.equal(await slope({ kerasBackend: 'jax' }), -1);
    assert.equal(await slope({ kerasBackend: 'torch' }), 0);
    prepared.dispose();
  });

  it('is none but those three', async () => {
    await assert.rejects(
      evaluate({
        loss: 'keras.losses.Huber',
        inputs: { y_true: array([1]), y_pred: array([1]) },
        parameters: { kerasBackend: 'openvino' },
      }),
      /'tensorflow' or 'torch' or 'jax'/,
    );
  });
});
