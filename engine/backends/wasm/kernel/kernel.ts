/**
 * One kernel of the passes as WebAssembly text: SIMD over the last dimension of its nest.
 *
 * Two schedules. Where the last dimension is inside the row, lanes run along the row, sums are folded across lanes and
 * what belongs to the row is the same in every lane. Where it is one of the rows' own (a class axis in the middle, or
 * no inner dimension at all), lanes are neighbouring rows, and the inner loops step over memory with a stride.
 *
 * Sums: a lane adds a limited count of numbers in the kernel's own precision, then the lanes are folded into float64.
 * Threads take ranges of items (a row, or a chunk of neighbouring positions); each has its own accumulators.
 */
import type { Kernel } from '../../../language/passes.ts';
import { AcrossRows } from './across-rows.ts';
import { AlongRow } from './along-row.ts';
import { type KernelContext, type KernelText, lanesOf } from './schedule.ts';

export { chunk, type KernelText } from './schedule.ts';

export function kernelText(kernel: Kernel, context: KernelContext): KernelText {
  const Schedule = lanesOf(kernel).areInner ? AlongRow : AcrossRows;
  return new Schedule(kernel, context).write();
}
