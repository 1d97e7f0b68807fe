/** A request taken to another process: described first, its arrays following a part at a time. */
import { t } from '@vscode/l10n';
import { allocate, type NdArray, type TypedArray } from '../array.ts';
import type { EvaluateRequest } from '../evaluation.ts';
import type { Described, Part } from './shown.ts';
import { fromWire, RefusedError, toWire } from './wire.ts';

/** Bytes of a part: what else is asked for meanwhile waits for one of them at most. */
const partBytes = 2 ** 22;

export function described({ loss, reduction, gradients, parameters, inputs }: EvaluateRequest): Described {
  return {
    loss,
    ...(reduction && { reduction }),
    ...(gradients !== undefined && { gradients }),
    parameters: Object.fromEntries(
      Object.entries(parameters ?? {}).map(([name, value]) => [name, toWire(value)]),
    ),
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, { data, ...rest }]) => [name, { ...rest, bytes: data.byteLength }]),
    ),
  };
}

/**
 * Its own copy: what ships is the whole buffer.
 * @throws RefusedError for an input that is not there
 */
export function partOf({ inputs }: EvaluateRequest, { input, start, count }: Part): TypedArray {
  const array = Object.hasOwn(inputs, input) ? inputs[input] : undefined;
  if (!array) throw new RefusedError(t`The evaluation has no input '${input}'.`);
  return array.data.slice(start, start + count) as TypedArray;
}

/** The request again, where its parts arrive. */
export async function fetched(
  { loss, reduction, gradients, parameters, inputs }: Described,
  part: (asked: Part) => Promise<TypedArray>,
): Promise<EvaluateRequest> {
  const arrays: Record<string, NdArray> = {};
  for (const [input, { bytes, ...rest }] of Object.entries(inputs)) {
    const width = allocate(rest.dtype, 1).byteLength;
    const data = allocate(rest.dtype, bytes / width);
    const count = Math.floor(partBytes / width);
    for (let start = 0; start < data.length; start += count) {
      const arrived = await part({ input, start, count });
      (data as Float32Array).set(arrived as Float32Array, start);
    }
    arrays[input] = { ...rest, data };
  }
  return {
    loss,
    ...(reduction && { reduction }),
    ...(gradients !== undefined && { gradients }),
    parameters: fromWire(parameters),
    inputs: arrays,
  };
}
