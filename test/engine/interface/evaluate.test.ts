/** The answers of evaluate and prepare, on either CPU backend. */
import assert from 'node:assert/strict';
import { array, type NdArray } from '../../../engine/array.ts';
import { configure, dispose, evaluate, losses, prepare } from '../../../engine/node.ts';
import { plainWorker, watchedWorker } from './workers.ts';

const backends = ['reference', 'wasm'] as const;
const numbers = ({ data }: NdArray): number[] => Array.from(data, Number);
const close = (actual: number, expected: number, what = ''): void =>
  assert.ok(
    Math.abs(actual - expected) <= 1e-6 * Math.max(1, Math.abs(expected)),
    `${what} ${actual}, not ${expected}`,
  );

const prediction = array([
  [1, 2, 4],
  [0, -1, 3],
]);
const target = array([
  [0, 2, 1],
  [0, 1, 1],
]);
/** Of the squared error: 1 0 9, 0 4 4. */
const request = { loss: 'mean-squared-error', inputs: { prediction, target } } as const;

/** Losses whose targets are labels of a kind of their own. */
const needsLabels = /focal|margin|poly|generalized|perceptron|categorical-hinge|tweedie/;

describe('an evaluation', () => {
  before(() => configure({ threads: 2 }));
  after(() => dispose());

  for (const backend of backends) {
    describe(`on ${backend}`, () => {
      for (const [reduction, value, denominator] of [
        ['mean', [3], 6],
        ['sum', [18], 1],
        ['batchmean', [9], 2],
        ['none', [1, 0, 9, 0, 4, 4], 1],
      ] as const) {
        it(`is the ${reduction}, with what it was made of`, async () => {
          const result = await evaluate({ ...request, backend, reduction, gradients: ['prediction'] });
          assert.deepEqual(numbers(result.value), value);
          assert.deepEqual(result.value.shape, reduction === 'none' ? [2, 3] : []);
          assert.deepEqual(
            [result.numerator, result.denominator, result.backend],
            [18, denominator, backend],
          );
          const scale = reduction === 'none' ? 1 : denominator;
          numbers(result.gradients.prediction!).forEach((slope, i) => {
            close(slope, [2, 0, 6, 0, -4, 4][i]! / scale, 'gradient');
          });
        });
      }

      it('holds elements that add up to the numerator, only where asked for', async () => {
        const ofTheseInputs = losses.filter(
          ({ id, inputs, family }) =>
            (family === 'regression' || family === 'classification') &&
            inputs.every(({ name, optional }) => optional || name === 'prediction' || name === 'target') &&
            !needsLabels.test(id),
        );
        assert.ok(ofTheseInputs.length >= 10);
        for (const { id } of ofTheseInputs) {
          const labels = array(BigInt64Array.of(2n, 0n));
          const p = array([
            [0.2, 0.3, 0.5],
            [0.1, 0.6, 0.3],
          ]);
          const inputs = { prediction: p, target: id.startsWith('sparse') ? labels : p };
          const { elements, numerator } = await evaluate({ loss: id, inputs, elements: true, backend });
          close(
            numbers(elements!).reduce((sum, element) => sum + element, 0),
            numerator,
            id,
          );
          const without = await evaluate({ loss: id, inputs, backend });
          assert.equal(without.elements, undefined);
        }
      });

      it('holds the gradients that were asked for by name, and no others', async () => {
        const by = async (gradients: boolean | readonly string[]) =>
          Object.keys((await evaluate({ ...request, backend, gradients })).gradients).sort();
        assert.deepEqual(await by(false), []);
        assert.deepEqual(await by(['target']), ['target']);
        assert.deepEqual(await by(true), ['prediction', 'target']);
      });

      it('gives each gradient the shape of its own input, summed back over what was broadcast', async () => {
        const { gradients, warnings } = await evaluate({
          loss: 'torch.nn.functional.mse_loss',
          inputs: { input: array([[1], [2]]), target: array([1, 2, 6]) },
          parameters: { reduction: 'sum' },
          gradients: true,
          backend,
        });
        assert.deepEqual(gradients.input!.shape, [2, 1]);
        assert.deepEqual(numbers(gradients.input!), [-12, -6]);
        assert.deepEqual(gradients.target!.shape, [3]);
        assert.deepEqual(numbers(gradients.target!), [-2, 2, 18]);
        assert.deepEqual(
          warnings.map(({ code }) => code),
          ['broadcast'],
        );
      });

      it('takes a symbol by any of its paths, with its own argument names and reduction', async () => {
        for (const loss of [
          'torch.nn.MSELoss',
          'torch.nn.functional.mse_loss',
          'tensorflow.keras.losses.MeanSquaredError',
        ]) {
          const isTorch = loss.startsWith('torch');
          const inputs = isTorch ? { input: prediction, target } : { y_true: target, y_pred: prediction };
          const { value } = await evaluate({ loss, inputs, parameters: { reduction: 'sum' }, backend });
          assert.deepEqual(numbers(value), [isTorch ? 18 : 6], loss);
        }
      });

      it('counts what is not finite and locates the first', async () => {
        const p = array(Float32Array.of(1, 2, Number.NaN, 4, Number.POSITIVE_INFINITY, 6), { shape: [2, 3] });
        const asked = { loss: 'mean-absolute-error', inputs: { prediction: p, target }, backend } as const;
        for (const more of [{}, { elements: true }, { reduction: 'none' }, { gradients: true }] as const) {
          const { nonFinite, elements } = await evaluate({ ...asked, ...more });
          assert.deepEqual(nonFinite, { count: 2, first: [0, 2] });
          if (!('elements' in more)) assert.equal(elements, undefined);
        }
        assert.deepEqual((await evaluate({ ...request, backend })).nonFinite, { count: 0 });
      });

      it('takes every dtype of input for the numbers that it holds', async () => {
        for (const dtype of [
          'int8',
          'int16',
          'int32',
          'int64',
          'uint8',
          'uint16',
          'uint32',
          'bool',
        ] as const) {
          const inputs = { prediction: array([3, 0, 1], { dtype }), target: array([1, 1, 1], { dtype }) };
          const { numerator } = await evaluate({ loss: 'mean-absolute-error', inputs, backend });
          assert.equal(numerator, dtype === 'bool' ? 1 : 3, dtype);
        }
      });

      describe('prepared once', () => {
        it('runs again with other numbers, without building anything', async () => {
          const inputs = { prediction: array(Float32Array.of(3, 0.5)), target: array(Float32Array.of(0, 0)) };
          const prepared = prepare({ loss: 'huber', inputs, gradients: ['prediction'], backend });
          await prepared.run();
          for (const [delta, numerator, slope] of [
            [1, 2.625, 1],
            [2, 4.125, 2],
            [5, 4.625, 3],
          ] as const) {
            const result = await prepared.run({ delta });
            close(result.numerator, numerator, `delta ${delta}`);
            close(Number(result.gradients.prediction!.data[0]), slope / 2, `delta ${delta}`);
            assert.deepEqual([result.timing.compile, result.timing.transfer], [0, 0]);
          }
          prepared.dispose();
        });

        it('is built anew for an option that shapes the program, and back', async () => {
          const inputs = { prediction: array([0.5, 0.25]), target: array([1, 0]) };
          const prepared = prepare({ loss: 'binary-cross-entropy', inputs, backend, reduction: 'sum' });
          const [ofProbability, ofLogit] = [
            -Math.log(0.5 * 0.75),
            Math.log1p(Math.exp(-0.5)) + Math.log1p(Math.exp(0.25)),
          ];
          close((await prepared.run()).numerator, ofProbability);
          close((await prepared.run({ from: 'logit' })).numerator, ofLogit);
          close((await prepared.run({ from: 'probability' })).numerator, ofProbability);
          prepared.dispose();
        });

        it('is built anew where a number becomes 0 and its term is left out', async () => {
          const inputs = { prediction: array([[0, 0.5, 0.5]]), target: array([[0, 1, 0]]) };
          const prepared = prepare({ loss: 'categorical-cross-entropy', inputs, backend });
          close((await prepared.run({ labelSmoothing: 0 })).numerator, Math.log(2));
          assert.equal((await prepared.run({ labelSmoothing: 0.3 })).numerator, Number.POSITIVE_INFINITY);
          close((await prepared.run({ labelSmoothing: 0 })).numerator, Math.log(2));
          prepared.dispose();
        });

        it('answers each of several runs that were asked for at once', async () => {
          const size = 200_000;
          const inputs = {
            prediction: array(new Float32Array(size).fill(3)),
            target: array(new Float32Array(size)),
          };
          const prepared = prepare({ loss: 'huber', inputs, backend: 'wasm' });
          const deltas = [1, 2, 0.5, 1, 2, 0.5];
          const results = await Promise.all(deltas.map((delta) => prepared.run({ delta })));
          deltas.forEach((delta, i) => {
            close(results[i]!.numerator / size, delta * (3 - delta / 2), `delta ${delta}`);
          });
          prepared.dispose();
        });
      });
    });
  }

  it('of wasm, prepared, gives views that the next run writes over; evaluate gives copies', async () => {
    const inputs = { prediction: array(Float32Array.of(3, 4)), target: array(Float32Array.of(0, 0)) };
    const asked = {
      loss: 'huber',
      inputs,
      gradients: true,
      reduction: 'sum',
      elements: true,
      backend: 'wasm',
    } as const;
    const prepared = prepare(asked);
    const first = await prepared.run({ delta: 1 });
    assert.deepEqual(numbers(first.gradients.prediction!), [1, 1]);
    await prepared.run({ delta: 2 });
    assert.deepEqual(numbers(first.gradients.prediction!), [2, 2]);
    assert.equal(first.value.data[0], 6, 'the value itself is no view');
    prepared.dispose();

    const copied = await evaluate(asked);
    for (const { data } of [copied.gradients.prediction!, copied.gradients.target!, copied.elements!]) {
      assert.ok(data.buffer instanceof ArrayBuffer);
      assert.equal(data.buffer.byteLength, data.byteLength, 'a copy of just the numbers');
    }
  });

  it('leaves the arrays that it was given as they were', async () => {
    const mine = Float32Array.from({ length: 5000 }, (_, i) => i / 1000);
    const before = mine.slice();
    const inputs = { prediction: array(mine), target: array(mine) };
    await evaluate({ loss: 'huber', inputs, gradients: true, backend: 'wasm' });
    assert.deepEqual(mine, before);
  });

  describe('computes in', () => {
    const float32 = array(Float32Array.of(0.1, 0.2));
    const float64 = array(Float64Array.of(0.1, 0.2));
    const weak = array([0.1, 0.2]);
    const int32 = array(Int32Array.of(1, 2));
    const half: NdArray = { ...float32, origin: 'float16' };
    for (const [what, p, t, dtype] of [
      ['float32 for two lists', weak, weak, 'float32'],
      ['float32 for a list and float32', float32, weak, 'float32'],
      ['float64 for a list and float64', weak, float64, 'float64'],
      ['float64 for float32 and float64', float32, float64, 'float64'],
      ['float32 for integers', int32, int32, 'float32'],
      ['float64 for integers and float64', int32, float64, 'float64'],
      ['float32 for half precision', half, half, 'float32'],
    ] as const) {
      it(what, async () => {
        const asked = {
          loss: 'mean-squared-error',
          inputs: { prediction: p, target: t },
          gradients: true,
        } as const;
        const result = await evaluate({ ...asked, backend: 'wasm' });
        assert.equal(result.dtype, dtype);
        for (const array of [result.value, ...Object.values(result.gradients)])
          assert.equal(array.dtype, dtype);
      });
    }

    it('the reference rounds inputs and parameters to that, and computes in float64', async () => {
      for (const [input, expected] of [
        [float32, Math.fround(0.1)],
        [weak, Math.fround(0.1)],
        [float64, 0.1],
      ] as const) {
        const zero = array([0, 0]);
        const asked = {
          loss: 'huber',
          inputs: { prediction: input, target: zero },
          reduction: 'none',
        } as const;
        const result = await evaluate({ ...asked, backend: 'reference' });
        assert.equal(result.dtype, 'float64');
        assert.equal(result.value.data[0], 0.5 * expected ** 2);
      }
    });
  });

  it("chooses the reference for a few numbers and wasm for many, and names it: backend: 'auto'", async () => {
    const of = (length: number) => ({
      loss: 'huber',
      inputs: { prediction: array(new Float32Array(length)), target: array(new Float32Array(length)) },
    });
    assert.deepEqual(
      [(await evaluate(of(10))).backend, (await evaluate({ ...of(10), backend: 'auto' })).backend],
      ['reference', 'reference'],
    );
    assert.deepEqual(
      [(await evaluate(of(100_000))).backend, (await evaluate({ ...of(100_000), backend: 'auto' })).backend],
      ['wasm', 'wasm'],
    );
  });

  it('goes on with wasm when a few hundred numbers are run again, with the same digits', async () => {
    const numbers = (seed: number) => array(Array.from({ length: 300 }, (_, i) => Math.sin(seed * (i + 1))));
    const prepared = prepare({
      loss: 'huber',
      inputs: { prediction: numbers(1), target: numbers(2) },
      parameters: { delta: 0.3 },
      gradients: true,
    });
    try {
      const first = await prepared.run();
      const own = Float64Array.from(first.gradients['prediction']!.data as Float64Array);
      const again = await prepared.run();
      assert.deepEqual([first.backend, again.backend], ['reference', 'wasm']);
      assert.deepEqual([first.dtype, again.dtype], ['float64', 'float64']);
      assert.ok(Math.abs((again.value.data[0] as number) / (first.value.data[0] as number) - 1) < 1e-14);
      const gradient = again.gradients['prediction']!.data as Float64Array;
      for (const [i, slope] of own.entries()) assert.ok(Math.abs(gradient[i]! - slope) <= 1e-17);
    } finally {
      prepared.dispose();
    }
  });

  it('wakes no thread for what is over at once, and does for what few numbers make long', async () => {
    let runs = 0;
    configure({
      worker: watchedWorker(({ type }) => {
        if (type === 'run') runs++;
      }),
    });
    const again = async (request: Parameters<typeof prepare>[0]): Promise<number> => {
      const prepared = prepare(request);
      runs = 0;
      try {
        await prepared.run();
        assert.equal((await prepared.run()).backend, 'wasm');
        return runs;
      } finally {
        prepared.dispose();
      }
    };
    const rows = (length: number) => array(Array.from({ length }, (_, i) => [Math.sin(i), Math.cos(3 * i)]));
    try {
      const short = { loss: 'huber', inputs: { prediction: rows(500), target: rows(500) }, gradients: true };
      assert.equal(await again(short), 0);
      // 60 rows make 216 000 triplets.
      const triplets = {
        loss: 'pytorch_metric_learning.losses.TripletMarginLoss',
        inputs: { embeddings: rows(60), labels: array(Array.from({ length: 60 }, (_, i) => i % 3)) },
      };
      assert.ok((await again(triplets)) > 0);
    } finally {
      configure({ worker: plainWorker });
    }
  });

  it('answers many at once, each its own', async () => {
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        evaluate({
          loss: 'mean-absolute-error',
          inputs: {
            prediction: array(new Float32Array(30_000).fill(i)),
            target: array(new Float32Array(30_000)),
          },
          gradients: true,
          backend: 'wasm',
        }),
      ),
    );
    assert.deepEqual(
      results.map(({ value }) => value.data[0]),
      results.map((_, i) => i),
    );
  });
});
