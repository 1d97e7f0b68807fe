/** The engine's public face. */
export { array, cast, type DType, type NdArray, sizeOf } from './array.ts';
export type * from './catalogue.ts';
export { curve, curvePoints } from './curve.ts';
export { type ErrorCode, type ErrorDetails, LossLensError } from './errors.ts';
export { evaluate, prepare } from './evaluate.ts';
export type * from './evaluation.ts';
export { parseArray } from './formats/text.ts';
export { symbols } from './frameworks/index.ts';
export { losses } from './losses/index.ts';
export type * from './recognise/index.ts';
export { assignedName, callAt, findLosses, lossAt, PythonDocument } from './recognise/index.ts';

import { configureWorkers, stopWorkers, type WorkerSettings } from './backends/wasm/workers.ts';

export type { WorkerThread } from './backends/wasm/workers.ts';

/** Where worker threads come from, and how many. Without any, everything is evaluated by the reference backend. */
export function configure(settings: WorkerSettings): void {
  configureWorkers(settings);
}

/** Ends the worker threads; the next evaluation starts new ones. */
export function dispose(): void {
  stopWorkers();
}
