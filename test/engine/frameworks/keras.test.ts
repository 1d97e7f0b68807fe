/** What the goldens of Keras do not show: digits that float32 loses in one order of a sum and keeps in another. */
import assert from 'node:assert/strict';
import { array, dispose, evaluate } from '../../../engine/node.ts';

describe('keras.losses.binary_crossentropy of logits that are sure and right', () => {
  after(() => dispose());

  // Printed by Keras 3.15.1 on TensorFlow 2.21.0, JAX 0.10.2 and torch 2.13.0.
  const exact = [0.00012340219, 6.1441933e-6, 3.0590226e-7];
  const printed = {
    tensorflow: { losses: exact, slopes: [-0.00012339458, -6.1441742e-6, -3.059022e-7] },
    jax: { losses: exact, slopes: [-0.00012339462, -6.144177e-6, -3.0590232e-7] },
    torch: { losses: exact, slopes: [-0.00012338161, -6.1988831e-6, -3.5762787e-7] },
  };
  for (const [kerasBackend, { losses, slopes }] of Object.entries(printed)) {
    it(`keeps as many digits as on ${kerasBackend}`, async () => {
      const { value, gradients } = await evaluate({
        loss: 'keras.losses.binary_crossentropy',
        inputs: {
          y_true: array([[1], [1], [1]], { dtype: 'float32' }),
          y_pred: array([[9], [12], [15]], { dtype: 'float32' }),
        },
        parameters: { from_logits: true, kerasBackend },
        gradients: true,
        backend: 'wasm',
      });
      const near = (actual: ArrayLike<number | bigint>, expected: readonly number[]): void =>
        expected.forEach((x, i) => {
          const y = Number(actual[i]);
          assert.ok(Math.abs(y - x) <= 1e-6 * Math.abs(x), `${y} instead of ${x}`);
        });
      near(value.data, losses);
      near(gradients.y_pred!.data, slopes);
    });
  }
});
