/** A run that is cancelled, a thread that dies, an engine that is disposed of: an error for that request, and the next works. */
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { array } from '../../../engine/array.ts';
import { configure, dispose, evaluate, nodeWorker, prepare } from '../../../engine/node.ts';
import { plainWorker, watchedWorker } from './workers.ts';

/** Large enough that it is still running when it is interrupted: about a second on one thread. */
const size = 1 << 24;
const logits = array(new Float32Array(size).fill(0.5));
const long = {
  loss: 'binary-cross-entropy',
  inputs: { prediction: logits, target: array(new Float32Array(size)) },
  parameters: { from: 'logit' },
  gradients: ['prediction'],
  backend: 'wasm',
} as const;
const short = {
  ...long,
  inputs: { prediction: array(new Float32Array(50_000).fill(0.5)), target: array(new Float32Array(50_000)) },
} as const;
const expected = Math.log1p(Math.exp(0.5));

async function assertWorks(): Promise<void> {
  const { value } = await evaluate(short);
  assert.ok(Math.abs(Number(value.data[0]) - expected) < 1e-6, String(value.data[0]));
}

const cancelled = { name: 'LossLensError', code: 'cancelled' };
const died = { name: 'LossLensError', code: 'worker-died' };

describe('an interruption', () => {
  after(() => configure({ worker: plainWorker, threads: availableParallelism() }));

  describe('by a signal', () => {
    before(() => configure({ worker: plainWorker, threads: 2 }));

    for (const backend of ['reference', 'wasm'] as const) {
      it(`that came before the run: ${backend}`, async () => {
        await assert.rejects(evaluate({ ...short, backend, signal: AbortSignal.abort() }), cancelled);
        await assertWorks();
      });
    }

    it('in the middle of a run ends it early, and the same prepared loss does not run again', async () => {
      const controller = new AbortController();
      const prepared = prepare({ ...long, signal: controller.signal });
      // A view of the memory that the threads write to.
      const gradient = (await prepared.run()).gradients.prediction!.data as Float32Array;
      gradient.fill(Number.NaN);
      const running = prepared.run();
      setTimeout(() => controller.abort(), 1);
      await assert.rejects(running, cancelled);
      assert.ok(gradient.includes(Number.NaN), 'the threads worked on to the end');
      await assert.rejects(prepared.run(), cancelled);
      prepared.dispose();
      await assertWorks();
    });

    it('of one run leaves another that is under way alone', async () => {
      const controller = new AbortController();
      const one = evaluate({ ...long, signal: controller.signal });
      const other = evaluate(short);
      controller.abort();
      await assert.rejects(one, cancelled);
      assert.ok(Math.abs(Number((await other).value.data[0]) - expected) < 1e-6);
    });

    it('that comes too late changes nothing', async () => {
      const controller = new AbortController();
      const { value } = await evaluate({ ...short, signal: controller.signal });
      controller.abort();
      assert.ok(Math.abs(Number(value.data[0]) - expected) < 1e-6);
    });
  });

  describe('by a thread that dies', () => {
    for (const threads of [1, 2]) {
      it(`in the middle of a run, threads: ${threads}`, async () => {
        let runs = 0;
        const worker = watchedWorker(({ type }, thread) => {
          if (type === 'run' && runs++ === 0) thread.terminate();
        });
        configure({ worker, threads });
        await assert.rejects(evaluate(long), died);
        await assertWorks();
      });
    }

    it('of a prepared loss, which then runs on a new one', async () => {
      let deadly = true;
      const worker = watchedWorker(({ type }, thread) => {
        if (type === 'run' && deadly) thread.terminate();
      });
      configure({ worker, threads: 2 });
      const prepared = prepare(short);
      await assert.rejects(prepared.run(), died);
      deadly = false;
      const { value, gradients } = await prepared.run();
      assert.ok(Math.abs(Number(value.data[0]) - expected) < 1e-6);
      assert.equal(gradients.prediction!.data.length, 50_000);
      prepared.dispose();
    });

    it('between two runs, unnoticed', async () => {
      const threads: { terminate(): void }[] = [];
      const worker = watchedWorker(({ type }, thread) => {
        if (type === 'run') threads.push(thread);
      });
      configure({ worker, threads: 1 });
      await assertWorks();
      threads[0]!.terminate();
      await new Promise((resolve) => setTimeout(resolve, 100));
      await assertWorks();
    });

    it('takes every request with it that it owed an answer, and none of the later ones', async () => {
      let runs = 0;
      const worker = watchedWorker(({ type }, thread) => {
        if (type === 'run' && runs++ === 2) thread.terminate();
      });
      configure({ worker, threads: 1 });
      const results = await Promise.allSettled(Array.from({ length: 3 }, () => evaluate(short)));
      for (const result of results) {
        if (result.status === 'rejected') assert.equal(result.reason.code, 'worker-died');
      }
      assert.equal(results.at(-1)!.status, 'rejected');
      await assertWorks();
    });

    it('because its script is not there', async () => {
      configure({ worker: () => nodeWorker(new URL('./no-such-worker.js', import.meta.url)), threads: 1 });
      await assert.rejects(evaluate(short), died);
      configure({ worker: plainWorker, threads: 1 });
      await assertWorks();
    });
  });

  describe('by dispose', () => {
    before(() => configure({ worker: plainWorker, threads: 2 }));

    it('of an engine at rest: the next evaluation starts new threads', async () => {
      await assertWorks();
      dispose();
      await assertWorks();
    });

    it('in the middle of a run', async () => {
      const running = evaluate(long);
      const failed = assert.rejects(running, died);
      setTimeout(dispose, 20);
      await failed;
      await assertWorks();
    });

    it('of a prepared loss leaves the others as they are', async () => {
      const [one, other] = [prepare(short), prepare(short)];
      await Promise.all([one.run(), other.run()]);
      one.dispose();
      assert.ok(Math.abs(Number((await other.run()).value.data[0]) - expected) < 1e-6);
      other.dispose();
    });
  });
});
