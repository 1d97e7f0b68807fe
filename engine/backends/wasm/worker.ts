/** The worker thread's entry: holds the instances of prepared kernels and runs ranges of their items. */

import { parentPort } from 'node:worker_threads';
import { runKernel } from '../../kernels/index.ts';
import type { KernelAnswer, KernelRequest } from '../../kernels/kernel.ts';
import { instantiate, type Run } from './instance.ts';
import type { FromWorker, ToWorker } from './workers.ts';

/**
 * A range is run in this many pieces: V8 starts a kernel in its quick, slow compilation and changes to the optimised
 * one only at the next call; and between two pieces a cancellation is seen.
 */
const pieces = 64;

const loaded = new Map<number, { runs: Run[]; cancelled: Int32Array }>();

parentPort!.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'load': {
      const runs = message.modules.map((module) => instantiate(module, message.memory));
      loaded.set(message.execution, { runs, cancelled: new Int32Array(message.memory.buffer, 0, 1) });
      return;
    }
    case 'unload':
      loaded.delete(message.execution);
      return;
    case 'run':
      answer({ request: message.request, ...run(message) });
      return;
    case 'kernel':
      answer({ request: message.request, ...kernel(message.ask) });
  }
});

function run({ execution, kernel, block, begin, end, sums }: ToWorker & { type: 'run' }): { error?: string } {
  try {
    const { runs, cancelled } = loaded.get(execution)!;
    const step = Math.max(1, Math.ceil((end - begin) / pieces));
    for (let at = begin; at < end && Atomics.load(cancelled, 0) === 0; at += step) {
      runs[kernel]!(block, at, Math.min(at + step, end), sums);
    }
    return {};
  } catch (error) {
    return { error: String(error) };
  }
}

function kernel(ask: KernelRequest): { answer?: KernelAnswer; error?: string } {
  try {
    return { answer: runKernel(ask) };
  } catch (error) {
    return { error: String(error) };
  }
}

function answer(message: FromWorker): void {
  parentPort!.postMessage(message);
}
