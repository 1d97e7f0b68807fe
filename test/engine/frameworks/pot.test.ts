/** Where POT gives a number that is no distance, and Loss Lens none. */
import assert from 'node:assert/strict';
import type { NdArray } from '../../../engine/array.ts';
import { evaluate, LossLensError } from '../../../engine/node.ts';

const line = (...numbers: readonly number[]): NdArray => ({
  dtype: 'float64',
  shape: [numbers.length],
  data: Float64Array.of(...numbers),
});
const between = (inputs: Record<string, NdArray>, parameters = {}) =>
  evaluate({
    loss: 'ot.wasserstein_1d',
    inputs: { u_values: line(0, 1), v_values: line(2, 3), ...inputs },
    parameters,
  });
const refusal = (text: string) => (error: unknown) =>
  error instanceof LossLensError && error.message.includes(text);

describe('ot.wasserstein_1d', () => {
  it('takes masses with a sum of 1', async () => {
    const { value } = await between({ u_weights: line(0.25, 0.75), v_weights: line(0.5, 0.5) });
    assert.equal(value.data[0], 1.75);
  });

  it('refuses masses with another sum, which POT does not scale', async () => {
    await assert.rejects(between({ u_weights: line(1, 3) }), refusal('u_weights sums to 4'));
    await assert.rejects(between({ v_weights: line(0.5, 0.49) }), refusal('v_weights sums to 0.99'));
  });

  it('refuses values that do not ascend, where it is told not to sort', async () => {
    await assert.rejects(
      between({ u_values: line(1, 0) }, { require_sort: false }),
      refusal('require_sort=True'),
    );
  });
});
