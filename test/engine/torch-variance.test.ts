import assert from 'node:assert/strict';
import { array, evaluate, LossLensError, type NdArray } from '../../engine/node.ts';

const float64 = (values: readonly number[], shape: readonly number[]): NdArray =>
  array(Float64Array.from(values), { shape });

const inputs = {
  input: float64([0.3, -1.2, 2, 0.5, 0.5, 0.5], [2, 3]),
  target: float64([0, 1, 1, 1, 0, 0.3], [2, 3]),
};

describe('the variance of torch.nn.GaussianNLLLoss', () => {
  const evaluateWith = (variance: NdArray) =>
    evaluate({
      loss: 'torch.nn.functional.gaussian_nll_loss',
      inputs: { ...inputs, var: variance },
      parameters: { reduction: 'none' },
    });

  it('may be one number, as in gaussian_nll_loss(input, target, 0.5): torch 2.13.0 gave these', async () => {
    const { value } = await evaluateWith({ ...float64([0.5], []), weak: true });
    const expected = [
      -0.2565735902799726, 4.493426409720028, 0.6534264097200273, -0.09657359027997264, -0.09657359027997264,
      -0.30657359027997266,
    ];
    expected.forEach((x, i) => {
      assert.ok(Math.abs(Number(value.data[i]) - x) < 1e-14, `${value.data[i]} instead of ${x}`);
    });
  });

  it('may not be a 0-D tensor, which torch refuses', async () => {
    await assert.rejects(
      evaluateWith(float64([0.5], [])),
      (error) => error instanceof LossLensError && error.code === 'shape-mismatch',
    );
  });
});
