/** What a worker thread does, whatever the host calls one: holds the instances of prepared kernels and runs ranges of their items. */
import { runKernel } from '../../kernels/index.ts';
import type { KernelAnswer, KernelRequest } from '../../kernels/kernel.ts';
import { instantiate, pieceOf, type Run } from './instance.ts';
import { makeKnown } from './memory.ts';
import type { FromWorker, ToWorker } from './workers.ts';

const loaded = new Map<number, { runs: Run[]; cancelled: Int32Array }>();

export function serve(message: ToWorker, answer: (message: FromWorker) => void): void {
  switch (message.type) {
    case 'load': {
      const runs = message.modules.map((module) => instantiate(module, message.memory));
      loaded.set(message.execution, { runs, cancelled: new Int32Array(message.memory.buffer, 0, 1) });
      return;
    }
    case 'unload':
      loaded.delete(message.execution);
      return;
    case 'let-go':
      makeKnown(message.bytes);
      return;
    case 'run':
      answer({ request: message.request, ...run(message) });
      return;
    case 'kernel':
      answer({ request: message.request, ...kernel(message.ask) });
  }
}

function run({ execution, kernel, block, begin, end, sums }: ToWorker & { type: 'run' }): { error?: string } {
  try {
    const { runs, cancelled } = loaded.get(execution)!;
    const step = pieceOf(begin, end);
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
