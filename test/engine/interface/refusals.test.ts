/** What the engine refuses, and whether the refusal says where and what to do. */
import assert from 'node:assert/strict';
import { array } from '../../../engine/array.ts';
import type { EvaluateRequest } from '../../../engine/evaluation.ts';
import { type ErrorCode, type ErrorDetails, evaluate, LossLensError, prepare } from '../../../engine/node.ts';

interface Refusal {
  readonly what: string;
  readonly request: EvaluateRequest;
  readonly code: ErrorCode;
  /** Pieces of the message. */
  readonly says: readonly string[];
  readonly details?: Partial<ErrorDetails>;
}

const two = array([0.25, 0.5]);
const pair = { prediction: two, target: array([0, 1]) };
const scores = array([
  [0.1, 0.2, 0.7],
  [0.3, 0.3, 0.4],
]);
const int64 = (...values: number[]) => array(BigInt64Array.from(values.map(BigInt)));
/** A request as plain JavaScript may make it. */
const loose = (request: object): EvaluateRequest => request as EvaluateRequest;

const refusals: readonly Refusal[] = [
  {
    what: 'a name that is no loss',
    request: { loss: 'hubber', inputs: pair },
    code: 'unknown-loss',
    says: ['hubber', 'torch.nn.HuberLoss'],
  },
  {
    what: 'a symbol without its module',
    request: { loss: 'HuberLoss', inputs: pair },
    code: 'unknown-loss',
    says: ['HuberLoss'],
  },
  {
    what: 'an input that is missing',
    request: { loss: 'huber', inputs: { prediction: two } },
    code: 'missing-input',
    says: ["needs 'target'", 'Found: prediction'],
  },
  {
    what: "the loss's own input name on a symbol that has another",
    request: { loss: 'torch.nn.MSELoss', inputs: { prediction: two, target: two } },
    code: 'unknown-input',
    says: ["no input 'prediction'", 'input, target'],
  },
  {
    what: 'data that its shape does not hold',
    request: { loss: 'huber', inputs: { ...pair, target: { ...two, shape: [3] } } },
    code: 'shape-mismatch',
    says: ['2 elements', '[3]'],
  },
  {
    what: 'shapes that differ',
    request: { loss: 'huber', inputs: { prediction: scores, target: two } },
    code: 'shape-mismatch',
    says: ['prediction [2, 3]', 'target [2]'],
  },
  {
    what: 'shapes that not even torch broadcasts',
    request: { loss: 'torch.nn.MSELoss', inputs: { input: scores, target: two } },
    code: 'shape-mismatch',
    says: ['input [2, 3]', 'target [2]'],
  },
  {
    what: 'labels where floating point is needed',
    request: { loss: 'torch.nn.BCELoss', inputs: { input: two, target: int64(0, 1) } },
    code: 'dtype',
    says: ['target int64 [2]', 'float32'],
  },
  {
    what: 'fractions where labels are needed',
    request: {
      loss: 'sparse-categorical-cross-entropy',
      inputs: { prediction: scores, target: array(Float32Array.of(0, 1)) },
    },
    code: 'dtype',
    says: ['target', 'float32 [2]', 'int64'],
  },
  {
    what: 'labels outside the classes',
    request: {
      loss: 'sparse-categorical-cross-entropy',
      inputs: { prediction: array(new Float32Array(12), { shape: [4, 3] }), target: int64(0, 3, 1, -1) },
    },
    code: 'label-out-of-range',
    says: ['3 at [1] of target', '1 more of 4', 'from 0 to 2'],
    details: { count: 2, index: [1] },
  },
  {
    what: 'a probability above 1, in the second row',
    request: {
      loss: 'binary-cross-entropy',
      inputs: {
        prediction: array([
          [0.5, 1],
          [0.5, 1.5],
        ]),
        target: array([
          [0, 1],
          [0, 1],
        ]),
      },
    },
    code: 'domain',
    says: ['1.5 at [1, 1] of prediction', '0 to 1'],
    details: { count: 1, index: [1, 1] },
  },
  {
    what: 'a parameter that the loss does not have',
    request: { loss: 'huber', inputs: pair, parameters: { beta: 1 } },
    code: 'parameter',
    says: ["no parameter 'beta'", 'delta'],
  },
  {
    what: 'a parameter below its bound',
    request: { loss: 'huber', inputs: pair, parameters: { delta: 0 } },
    code: 'parameter',
    says: ["'delta'", 'Found: 0', 'above 0'],
  },
  {
    what: 'a parameter that is not a number',
    request: { loss: 'huber', inputs: pair, parameters: { delta: Number.NaN } },
    code: 'parameter',
    says: ['Found: NaN'],
  },
  {
    what: 'text for a number',
    request: { loss: 'huber', inputs: pair, parameters: { delta: '1' } },
    code: 'parameter',
    says: ["Found: '1'", 'a number'],
  },
  {
    what: 'a fraction for a whole number',
    request: {
      loss: 'torch.nn.CrossEntropyLoss',
      inputs: { input: scores, target: int64(0, 1) },
      parameters: { ignore_index: 0.5 },
    },
    code: 'parameter',
    says: ['0.5', 'a whole number'],
  },
  {
    what: 'a number for a flag',
    request: {
      loss: 'torch.nn.KLDivLoss',
      inputs: { input: scores, target: scores },
      parameters: { log_target: 1 },
    },
    code: 'parameter',
    says: ['true or false'],
  },
  {
    what: 'a choice that is none',
    request: {
      loss: 'torch.nn.MSELoss',
      inputs: { input: two, target: two },
      parameters: { reduction: 'avg' },
    },
    code: 'parameter',
    says: ["'avg'", "'mean'"],
  },
  {
    what: 'an axis that the array does not have',
    request: {
      loss: 'categorical-cross-entropy',
      inputs: { prediction: scores, target: scores },
      parameters: { axis: 2 },
    },
    code: 'parameter',
    says: ['no axis 2', '[2, 3]'],
  },
  {
    what: 'a reduction that is none',
    request: loose({ loss: 'huber', inputs: pair, reduction: 'avg' }),
    code: 'parameter',
    says: ["'avg'", "'batchmean'"],
  },
  {
    what: 'a gradient by an input that is not given',
    request: { loss: 'huber', inputs: pair, gradients: ['weight'] },
    code: 'parameter',
    says: ['weight', 'prediction, target'],
  },
  {
    what: 'a gradient by labels',
    request: {
      loss: 'torch.nn.CrossEntropyLoss',
      inputs: { input: scores, target: int64(0, 1) },
      gradients: ['target'],
    },
    code: 'parameter',
    says: ['target int64', 'input'],
  },
  {
    what: 'a gradient by what the library holds constant',
    request: {
      loss: 'torch.nn.BCELoss',
      inputs: { input: two, target: two, weight: two },
      gradients: ['weight'],
    },
    code: 'parameter',
    says: ['no gradient back to weight'],
  },
  {
    what: 'a backend that nobody has',
    request: loose({ loss: 'huber', inputs: pair, backend: 'cuda' }),
    code: 'backend-unsupported',
    says: ['cuda'],
  },
];

