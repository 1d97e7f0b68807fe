/** The entry of a web worker. */
import { serve } from './backends/wasm/worker.ts';

declare const self: DedicatedWorkerGlobalScope;

self.onmessage = ({ data }) => serve(data, (answer) => self.postMessage(answer));
