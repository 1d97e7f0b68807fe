import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { NdArray } from '../../../engine/array.ts';
import { LossLensError } from '../../../engine/errors.ts';
import { parseArray } from '../../../engine/formats/text.ts';

interface Case {
  readonly text: string;
  readonly refused?: string;
  readonly dtype?: string;
  readonly shape?: readonly number[];
  /** Little-endian, base64. */
  readonly data?: string;
  readonly origin?: string;
  readonly weak?: boolean;
}

const golden: { readonly versions: Readonly<Record<string, string>>; readonly cases: readonly Case[] } =
  JSON.parse(readFileSync(new URL('../../golden/data/printed-arrays.json', import.meta.url), 'utf8'));

/** In the bytes of the golden data, with one pattern for every NaN. */
function bytes(array: NdArray): Buffer {
  const data = array.data.slice();
  if (data instanceof Float32Array || data instanceof Float64Array) {
    for (let i = 0; i < data.length; i++) if (Number.isNaN(data[i])) data[i] = Number.NaN;
  }
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

function goldenBytes(expected: Case, like: NdArray): Buffer {
  const buffer = Buffer.from(expected.data!, 'base64');
  const copy = buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);
  const Data = like.data.constructor as new (buffer: ArrayBuffer) => NdArray['data'];
  return bytes({ ...like, data: new Data(copy) });
}

describe('arrays as the libraries print and write them', () => {
  const { numpy, torch, tensorflow, jax } = golden.versions;
  it(`covers NumPy ${numpy}, PyTorch ${torch}, TensorFlow ${tensorflow} and JAX ${jax}`, () => {
    assert.ok(golden.cases.length > 500);
    for (const opening of [
      'array(',
      'tensor(',
      '<tf.Tensor',
      'tf.Tensor(',
      'Array(',
      '[[',
      'np.array(',
      'Parameter',
    ]) {
      assert.ok(
        golden.cases.some(({ text }) => text.startsWith(opening)),
        opening,
      );
    }
  });

  for (const [number, expected] of golden.cases.entries()) {
    const title = `${number}: ${expected.text.replace(/\s+/g, ' ').slice(0, 70)}`;
    if (expected.refused) {
      it(`refuses ${title}`, () => {
        assert.throws(
          () => parseArray(expected.text),
          (error) =>
            error instanceof LossLensError && error.code === expected.refused && error.details.line! > 0,
        );
      });
    } else {
      it(`reads ${title}`, () => {
        const array = parseArray(expected.text);
        const { dtype, shape, origin, weak } = array;
        assert.deepEqual(
          { dtype, shape, origin, weak },
          { dtype: expected.dtype, shape: expected.shape, origin: expected.origin, weak: expected.weak },
        );
        assert.ok(bytes(array).equals(goldenBytes(expected, array)), `${array.data}`);
      });
    }
  }
});