describe('the engine refuses', () => {
  for (const { what, request, code, says, details } of refusals) {
    it(what, async () => {
      const isRight = (error: unknown): true => {
        assert.ok(error instanceof LossLensError, String(error));
        assert.equal(error.code, code, error.message);
        for (const piece of says)
          assert.ok(error.message.includes(piece), `‘${error.message}’ does not say ‘${piece}’`);
        for (const [name, value] of Object.entries(details ?? {})) {
          assert.deepEqual(error.details[name as keyof ErrorDetails], value, name);
        }
        return true;
      };
      await assert.rejects(evaluate(request), isRight);
      assert.throws(() => prepare(request), isRight);
    });
  }

  it('WebGPU where there is none', async () => {
    await assert.rejects(evaluate({ loss: 'huber', inputs: pair, backend: 'webgpu' }), {
      code: 'backend-unsupported',
    });
  });

  it('a parameter that goes wrong between two runs, and keeps what it had', async () => {
    const prepared = prepare({ loss: 'huber', inputs: { prediction: array([3]), target: array([0]) } });
    const { numerator } = await prepared.run({ delta: 2 });
    await assert.rejects(prepared.run({ delta: -1 }), { code: 'parameter' });
    assert.equal((await prepared.run()).numerator, numerator);
    prepared.dispose();
  });

  it('more than WebAssembly addresses, before allocating any of it', () => {
    // One buffer that nothing ever writes: the operating system gives it no memory.
    const data = new Float32Array(2 ** 28);
    const big = array(data);
    const before = process.memoryUsage().rss;
    assert.throws(
      () =>
        prepare({ loss: 'huber', inputs: { prediction: big, target: big }, gradients: true, elements: true }),
      (error: LossLensError) => {
        assert.equal(error.code, 'out-of-memory');
        assert.match(error.message, /5\.0 GiB/, 'two inputs, two gradients and the elements, 1 GiB each');
        assert.match(error.message, /at most 4 GiB/);
        return true;
      },
    );
    assert.ok(process.memoryUsage().rss - before < 200 * 2 ** 20, 'memory was taken before the refusal');
  });
});
