/** Elements and gradients that are read a few at a time: out of arrays, or where a backend has left them. */
import type { TypedArray } from './array.ts';
import type { Result } from './backends/backend.ts';
import type { PartName, Resident, ResidentArray } from './evaluation.ts';
import type { Built } from './problem.ts';

/** @param part computes one that the program names */
export function residentOf(
  { call, elementShape, plan, parts }: Built,
  result: Result,
  part: Resident['part'],
): Resident {
  const { resident, elements, gradients } = result;
  const named = { parts: Object.keys(parts) as PartName[], part };
  if (resident && plan.kind === 'expression') {
    const left = (output: Parameters<typeof resident.take>[0], shape: readonly number[]): ResidentArray => ({
      dtype: result.dtype,
      shape,
      take: (indices) => resident.take(output, indices),
      whole: () => resident.whole(output),
    });
    return {
      elements: left('elements', elementShape),
      gradients: Object.fromEntries(
        Object.keys(plan.problem.gradients).map((name) => [name, left(`gradient:${name}`, call.shape(name))]),
      ),
      largest: resident.largest,
      ...named,
    };
  }
  return {
    elements: within(elements!, elementShape),
    gradients: Object.fromEntries(
      Object.entries(gradients).map(([name, data]) => [name, within(data, call.shape(name))]),
    ),
    ...landmarks(elements!),
    ...named,
  };
}

function within(data: TypedArray, shape: readonly number[]): ResidentArray {
  return {
    dtype: data instanceof Float32Array ? 'float32' : 'float64',
    shape,
    async take(indices) {
      const taken = new (data.constructor as new (length: number) => TypedArray)(indices.length);
      for (let i = 0; i < indices.length; i++) taken[i] = data[indices[i]!]!;
      return taken;
    },
    whole: async () => data,
  };
}

function landmarks(loss: TypedArray): Pick<Resident, 'largest' | 'firstNonFinite'> {
  let largest = -1;
  let firstNonFinite = -1;
  for (let i = 0; i < loss.length; i++) {
    const value = Number(loss[i]);
    if (!Number.isFinite(value)) {
      if (firstNonFinite < 0) firstNonFinite = i;
    } else if (largest < 0 || value > Number(loss[largest])) largest = i;
  }
  return { ...(largest >= 0 && { largest }), ...(firstNonFinite >= 0 && { firstNonFinite }) };
}
