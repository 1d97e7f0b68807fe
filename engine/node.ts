/** The engine as Node loads it: with worker threads of Node's, beside this file, and files by their paths. The entry of `dist/engine.mjs`. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { t } from '@vscode/l10n';
import type { FromWorker, WorkerThread } from './backends/wasm/workers.ts';
import { configure } from './index.ts';

export * from './index.ts';

/** A thread that runs the worker's code at this address. It does not keep the process alive. */
export function nodeWorker(url: URL): WorkerThread {
  // Flags of the program's own, such as --input-type, are none of the worker's.
  const worker = new Worker(url, { execArgv: [] });
  // Held while it owes answers, so that a program does not end in the middle of an evaluation.
  let owed = 0;
  return {
    postMessage(message) {
      if ((message.type === 'run' || message.type === 'kernel') && owed++ === 0) worker.ref();
      worker.postMessage(message);
    },
    onMessage(listener) {
      worker.on('message', (message: FromWorker) => {
        if (--owed === 0) worker.unref();
        listener(message);
      });
      // Listening made Node hold the thread again.
      worker.unref();
    },
    onEnd(listener) {
      worker.once('error', (error) => listener(error.message));
      worker.once('exit', (code) => listener(t`exit code ${code}`));
    },
    terminate() {
      void worker.terminate();
    },
  };
}

const beside = import.meta.url.endsWith('.ts') ? './node-worker.ts' : './worker.js';
configure({
  worker: () => nodeWorker(new URL(beside, import.meta.url)),
  threads: availableParallelism(),
  readFile: (path) => readFileSync(path),
});
