/** CTC of TensorFlow and optax, where nothing is impossible: against sums over paths that were made by hand. */
import assert from 'node:assert/strict';
import { array, type Evaluation, evaluate, type NdArray } from '../../../engine/index.ts';

const integers = (values: number[] | number[][]): NdArray => array(values, { dtype: 'int32' });

/** Frames of one sample: [T, 1, C] or [1, T, C]. */
function logits(frames: number[][], { batchFirst }: { batchFirst: boolean }, dtype: 'float32' | 'float64') {
  const [count, classes] = [frames.length, frames[0]!.length];
  const data = Float64Array.from(frames.flat());
  const shape = batchFirst ? [1, count, classes] : [count, 1, classes];
  return dtype === 'float32' ? array(Float32Array.from(data), { shape }) : array(data, { shape });
}

const inTensorflow = (frames: number[][], labels: number[]): Promise<Evaluation> =>
  evaluate({
    loss: 'tf.nn.ctc_loss',
    inputs: {
      labels: integers([labels]),
      logits: logits(frames, { batchFirst: false }, 'float32'),
      label_length: integers([labels.length]),
      logit_length: integers([frames.length]),
    },
    gradients: true,
    backend: 'reference',
  });

const inOptax = (
  frames: number[][],
  labels: number[],
  parameters = {},
  dtype: 'float32' | 'float64' = 'float64',
): Promise<Evaluation> =>
  evaluate({
    loss: 'optax.ctc_loss',
    inputs: {
      logits: logits(frames, { batchFirst: true }, dtype),
      logit_paddings: integers([frames.map(() => 0)]),
      labels: integers([labels]),
      label_paddings: integers([labels.map(() => 0)]),
    },
    parameters,
    gradients: true,
    backend: 'reference',
  });

const first = ({ value }: Evaluation): number => Number(value.data[0]);
const near = (actual: number, expected: number, allowed: number): void =>
  assert.ok(Math.abs(actual - expected) <= allowed, `${actual} instead of ${expected}`);

const even = [0, 0, 0];
const price = -Math.log(1e-307);

describe('CTC on TensorFlow', () => {
  it('prices an end in the wrong state: two labels in one frame', async () => {
    // The start leads to the first label and to its blank, a third each; neither is the end.
    near(first(await inTensorflow([even], [1, 2])), price - Math.log(2 / 3), 1e-4);
  });

  it('counts every way through too few frames for a repeated label', async () => {
    // Of two frames, blank or a, then either stays or goes on: four paths that end before the second a, a ninth each.
    near(first(await inTensorflow([even, even], [1, 1])), price - Math.log(4 / 9), 1e-4);
  });

  it('takes that price rather than a likelier alignment that costs more', async () => {
    const sure = [500, 0, 0];
    near(first(await inTensorflow([sure, sure], [1, 2])), price, 1e-4);
    near(
      first(
        await inTensorflow(
          [
            [250, 0, 0],
            [0, 0, 0],
          ],
          [1, 2],
        ),
      ),
      250 + Math.log(3),
      1e-4,
    );
  });

  it('sends back no derivative of such a loss: paths that begin anywhere count in the gradient alone', async () => {
    const at = (x: number): Promise<Evaluation> => inTensorflow([[0, x, 0]], [1, 2]);
    // Even with steps of ½ float32 leaves three digits of the quotient.
    const quotient = (first(await at(0.5)) - first(await at(-0.5))) / 1;
    const sent = Number((await at(0)).gradients['logits']!.data[1]);
    assert.ok(Math.abs(sent - quotient) > 0.05, `${sent} and ${quotient}`);
  });

  it('gives a label outside the classes probability 1, and says so', async () => {
    const evaluation = await inTensorflow([even], [7]);
    near(first(evaluation), 0, 1e-6);
    assert.deepEqual(
      evaluation.warnings.map(({ code }) => code),
      ['label-out-of-range'],
    );
  });

  it('computes in float32, and says so', async () => {
    const { value, dtype, gradients } = await inTensorflow([even], [1]);
    assert.equal(dtype, 'float32');
    assert.equal(value.dtype, 'float32');
    assert.equal(gradients['logits']!.dtype, 'float32');
  });

  it('refuses a blank that is none of the classes', async () => {
    const inputs = {
      labels: integers([[1]]),
      logits: logits([even], { batchFirst: false }, 'float32'),
      label_length: integers([1]),
      logit_length: integers([1]),
    };
    for (const blank_index of [3, -4]) {
      await assert.rejects(
        evaluate({ loss: 'tf.nn.ctc_loss', inputs, parameters: { blank_index } }),
        /The blank is one of the classes/,
      );
    }
  });
});

describe('CTC on optax', () => {
  it('prices what cannot be: two labels in one frame', async () => {
    // Five states of the price lead to the end, a third each.
    for (const log_epsilon of [-1e5, -50]) {
      near(first(await inOptax([even], [1, 2], { log_epsilon })), -log_epsilon - Math.log(5 / 3), 1e-9);
    }
  });

  it('has the plain loss where something fits, however unlikely', async () => {
    near(
      first(
        await inOptax(
          [
            [500, 0, 0],
            [500, 0, 0],
          ],
          [1, 2],
        ),
      ),
      1000,
      1e-9,
    );
  });

  it('keeps three digits of such a loss in float32', async () => {
    const value = first(await inOptax([even], [1, 2], {}, 'float32'));
    assert.equal(value * 128, Math.round(value * 128));
    near(value, 1e5 - Math.log(5 / 3), 1 / 64);
  });

  it('sends back the derivative of such a loss', async () => {
    const at = (x: number): Promise<Evaluation> =>
      inOptax(
        [
          [0, x, 0.3],
          [0.2, 0, 1],
        ],
        [1, 1, 2],
        { log_epsilon: -40 },
      );
    const quotient = (first(await at(1e-5)) - first(await at(-1e-5))) / 2e-5;
    near(Number((await at(0)).gradients['logits']!.data[1]), quotient, 1e-8);
  });

  it('returns forward probabilities, and posteriors that are a distribution in every frame', async () => {
    const { extras } = await inOptax(
      [
        [0, 1, 0.3],
        [0.2, 0, 1],
        [1, 0, 0],
      ],
      [1, 2],
    );
    assert.deepEqual(extras['logAlphaBlank']!.shape, [3, 1, 3]);
    assert.deepEqual(extras['logAlphaLabel']!.shape, [3, 1, 2]);
    const alignment = Array.from(extras['alignment']!.data, Number);
    for (let t = 0; t < 3; t++) {
      near(
        alignment.slice(3 * t, 3 * t + 3).reduce((sum, p) => sum + p, 0),
        1,
        1e-12,
      );
    }
  });
});
