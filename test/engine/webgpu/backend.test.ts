/** The WebGPU backend on sizes that reach every schedule, and what happens where it cannot answer. */
import assert from 'node:assert/strict';
import type { EvaluateRequest } from '../../../engine/evaluation.ts';
import {
  array,
  cast,
  configure,
  evaluate,
  gpuKind,
  LossLensError,
  type NdArray,
  prepare,
} from '../../../engine/node.ts';
import { RandomInputs } from '../random-inputs.ts';
import { closeWebGpu, openWebGpu } from './adapter.ts';
import { altered } from './altered.ts';
import { distances, tooFar } from './tolerance.ts';

type Request = Pick<EvaluateRequest, 'loss' | 'inputs' | 'parameters'>;

const random = new RandomInputs(20261123);
const single = ({ shape, data }: NdArray): NdArray => array(cast(data, 'float32'), { shape });
const prediction = (...shape: number[]): NdArray => single(random.prediction(...shape));
const target = (...shape: number[]): NdArray => single(random.target(...shape));
const probability = (...shape: number[]): NdArray => single(random.probability(...shape));

async function assertRight(request: Request): Promise<void> {
  const common = { ...request, gradients: true, elements: true };
  const actual = await evaluate({ ...common, backend: 'webgpu' });
  const expected = await evaluate({ ...common, backend: 'reference' });
  assert.equal(actual.backend, 'webgpu');
  assert.deepEqual(distances(actual, expected, 0).filter(tooFar), []);
}

const rejectsWith = (code: string) => (error: unknown) =>
  error instanceof LossLensError && error.code === code;

function recorded(devices: GPUDevice[], device: GPUDevice): Readonly<Record<string, unknown>> {
  devices.push(device);
  return {};
}

