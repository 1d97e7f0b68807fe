/** The entry of a worker thread of Node's. */
import { parentPort } from 'node:worker_threads';
import { serve } from './backends/wasm/worker.ts';

parentPort!.on('message', (message) => serve(message, (answer) => parentPort!.postMessage(answer)));
