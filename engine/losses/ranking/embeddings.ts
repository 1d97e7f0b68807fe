/** What the losses over embeddings share: vectors along the last axis, and one number a vector. */
import type { Call } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import type { Input } from '../../language/expression.ts';
import { elementwise, sameShape } from '../../layout.ts';

/** Arrays of vectors of one shape, along `feature`. */
export const embeddings = (call: Call, names: readonly [string, ...string[]]): Input[] =>
  elementwise(call, names, 'feature');

/** An array with one number for each vector of another. */
export function placeRows(call: Call, name: string, of: string): Input {
  const expected = call.shape(of).slice(0, -1);
  if (!sameShape(call.shape(name), expected)) {
    throw new LossLensError('shape-mismatch', `${name} is one number for each vector of ${of}.`, {
      found: `${name} [${call.shape(name).join(', ')}], ${of} [${call.shape(of).join(', ')}]`,
      expected: `[${expected.join(', ')}]`,
    });
  }
  return call.place(name, [...expected.keys()]);
}