describe('the WebGPU backend', function () {
  this.timeout(60_000);
  let gpu: GPU;

  before(async function () {
    this.timeout(180_000);
    gpu = await openWebGpu();
    configure({ gpu });
  });
  after(closeWebGpu);

  describe('gives the reference its numbers', () => {
    const shapes: Readonly<Record<string, Request>> = {
      'elementwise, more than once around the grid': {
        loss: 'mean-squared-error',
        inputs: { prediction: prediction(300_007), target: target(300_007) },
      },
      'broadcast both ways, the gradients summed back': {
        loss: 'torch.nn.MSELoss',
        inputs: { input: prediction(300, 1), target: target(1, 400) },
      },
      'rows for a workgroup of 64': {
        loss: 'torch.nn.CrossEntropyLoss',
        inputs: { input: prediction(37, 101), target: random.labels(101, 37) },
      },
      'rows for a workgroup of 256, class weights': {
        loss: 'torch.nn.CrossEntropyLoss',
        inputs: {
          input: prediction(9, 1000),
          target: single(random.distribution([9, 1000])),
          weight: single(random.weight(1000)),
        },
        parameters: { label_smoothing: 0.1 },
      },
      'few and very long rows, cut into parts': {
        loss: 'torch.nn.CrossEntropyLoss',
        inputs: { input: prediction(2, 50_000), target: random.labels(50_000, 2) },
      },
      'the class axis in the middle': {
        loss: 'torch.nn.CrossEntropyLoss',
        inputs: { input: prediction(2, 21, 30, 33), target: random.labels(21, 2, 30, 33) },
      },
      'the class axis in the middle, long': {
        loss: 'torch.nn.CrossEntropyLoss',
        inputs: { input: prediction(3, 300, 40), target: random.labels(300, 3, 40) },
      },
      'a gradient by class weights over many rows': {
        loss: 'torch.nn.BCEWithLogitsLoss',
        inputs: {
          input: prediction(5000, 3),
          target: probability(5000, 3),
          pos_weight: single(random.weight(3)),
        },
      },
      'sums over space for each sample, then their quotient': {
        loss: 'dice',
        inputs: { prediction: probability(2, 1, 90, 110), target: probability(2, 1, 90, 110) },
      },
      'neighbours in a grid': {
        loss: 'total-variation',
        inputs: { image: prediction(2, 3, 33, 70) },
      },
      'distances between rows': {
        loss: 'triplet',
        inputs: { anchor: prediction(50, 128), positive: prediction(50, 128), negative: prediction(50, 128) },
      },
    };
    for (const [name, request] of Object.entries(shapes)) it(name, () => assertRight(request));
  });

  it('adds ten million equal numbers within the bound', async () => {
    const ones = new Float32Array(10_000_000).fill(0.1);
    const { value } = await evaluate({
      loss: 'mean-absolute-error',
      inputs: { prediction: array(ones), target: array(new Float32Array(ones.length)) },
      backend: 'webgpu',
    });
    assert(Math.abs(Number(value.data[0]) - 0.1) < 1e-6);
  });

  it('evaluates again with other parameters, two at once in turn', async () => {
    const inputs = { prediction: prediction(1000), target: target(1000) };
    const prepared = prepare({ loss: 'huber', inputs, gradients: true, backend: 'webgpu' });
    try {
      const deltas = [0.3, 1.5];
      const answers = await Promise.all(deltas.map((delta) => prepared.run({ delta })));
      for (const [i, delta] of deltas.entries()) {
        const request = { loss: 'huber', inputs, parameters: { delta }, gradients: true, elements: true };
        const expected = await evaluate({ ...request, backend: 'reference' });
        assert.deepEqual(distances(answers[i]!, expected, 0).filter(tooFar), []);
      }
    } finally {
      prepared.dispose();
    }
  });

  describe('hands on what it cannot answer', () => {
    afterEach(() => configure({ gpu, gpuFrom: 'measured' }));

    const some = { prediction: prediction(5000), target: target(5000) };

    it('software adapters are left to who names them', async () => {
      const large = { prediction: prediction(2 ** 20), target: target(2 ** 20) };
      assert.notEqual((await evaluate({ loss: 'huber', inputs: large })).backend, 'webgpu');
    });

    it('auto takes it from the size that was stated, float64 never', async () => {
      configure({ gpuFrom: 10_000 });
      const { backend } = await evaluate({ loss: 'huber', inputs: some });
      assert.equal(backend, 'webgpu');
      const fewer = { prediction: prediction(100), target: target(100) };
      assert.equal((await evaluate({ loss: 'huber', inputs: fewer })).backend, 'reference');
      const double = { prediction: array(cast(some.prediction.data, 'float64')), target: some.target };
      assert.notEqual((await evaluate({ loss: 'huber', inputs: double })).backend, 'webgpu');
    });

    it('without a GPU there is none, until one is given again', async () => {
      configure({ gpu: undefined, gpuFrom: 10_000 });
      assert.equal(await gpuKind(), 'none');
      assert.notEqual((await evaluate({ loss: 'huber', inputs: some })).backend, 'webgpu');
      await assert.rejects(
        evaluate({ loss: 'huber', inputs: some, backend: 'webgpu' }),
        rejectsWith('backend-unsupported'),
      );
      configure({ gpu });
      assert.equal((await evaluate({ loss: 'huber', inputs: some })).backend, 'webgpu');
    });

    for (const [name, number] of [
      ['infinite', Number.POSITIVE_INFINITY],
      ['NaN', Number.NaN],
      ['subnormal', 1e-40],
    ] as const) {
      it(`${name} inputs go to the CPU, or are refused by name`, async () => {
        configure({ gpuFrom: 10_000 });
        const data = (some.prediction.data as Float32Array).slice();
        data[4321] = number;
        const request = { loss: 'mean-squared-error', inputs: { ...some, prediction: array(data) } };
        const evaluation = await evaluate(request);
        assert.notEqual(evaluation.backend, 'webgpu');
        assert.deepEqual(evaluation.warnings, []);
        assert.equal(Number.isFinite(evaluation.numerator), number === 1e-40);
        await assert.rejects(evaluate({ ...request, backend: 'webgpu' }), rejectsWith('backend-unsupported'));
      });
    }

    it('so do finite inputs with a result that is not', async () => {
      configure({ gpuFrom: 10_000 });
      const data = (some.prediction.data as Float32Array).slice();
      data[17] = 3e30;
      const request = { loss: 'mean-squared-error', inputs: { ...some, prediction: array(data) } };
      const evaluation = await evaluate(request);
      assert.notEqual(evaluation.backend, 'webgpu');
      await assert.rejects(evaluate({ ...request, backend: 'webgpu' }), rejectsWith('backend-unsupported'));
    });

    it('a lost device fails the request that names it, and the next one has a new device', async () => {
      const devices: GPUDevice[] = [];
      configure({ gpu: altered(gpu, {}, (device) => recorded(devices, device)) });
      const prepared = prepare({ loss: 'huber', inputs: some, backend: 'webgpu' });
      await prepared.run();
      devices[0]!.destroy();
      await assert.rejects(prepared.run({ delta: 2 }), rejectsWith('gpu-lost'));
      prepared.dispose();
      assert.equal((await evaluate({ loss: 'huber', inputs: some, backend: 'webgpu' })).backend, 'webgpu');
      assert.equal(devices.length, 2);
    });

    it('with auto, the CPU takes over from a lost device and says so once', async () => {
      const devices: GPUDevice[] = [];
      configure({ gpu: altered(gpu, {}, (device) => recorded(devices, device)), gpuFrom: 10_000 });
      const prepared = prepare({ loss: 'huber', inputs: some });
      assert.equal((await prepared.run()).backend, 'webgpu');
      devices[0]!.destroy();
      const next = await prepared.run();
      assert.notEqual(next.backend, 'webgpu');
      assert.deepEqual(
        next.warnings.map(({ code }) => code),
        ['gpu-lost'],
      );
      assert.deepEqual((await prepared.run()).warnings, []);
      prepared.dispose();
    });

    it('an array larger than the device takes goes to the CPU visibly', async () => {
      const limits = {
        maxBufferSize: 2 ** 28,
        maxStorageBufferBindingSize: 2 ** 27,
        maxStorageBuffersPerShaderStage: 8,
      };
      configure({ gpu: altered(gpu, { limits }), gpuFrom: 10_000 });
      const large = new Float32Array(2 ** 25 + 1).fill(1);
      const evaluation = await evaluate({
        loss: 'mean-squared-error',
        inputs: { prediction: array(large), target: array(large) },
      });
      assert.equal(evaluation.backend, 'wasm');
      assert.deepEqual(
        evaluation.warnings.map(({ code }) => code),
        ['gpu-refused'],
      );
    });

    it('an allocation that the device refuses goes to the CPU visibly', async () => {
      const refusing = (device: GPUDevice) => ({
        createBuffer: (descriptor: GPUBufferDescriptor) =>
          device.createBuffer(
            descriptor.size === 20_000
              ? { ...descriptor, size: device.limits.maxBufferSize + 4 }
              : descriptor,
          ),
      });
      configure({ gpu: altered(gpu, {}, refusing), gpuFrom: 10_000 });
      const evaluation = await evaluate({ loss: 'huber', inputs: some });
      assert.notEqual(evaluation.backend, 'webgpu');
      assert.deepEqual(
        evaluation.warnings.map(({ code }) => code),
        ['gpu-refused'],
      );
    });

    it('a GPU that computes wrong numbers is never trusted', async () => {
      const wrong = (device: GPUDevice) => ({
        createShaderModule: ({ code }: GPUShaderModuleDescriptor) =>
          device.createShaderModule({ code: code.replace('return exp(rest)', 'return 1.0001f * exp(rest)') }),
      });
      configure({ gpu: altered(gpu, {}, wrong) });
      await assert.rejects(
        evaluate({ loss: 'huber', inputs: some, backend: 'webgpu' }),
        rejectsWith('gpu-refused'),
      );
    });
  });
});
