/** The engine's public face. */
export { array, cast, type DType, type NdArray, sizeOf } from './array.ts';
export type * from './catalogue.ts';
export { type ErrorCode, type ErrorDetails, LossLensError } from './errors.ts';
export type * from './evaluation.ts';
