/** Where threads share no memory, as in most web pages. */
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { array } from '../../../engine/array.ts';
import type { EvaluateRequest, Evaluation } from '../../../engine/evaluation.ts';
import { configure, evaluate, prepare } from '../../../engine/node.ts';
import { plainWorker, watchedWorker } from './workers.ts';

const rows = (count: number, length: number, frequency: number) =>
  array(
    Float32Array.from({ length: count * length }, (_, i) => Math.sin(frequency * i)),
    { shape: [count, length] },
  );

const requests: Readonly<Record<string, EvaluateRequest>> = {
  'a kernel with a total alone': {
    loss: 'huber',
    inputs: { prediction: rows(300, 50, 1.3), target: rows(300, 50, 0.7) },
    gradients: true,
    elements: true,
  },
  'a loss of several kernels': {
    loss: 'torch.nn.CrossEntropyLoss',
    inputs: {
      input: rows(2000, 20, 2.1),
      target: array(BigInt64Array.from({ length: 2000 }, (_, i) => BigInt(i % 20))),
      weight: array(Float32Array.from({ length: 20 }, (_, i) => 1 + i)),
    },
    gradients: true,
  },
  'a kernel written by hand': {
    loss: 'torch.nn.CTCLoss',
    inputs: {
      log_probs: array(new Float32Array(6 * 2 * 4).fill(Math.log(0.25)), { shape: [6, 2, 4] }),
      targets: array([
        [1, 2],
        [3, 3],
      ]),
      input_lengths: array([6, 5]),
      target_lengths: array([2, 2]),
    },
    gradients: true,
  },
};

describe('without shared memory', () => {
  const shared = globalThis.SharedArrayBuffer;
  const unshared = async <T>(body: () => Promise<T>): Promise<T> => {
    Reflect.deleteProperty(globalThis, 'SharedArrayBuffer');
    try {
      return await body();
    } finally {
      globalThis.SharedArrayBuffer = shared;
    }
  };

  after(() => configure({ worker: plainWorker, threads: availableParallelism() }));

  for (const [name, request] of Object.entries(requests)) {
    it(`the wasm backend answers the same: ${name}`, async () => {
      const asked = { ...request, backend: 'wasm' } as const;
      const expected = await evaluate(asked);
      let loads = 0;
      configure({ worker: watchedWorker(({ type }) => type === 'load' && loads++), threads: 4 });
      const found = await unshared(() => evaluate(asked));
      assert.equal(loads, 0, 'no thread is given a memory');
      assert.equal(found.backend, 'wasm');
      const numbers = ({ value, gradients, elements }: Evaluation) =>
        [value, ...Object.values(gradients), ...(elements ? [elements] : [])].map(({ data }) =>
          Array.from(data as Float32Array),
        );
      const [own, others] = [numbers(found).flat(), numbers(expected).flat()];
      assert.equal(own.length, others.length);
      // Threads add up their shares in another order.
      const isOff = (number: number, i: number) =>
        !(Math.abs(number - others[i]!) <= 1e-6 * Math.abs(others[i]!));
      assert.deepEqual(own.filter(isOff), []);
    });
  }

  it('a long evaluation lets other work through, and can be cancelled', async () => {
    const stop = new AbortController();
    const now = performance.now;
    let time = 0;
    // Whatever the machine, each piece takes a second.
    performance.now = () => {
      time += 1000;
      return time;
    };
    try {
      await unshared(async () => {
        const asked = {
          ...requests['a kernel with a total alone']!,
          backend: 'wasm',
          signal: stop.signal,
        } as const;
        const prepared = prepare(asked);
        const running = prepared.run();
        setTimeout(() => stop.abort());
        await assert.rejects(running, { code: 'cancelled' });
        prepared.dispose();
      });
    } finally {
      performance.now = now;
    }
  });
});
