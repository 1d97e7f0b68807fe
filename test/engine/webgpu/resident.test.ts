/** Elements and gradients that stay on the GPU: what is read of them, and what has to be known without reading them. */
import assert from 'node:assert/strict';
import { array, cast, configure, LossLensError, type NdArray, prepare } from '../../../engine/node.ts';
import { RandomInputs } from '../random-inputs.ts';
import { closeWebGpu, openWebGpu } from './adapter.ts';

const random = new RandomInputs(20261127);
const single = ({ shape, data }: NdArray): NdArray => array(cast(data, 'float32'), { shape });

describe('outputs that stay on the GPU', function () {
  this.timeout(60_000);

  before(async function () {
    this.timeout(180_000);
    configure({ gpu: await openWebGpu() });
  });
  after(closeWebGpu);

  for (const shape of [[7], [100_003], [300, 5]]) {
    it(`are read at any place, and the largest is known: [${shape}]`, async () => {
      const inputs = {
        prediction: single(random.prediction(...shape)),
        target: single(random.target(...shape)),
      };
      const request = { loss: 'huber', inputs, gradients: true, resident: true } as const;
      const [here, there] = [
        prepare({ ...request, backend: 'reference' }),
        prepare({ ...request, backend: 'webgpu' }),
      ];
      try {
        for (const delta of [0.4, 2]) {
          const [expected, actual] = await Promise.all([here.run({ delta }), there.run({ delta })]);
          assert.equal(actual.backend, 'webgpu');
          assert.deepEqual(actual.gradients, {});
          const [own, known] = [actual.resident!, expected.resident!];
          assert.equal(own.largest, known.largest);
          assert.equal(own.firstNonFinite, undefined);
          const count = inputs.prediction.data.length;
          const places = Uint32Array.of(count - 1, 0, known.largest!, 3, 3);
          for (const [mine, its] of [
            [own.elements, known.elements],
            [own.gradients['prediction']!, known.gradients['prediction']!],
          ] as const) {
            assert.deepEqual(mine.shape, its.shape);
            const [numbers, right] = await Promise.all([mine.take(places), its.take(places)]);
            assert.equal(numbers.length, places.length);
            right.forEach((number, i) => {
              const away = Math.abs(Number(numbers[i]) - Number(number));
              assert(away <= 1e-5 * Math.abs(Number(number)), `${numbers[i]} instead of ${number}`);
            });
          }
        }
      } finally {
        here.dispose();
        there.dispose();
      }
    });
  }

  it('are searched for numbers that are not finite', async () => {
    const prediction = new Float32Array(5000).fill(1);
    const target = Float32Array.from(prediction, (_, i) => (i === 4321 ? 3e38 : 0));
    const inputs = { prediction: array(prediction), target: array(target) };
    const prepared = prepare({
      loss: 'mean-squared-error',
      inputs,
      gradients: true,
      resident: true,
      backend: 'webgpu',
    });
    await assert.rejects(
      prepared.run(),
      (error: unknown) => error instanceof LossLensError && error.code === 'backend-unsupported',
    );
    prepared.dispose();
  });

  it('go back whole with a value that is not reduced', async () => {
    const inputs = { prediction: single(random.prediction(50)), target: single(random.target(50)) };
    const prepared = prepare({ loss: 'huber', inputs, reduction: 'none', resident: true, backend: 'webgpu' });
    const { value, resident, backend } = await prepared.run();
    assert.equal(backend, 'webgpu');
    assert.deepEqual(
      [...(await resident!.elements.take(Uint32Array.of(49, 2)))],
      [value.data[49], value.data[2]],
    );
    prepared.dispose();
  });

  it('are gone with what was prepared', async () => {
    const inputs = { prediction: single(random.prediction(50)), target: single(random.target(50)) };
    const prepared = prepare({ loss: 'huber', inputs, resident: true, backend: 'webgpu' });
    const { resident } = await prepared.run();
    prepared.dispose();
    await assert.rejects(resident!.elements.take(Uint32Array.of(1)), LossLensError);
  });
});
