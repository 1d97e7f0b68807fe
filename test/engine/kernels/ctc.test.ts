/** CTC against the definition: every path through the frames, counted one by one. */
import assert from 'node:assert/strict';
import { array, evaluate, type NdArray } from '../../../engine/index.ts';

const integers = (values: number[] | number[][]): NdArray => array(values, { dtype: 'int32' });

/** Scores that look random and are the same every time. */
function scores(frames: number, count: number, classes: number, spread = 2): NdArray {
  const data = Float64Array.from(
    { length: frames * count * classes },
    (_, i) => spread * Math.sin(12.9898 * (i + 1) + 0.37 * i * i),
  );
  return { dtype: 'float64', shape: [frames, count, classes], data };
}

/** −log of the sum, over all paths that collapse to the labels, of the product of their softmax probabilities. */
function byEnumeration(logits: NdArray, labels: readonly number[], blank: number): number {
  const [frames, , classes] = logits.shape as [number, number, number];
  const p = (t: number, c: number): number => {
    const row = Array.from({ length: classes }, (_, k) => Math.exp(Number(logits.data[t * classes + k])));
    return row[c]! / row.reduce((a, b) => a + b, 0);
  };
  let total = 0;
  const visit = (t: number, path: number[], product: number): void => {
    if (t === frames) {
      const collapsed = path.filter((c, i) => c !== blank && c !== path[i - 1]);
      if (collapsed.join() === labels.join()) total += product;
      return;
    }
    for (let c = 0; c < classes; c++) visit(t + 1, [...path, c], product * p(t, c));
  };
  visit(0, [], 1);
  return -Math.log(total);
}

async function lossOf(logits: NdArray, labels: number[], parameters = {}) {
  const [frames] = logits.shape as [number];
  return evaluate({
    loss: 'ctc',
    inputs: {
      logits,
      target: { dtype: 'int32', shape: [1, labels.length], data: Int32Array.from(labels) },
      inputLength: integers([frames]),
      targetLength: integers([labels.length]),
    },
    parameters,
    gradients: true,
    backend: 'reference',
  });
}

describe('CTC', () => {
  for (const [labels, blank] of [
    [[1, 2], 0],
    [[1, 1], 0],
    [[2], 0],
    [[], 0],
    [[0, 1, 0], 2],
  ] as const) {
    it(`is the sum over every path for labels [${labels}] and blank ${blank}`, async () => {
      const logits = scores(5, 1, 3);
      const { value } = await lossOf(logits, [...labels], { blank });
      const expected = byEnumeration(logits, labels, blank);
      assert(Math.abs(Number(value.data[0]) - expected) < 1e-12, `${value.data[0]} instead of ${expected}`);
    });
  }

  it('returns posteriors that are a distribution in every frame', async () => {
    const { extras } = await lossOf(scores(9, 1, 4), [1, 3, 3]);
    const { data, shape } = extras['alignment']!;
    assert.deepEqual(shape, [1, 9, 4]);
    for (let t = 0; t < 9; t++) {
      let total = 0;
      for (let c = 0; c < 4; c++) total += Number(data[4 * t + c]);
      assert(Math.abs(total - 1) < 1e-12, `frame ${t} sums to ${total}`);
    }
  });

  it('stays finite over thousands of frames and scores far apart', async () => {
    for (const spread of [2, 600]) {
      const frames = spread > 100 ? 600 : 3000;
      const labels = Array.from({ length: frames / 6 }, (_, s) => 1 + (s % 4));
      const { value, gradients } = await lossOf(scores(frames, 1, 5, spread), labels);
      assert(Number.isFinite(value.data[0]) && Number(value.data[0]) > 0);
      for (const g of gradients['logits']!.data) assert(Number.isFinite(g));
    }
  });

  it('is infinite where no alignment fits, and 0 with zeroInfinity', async () => {
    // Two equal labels need a blank between them: three frames.
    const logits = scores(2, 1, 3);
    assert.equal((await lossOf(logits, [1, 1])).value.data[0], Number.POSITIVE_INFINITY);
    const zeroed = await lossOf(logits, [1, 1], { zeroInfinity: true });
    assert.equal(zeroed.value.data[0], 0);
    for (const g of zeroed.gradients['logits']!.data) assert.equal(g, 0);
  });

  it('refuses a blank among the labels, and lengths beyond the arrays', async () => {
    await assert.rejects(lossOf(scores(4, 1, 3), [1, 0]), { code: 'label-out-of-range' });
    await assert.rejects(
      evaluate({
        loss: 'ctc',
        inputs: {
          logits: scores(4, 1, 3),
          target: integers([[1, 2]]),
          inputLength: integers([5]),
          targetLength: integers([2]),
        },
      }),
      { code: 'domain' },
    );
  });
});
