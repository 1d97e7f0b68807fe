/** The engine's public face. */
export { array, cast, type DType, type NdArray, sizeOf } from './array.ts';
export { gpuKind } from './backends/webgpu/backend.ts';
export type * from './catalogue.ts';
export { check, checking, checks, type Edit, type Finding, type Fix, type Severity } from './checks/index.ts';
export { curve, curvePoints } from './curve.ts';
export { type ErrorCode, type ErrorDetails, LossLensError } from './errors.ts';
export { cpuSpeeds, evaluate, gpuSpeeds, prepare } from './evaluate.ts';
export type * from './evaluation.ts';
export { parseArray } from './formats/text.ts';
export { explainedSymbols, refusalOf, symbols } from './frameworks/index.ts';
export { losses } from './losses/index.ts';
export { findMessages, type Message } from './messages/index.ts';
export { type Layer, networkLayers } from './networks/layers.ts';
export { type Output, type PrintedArray, printedArrays } from './printed/index.ts';
export type * from './recognise/index.ts';
export {
  assignedName,
  callAt,
  dependsOnModules,
  findLosses,
  importedModules,
  inText,
  lossAt,
  PythonCells,
  PythonDocument,
  reading,
  recognisedLanguages,
  signatureAt,
  sourceDocument,
} from './recognise/index.ts';
export * from './snippets/index.ts';
export { type Speed, winsFrom } from './speed.ts';
export type { Steps } from './steps.ts';
export { type RowStream, rowsOf } from './streaming/rows.ts';
export { evaluateStream, type StreamedEvaluation, type StreamRequest } from './streaming/stream.ts';

import { configureWorkers, stopWorkers, type WorkerSettings } from './backends/wasm/workers.ts';
import { closeGpu, configureGpu, type GpuSettings } from './backends/webgpu/device.ts';
import { configureFiles, type FileSettings } from './files.ts';

export type { WorkerThread } from './backends/wasm/workers.ts';

/**
 * Where worker threads come from, and how many; a GPU; how files are read. Without threads or GPU, everything is
 * evaluated by the reference backend. What is not given stays as it was; `gpu: undefined` takes the GPU away.
 */
export function configure(settings: WorkerSettings & GpuSettings & FileSettings): void {
  const { worker, threads, gpuFrom } = settings;
  if (worker !== undefined || threads !== undefined) configureWorkers(settings);
  if ('gpu' in settings || gpuFrom !== undefined) configureGpu(settings);
  if (settings.readFile) configureFiles(settings);
}

/** Ends the worker threads and the GPU's device; the next evaluation starts new ones. */
export function dispose(): void {
  stopWorkers();
  closeGpu();
}
