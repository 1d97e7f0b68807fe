/** Threads that die, run out of memory, or are told to stop: an error within a second, and the next evaluation is right. */
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import * as engine from '../../../engine/node.ts';
import { array, configure, dispose, evaluate, prepare, type WorkerThread } from '../../../engine/node.ts';
import { Session } from '../../../engine/presentation/session.ts';
import { plainWorker, watchedWorker } from '../interface/workers.ts';
import { assertSoon, assertWorks, endOf, expected, long, type Moment, now, short } from './evaluations.ts';

/** A thread whose heap may hold a few megabytes. */
function hungryWorker(): WorkerThread {
  const worker = new Worker(new URL('./hungry-worker.ts', import.meta.url), {
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 24, maxYoungGenerationSizeMb: 8 },
  });
  return {
    postMessage: (message) => worker.postMessage(message),
    onMessage: (listener) => void worker.on('message', listener),
    onEnd(listener) {
      worker.once('error', (error) => listener((error as Error).message));
      worker.once('exit', (code) => listener(`exit code ${code}`));
    },
    terminate: () => void worker.terminate(),
  };
}

/** Alignments that take a thread more than six seconds. */
const frames = 600;
const alignments = {
  loss: 'optax.ctc_loss',
  inputs: {
    logits: array(new Float32Array(64 * frames * 60).fill(0.1), { shape: [64, frames, 60] }),
    logit_paddings: array(new Float32Array(64 * frames), { shape: [64, frames] }),
    labels: array(
      BigInt64Array.from({ length: 64 * 200 }, (_, i) => BigInt(1 + (i % 59))),
      { shape: [64, 200] },
    ),
    label_paddings: array(new Float32Array(64 * 200), { shape: [64, 200] }),
  },
  gradients: true,
  backend: 'wasm',
} as const;

describe('a thread', function () {
  this.timeout(60_000);
  after(() => {
    configure({ worker: plainWorker, threads: availableParallelism() });
    dispose();
  });

  it('that is killed in the middle of a run', async () => {
    let killed: Moment | undefined;
    const worker = watchedWorker(({ type }, thread) => {
      if (type !== 'run' || killed) return;
      setTimeout(() => {
        killed = now();
        thread.terminate();
      }, 30);
    });
    configure({ worker, threads: 2 });
    const running = evaluate({ ...long, backend: 'wasm' });
    running.catch(() => undefined);
    while (!killed) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(await endOf(running, killed), 'worker-died');
    await assertWorks();
  });

  it('that runs out of memory', async () => {
    configure({ worker: hungryWorker, threads: 1 });
    await assertWorks();
    const since = now();
    const error = await evaluate({ ...short, backend: 'wasm' }).catch((reason) => reason);
    assertSoon(since, error.code);
    assert.equal(error.code, 'worker-died');
    assert.match(error.message, /memory/);
    await assertWorks();
  });

  it('cannot be given more memory than there is: refused before anything is made', async () => {
    configure({ worker: plainWorker, threads: 2 });
    const { Memory } = WebAssembly;
    // None that waits to be used again is as large.
    const prediction = array(new Float32Array(2 ** 24));
    WebAssembly.Memory = class extends Memory {
      constructor(descriptor: WebAssembly.MemoryDescriptor) {
        // More than a process may address, whatever the machine.
        super({ ...descriptor, initial: 2 ** 16 + 1, maximum: 2 ** 16 + 1 });
      }
    };
    const since = now();
    try {
      const error = await evaluate({
        loss: 'huber',
        inputs: { prediction, target: prediction },
        backend: 'wasm',
      }).catch((reason) => reason);
      assertSoon(since, error.code);
      assert.equal(error.code, 'out-of-memory');
    } finally {
      WebAssembly.Memory = Memory;
    }
    await assertWorks();
  });

  it('leaves a run that is disposed of', async () => {
    configure({ worker: plainWorker, threads: 2 });
    const prepared = prepare({ ...long, backend: 'wasm' });
    await prepared.run();
    const running = prepared.run();
    running.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 10));
    const since = now();
    prepared.dispose();
    assert.equal(await endOf(running, since), 'cancelled');
    assert.equal(await endOf(prepared.run(), now()), 'cancelled');
    await assertWorks();
  });

  it('leaves the run of a panel that is closed, and of one that is closed before it began', async () => {
    for (const wait of [10, 0]) {
      const session = new Session(engine, long, { title: '', keep: '', backend: 'cpu' });
      const running = session.evaluate({});
      running.catch(() => undefined);
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const since = now();
      session.dispose();
      assert.equal(await endOf(running, since), 'cancelled');
    }
    await assertWorks();
  });

  for (const [what, stop] of [
    ['cancelled', (controller: AbortController) => controller.abort()],
    ['disposed of', (_: AbortController, prepared: { dispose(): void }) => prepared.dispose()],
  ] as const) {
    it(`is taken from a kernel that is ${what}, which looks at nothing while it works`, async () => {
      configure({ worker: plainWorker, threads: 2 });
      await assertWorks();
      const controller = new AbortController();
      const prepared = prepare({ ...alignments, signal: controller.signal });
      const running = prepared.run();
      running.catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const since = now();
      stop(controller, prepared);
      assert.equal(await endOf(running, since), 'cancelled');
      await assertWorks();
      assertSoon(since, 'the next evaluation');
      prepared.dispose();
    });
  }

  it('has fifty evaluations at once, of which forty are cancelled', async () => {
    configure({ worker: plainWorker, threads: 2 });
    const controllers = Array.from({ length: 50 }, () => new AbortController());
    const running = controllers.map(({ signal }, i) =>
      evaluate({ ...short, backend: i % 2 === 0 ? 'wasm' : 'auto', signal }),
    );
    const wanted = (i: number): boolean => i % 5 === 2;
    const since = now();
    controllers.forEach((controller, i) => {
      if (!wanted(i)) setTimeout(() => controller.abort(), i % 7);
    });
    const ended = await Promise.allSettled(running);
    assertSoon(since, 'all of them');
    ended.forEach((end, i) => {
      if (end.status === 'rejected') {
        assert.ok(!wanted(i) && end.reason.code === 'cancelled', `${i}: ${end.reason}`);
      } else assert.ok(Math.abs(Number(end.value.value.data[0]) - expected) < 1e-5, `${i}: another number`);
    });
    assert.ok(
      ended.some(({ status }) => status === 'rejected'),
      'none was cancelled',
    );
    await assertWorks();
  });
});
