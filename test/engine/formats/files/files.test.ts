import assert from 'node:assert/strict';
import type { NdArray } from '../../../../engine/array.ts';
import { LossLensError } from '../../../../engine/errors.ts';
import { type FileArray, isRefused } from '../../../../engine/formats/files/index.ts';
import { bytesOfFile, type Expected, expected, openBytes } from './opening.ts';

const plain = (array: NdArray): unknown[] =>
  Array.from(array.data as Iterable<number | bigint>, (value) => {
    if (typeof value === 'bigint') {
      const number = Number(value);
      return Math.abs(number) < 2 ** 53 ? number : { integer: String(value) };
    }
    return Number.isFinite(value) ? value : String(value);
  });

/** Bit for bit: −0 is another value than 0. */
function assertHolds(
  array: NdArray,
  { shape, values, zeros, of, dtype }: Expected,
  all: readonly Expected[],
): void {
  assert.deepEqual(array.shape, shape);
  assert.equal(array.origin ?? array.dtype, dtype);
  const from =
    of === undefined ? values : all.at(-1)!.values!.map((value) => Math.fround(Number(value) / of));
  if (zeros) assert.ok(array.data.every((value) => value === 0));
  else assert.deepStrictEqual(plain(array), from);
}

/** A float32 of the file is a double in JSON. */
const rounded = (one: Expected): Expected =>
  one.dtype === 'float32' && one.values
    ? { ...one, values: one.values.map((value) => (typeof value === 'number' ? Math.fround(value) : value)) }
    : one;

/** Held as int64. */
const dtypeHeld = (dtype: string): string => (dtype === 'uint64' ? 'int64' : dtype);

describe('arrays of files', () => {
  for (const [file, arrays] of Object.entries(expected.read)) {
    it(`${file}: what its library reads`, async () => {
      const read = await openBytes(file, bytesOfFile(file));
      assert.deepEqual(
        read.map(({ name }) => name),
        arrays.map(({ name }) => name),
      );
      for (const [i, one] of read.entries()) {
        const want = rounded(arrays[i]!);
        if (isRefused(one)) {
          assert.equal(one.refusal.code, want.refused);
          continue;
        }
        assert.equal(one.dtype, want.offered ?? want.dtype);
        if (one.shape) assert.deepEqual(one.shape, want.shape);
        const loaded = await one.load();
        assertHolds(loaded, { ...want, dtype: dtypeHeld(want.dtype) }, arrays);
        await assertStreams(one, loaded);
      }
    });
  }

  for (const [file, [code, words]] of Object.entries(expected.refused)) {
    it(`${file} is refused with what it holds`, async () => {
      await assert.rejects(
        async () => {
          const [first] = await openBytes(file, bytesOfFile(file));
          assert.ok(first && !isRefused(first));
          await first.load();
        },
        (error: unknown) => {
          assert.ok(error instanceof LossLensError, String(error));
          assert.equal(error.code, code);
          assert.match(error.message, new RegExp(words.replaceAll('.', '\\.')));
          return true;
        },
      );
    });
  }
});

/** Two rows at a time, an array is what it is at once. */
async function assertStreams({ stream }: FileArray, whole: NdArray): Promise<void> {
  if (!stream || whole.shape[0]! > 100) return;
  const rows = await stream();
  const values: unknown[] = [];
  try {
    for (let part = await rows.next(2); part.shape[0] !== 0; part = await rows.next(2)) {
      assert.ok(part.shape[0]! <= 2);
      assert.deepEqual(part.shape.slice(1), whole.shape.slice(1));
      values.push(...plain(part));
    }
  } catch (error) {
    assert.ok(error instanceof LossLensError && error.code === 'not-streamable', String(error));
    return;
  }
  assert.deepStrictEqual(values, plain(whole));
  assert.equal(rows.fraction(), 1);
}
