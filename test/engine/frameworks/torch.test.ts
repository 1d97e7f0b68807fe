/** What torch's own answers (test/golden) do not show: the dtype of a value that they compare as a number. */
import assert from 'node:assert/strict';
import { array, cast, dispose, evaluate } from '../../../engine/node.ts';

describe('torch.nn.HingeEmbeddingLoss', () => {
  after(() => dispose());

  for (const dtype of ['float32', 'float64'] as const) {
    it(`gives a value of its input's dtype, whatever that of the labels: ${dtype}`, async () => {
      const inputs = {
        input: array(cast(Float64Array.of(0.5, 2), dtype), { shape: [2] }),
        target: array(Float64Array.of(1, -1), { shape: [2] }),
      };
      const { value } = await evaluate({ loss: 'torch.nn.HingeEmbeddingLoss', inputs, backend: 'wasm' });
      assert.deepEqual([value.dtype, Number(value.data[0])], [dtype, 0.25]);
    });
  }
});
