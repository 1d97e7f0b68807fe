/** Rows through the kernels: their memory is taken over from part to part, and read into where it lies. */
import assert from 'node:assert/strict';
import { array, type NdArray } from '../../../engine/array.ts';
import { sourceOf } from '../../../engine/formats/files/bytes.ts';
import { denseArray } from '../../../engine/formats/files/dense.ts';
import {
  dispose,
  evaluate,
  evaluateStream,
  LossLensError,
  type RowStream,
  rowsOf,
} from '../../../engine/node.ts';

const rows = 50_000;
const classes = 5;

const numbers = (count: number, seed: number): Float32Array => {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32 - 0.5) * 8;
  });
};

/** As a file gives it, which may be read to the kernels' own memory. */
function fileRows({ dtype, shape, data }: NdArray): Promise<RowStream> {
  const source = sourceOf(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return denseArray({ dtype, shape, source, position: 0, order: 'little' }).stream!();
}

const logits = array(numbers(rows * classes, 1), { shape: [rows, classes] });
const labels = array(
  BigInt64Array.from({ length: rows }, (_, row) => BigInt(row % 7 === 0 ? -100 : row % classes)),
);
const weight = array(Float32Array.from([1, 2, 0.5, 3, 1]));
const isNear = (a: number, b: number): void =>
  assert.ok(Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b)), `${a} in parts, ${b} at once`);

describe('rows through the kernels', () => {
  after(() => dispose());

  it('give value, denominator and the size of the gradient, with parts that end before a part is full', async () => {
    const inputs = { input: logits, target: labels, weight };
    const whole = await evaluate({ loss: 'torch.nn.CrossEntropyLoss', inputs, gradients: ['input'] });
    const slopes = whole.gradients['input']!.data as Float32Array;
    const fractions: number[] = [];
    const streamed = await evaluateStream({
      loss: 'torch.nn.CrossEntropyLoss',
      streams: { input: await fileRows(logits), target: await fileRows(labels) },
      inputs: { weight },
      gradients: true,
      partBytes: 300_000,
      report: (fraction) => fractions.push(fraction),
    });
    assert.equal(streamed.backend, 'wasm');
    assert.equal(streamed.rows, rows);
    assert.ok(streamed.parts.length > 5);
    assert.equal(
      streamed.parts.reduce((sum, part) => sum + part.rows, 0),
      rows,
    );
    isNear(streamed.value, whole.value.data[0] as number);
    isNear(streamed.denominator, whole.denominator);
    isNear(
      streamed.gradients['input']!.largest,
      slopes.reduce((a, b) => Math.max(a, Math.abs(b)), 0),
    );
    isNear(streamed.gradients['input']!.norm, Math.sqrt(slopes.reduce((sum, slope) => sum + slope ** 2, 0)));
    assert.deepEqual(
      fractions,
      fractions.toSorted((a, b) => a - b),
    );
    assert.equal(fractions.at(-1), 1);
  });

  it('tell each part’s own loss, and where the first number that is not finite is', async () => {
    const target = array(new Float32Array(rows));
    const data = numbers(rows, 3);
    data[31_234] = Number.NaN;
    data[40_000] = Number.POSITIVE_INFINITY;
    const streamed = await evaluateStream({
      loss: 'torch.nn.MSELoss',
      streams: { input: await fileRows(array(data)), target: await fileRows(target) },
      partBytes: 80_000,
    });
    assert.ok(Number.isNaN(streamed.value));
    assert.deepEqual(streamed.nonFinite, { count: 2, first: [31_234] });
    const own = streamed.parts.find(({ start, rows: count }) => start <= 31_234 && 31_234 < start + count)!;
    assert.ok(Number.isNaN(own.value));
    const { start, rows: count, value } = streamed.parts[1]!;
    const part = await evaluate({
      loss: 'torch.nn.MSELoss',
      inputs: { input: array(data.slice(start, start + count)), target: array(new Float32Array(count)) },
    });
    isNear(value, part.value.data[0] as number);
  });

  it('stop when they are told to', async () => {
    const stop = new AbortController();
    const running = evaluateStream({
      loss: 'torch.nn.MSELoss',
      streams: { input: rowsOf(logits), target: rowsOf(logits) },
      partBytes: 100_000,
      signal: stop.signal,
      report: (fraction) => {
        if (fraction > 0.2) stop.abort(new Error('enough'));
      },
    });
    await assert.rejects(running, (error: Error) =>
      error instanceof LossLensError ? error.code === 'cancelled' : error.message === 'enough',
    );
  });

  it('are refused with the reason: other lengths, sums of each class, labels that there are not', async () => {
    const refused = (
      code: string,
      loss: string,
      streams: Readonly<Record<string, NdArray>>,
      parameters = {},
    ): Promise<void> =>
      assert.rejects(
        evaluateStream({
          loss,
          parameters,
          streams: Object.fromEntries(Object.entries(streams).map(([name, one]) => [name, rowsOf(one)])),
          partBytes: 100_000,
        }),
        { name: 'LossLensError', code },
      );
    const short = array(numbers(100, 1));
    await refused('shape-mismatch', 'torch.nn.MSELoss', { input: array(numbers(200, 1)), target: short });
    await refused('missing-input', 'torch.nn.MSELoss', { input: short });
    await refused(
      'not-streamable',
      'torch.nn.MSELoss',
      { input: short, target: short },
      { reduction: 'none' },
    );
    await refused('label-out-of-range', 'torch.nn.CrossEntropyLoss', {
      input: logits,
      target: array(new BigInt64Array(rows).fill(9n)),
    });
    const masks = array(numbers(4 * 3 * 8, 2), { shape: [4, 3, 8] });
    const truth = array(new BigInt64Array(4 * 8), { shape: [4, 8] });
    await refused(
      'not-streamable',
      'segmentation_models_pytorch.losses.DiceLoss',
      { y_pred: masks, y_true: truth },
      { mode: 'multiclass' },
    );
  });
});
