/** Files of arrays, a target for each reader: damaged ones that real libraries wrote, and any array written and read again. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { NdArray } from '../../../engine/array.ts';
import { isRefused } from '../../../engine/formats/files/index.ts';
import { bytesOfFile, expected, openBytes } from '../../engine/formats/files/opening.ts';
import { zip } from '../../zip.ts';
import { anyArray, assertSame, assertWhole, decimal, dtypes, keyOf } from '../arrays.ts';
import { type DamagedFile, damagedFiles } from '../damage.ts';
import { readOrRefused, type Target, target } from '../target.ts';

interface Given extends DamagedFile {
  /** What was written. */
  readonly array?: NdArray;
}

/** Its arrays, each whole and then row by row, as far as they can be had. */
async function arraysIn(name: string, bytes: Uint8Array): Promise<NdArray[]> {
  const arrays: NdArray[] = [];
  for (const one of await openBytes(name, bytes)) {
    if (isRefused(one)) continue;
    const array = await readOrRefused(() => one.load());
    if (array) {
      assertWhole(array);
      if (one.shape) assert.deepEqual(array.shape, one.shape);
      arrays.push(array);
    }
    await readOrRefused(async () => {
      const rows = await one.stream?.();
      let read = 0;
      for (let part = await rows?.next(1000); part && part.shape[0] !== 0; part = await rows!.next(1000)) {
        assertWhole(part);
        read += part.shape[0]!;
      }
      if (rows && array) assert.equal(read, array.shape[0], 'rows read one after the other');
    });
  }
  return arrays;
}

const le = (array: NdArray): Uint8Array =>
  new Uint8Array(array.data.buffer, array.data.byteOffset, array.data.byteLength);

const codes = {
  float32: ['<f4', 'F32'],
  float64: ['<f8', 'F64'],
  int8: ['|i1', 'I8'],
  int16: ['<i2', 'I16'],
  int32: ['<i4', 'I32'],
  int64: ['<i8', 'I64'],
  uint8: ['|u1', 'U8'],
  uint16: ['<u2', 'U16'],
  uint32: ['<u4', 'U32'],
  bool: ['|b1', 'BOOL'],
} as const;

function npy(array: NdArray): Uint8Array {
  const shape = `(${array.shape.join(', ')}${array.shape.length === 1 ? ',' : ''})`;
  const header = `{'descr': '${codes[array.dtype][0]}', 'fortran_order': False, 'shape': ${shape}, }\n`;
  const start = Buffer.from(`\x93NUMPY\x01\x00${String.fromCharCode(header.length, 0)}${header}`, 'latin1');
  return new Uint8Array(Buffer.concat([start, le(array)]));
}

function safetensors(array: NdArray): Uint8Array {
  const { dtype, shape, data } = array;
  const header = Buffer.from(
    JSON.stringify({ x: { dtype: codes[dtype][1], shape, data_offsets: [0, data.byteLength] } }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return new Uint8Array(Buffer.concat([length, header, le(array)]));
}

function text(array: NdArray, separator: string): Uint8Array {
  const columns = array.shape[1]!;
  const row = (r: number): string =>
    Array.from(array.data.slice(r * columns, (r + 1) * columns) as Float64Array, decimal).join(separator);
  return Buffer.from(Array.from({ length: array.shape[0]! }, (_, r) => `${row(r)}\n`).join(''));
}

function json({ shape, data }: NdArray): Uint8Array {
  let next = 0;
  const write = (depth: number): string =>
    depth === shape.length
      ? decimal(Number(data[next++])).replace('nan', 'NaN').replace('inf', 'Infinity')
      : `[${Array.from({ length: shape[depth]! }, () => write(depth + 1)).join(', ')}]`;
  return Buffer.from(write(0));
}

const table = anyArray(['float64'], { least: 2, most: 2 }).filter(({ shape }) => shape.length === 2);

/** Arrays as a file of a kind has them, for the kinds that are simple enough to be written here. */
const written: Readonly<
  Record<string, { arrays: fc.Arbitrary<NdArray>; write(array: NdArray): Uint8Array }>
> = {
  npy: { arrays: anyArray(dtypes), write: npy },
  npz: { arrays: anyArray(dtypes), write: (array) => zip(npy(array), npy(array).length) },
  safetensors: { arrays: anyArray(dtypes), write: safetensors },
  csv: { arrays: table, write: (array) => text(array, ',') },
  tsv: { arrays: table, write: (array) => text(array, '\t') },
  json: { arrays: anyArray(['float64'], { least: 1 }).filter(({ shape }) => shape.length > 0), write: json },
};

/** The last array of a file, which is the whole table where each of its columns is one, too. */
const wholeOf = (arrays: readonly NdArray[], { shape }: NdArray): NdArray | undefined =>
  arrays.find((array) => String(array.shape) === String(shape));

const endings: Readonly<Record<string, readonly string[]>> = {
  npy: ['npy'],
  npz: ['npz'],
  csv: ['csv', 'tsv'],
  json: ['json'],
  safetensors: ['safetensors'],
  torch: ['pt', 'pth'],
  png: ['png'],
  jpeg: ['jpg', 'jpeg'],
  webp: ['webp'],
  parquet: ['parquet'],
};
/** Whose readers compare checksums: an array of a damaged file is one that was in it before. */
const checksummed = ['npz', 'png'];
/** Milliseconds each, most of them in decompressors. */
const slow = ['parquet', 'jpeg', 'webp', 'png'];

const names = [...Object.keys(expected.read), ...Object.keys(expected.refused)].filter(
  (name) => name !== 'large.npz',
);

export const fileTargets: readonly Target[] = Object.entries(endings).map(([kind, of]) => {
  const files = Object.fromEntries(
    names.filter((name) => of.includes(name.split('.').at(-1)!)).map((name) => [name, bytesOfFile(name)]),
  );
  const noise: fc.Arbitrary<Given> = fc
    .tuple(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...of))
    .map(([bytes, ending]) => ({ name: `noise.${ending}`, bytes, isInPlace: false }));
  const whole = of.flatMap((ending): fc.Arbitrary<Given>[] => {
    const own = written[ending];
    return own
      ? [
          own.arrays.map((array) => ({
            name: `a.${ending}`,
            bytes: own.write(array),
            isInPlace: false,
            array,
          })),
        ]
      : [];
  });
  let before: Map<string, Set<string>> | undefined;
  /** The arrays of the files as they were. */
  const originals = async (name: string): Promise<Set<string>> => {
    before ??= new Map();
    let keys = before.get(name);
    if (!keys) {
      const arrays = (await readOrRefused(() => arraysIn(name, files[name]!))) ?? [];
      keys = new Set(arrays.map(keyOf));
      before.set(name, keys);
    }
    return keys;
  };
  return target<Given>({
    name: `file-${kind}`,
    slice: slow.includes(kind) ? 75 : 600,
    inputs: fc.oneof(
      { weight: 12, arbitrary: damagedFiles(files) },
      { weight: 1, arbitrary: noise },
      ...whole.map((arbitrary) => ({ weight: 5, arbitrary })),
    ),
    examine: async ({ name, bytes, isInPlace, array }) => {
      const arrays = await readOrRefused(() => arraysIn(name, bytes));
      if (array) {
        const read = arrays && wholeOf(arrays, array);
        assert.ok(read, 'an array that was written is not there');
        assertSame(read, array);
      }
      if (!isInPlace || !checksummed.includes(kind)) return;
      const known = await originals(name);
      for (const one of arrays ?? [])
        assert.ok(known.has(keyOf(one)), 'other numbers in a file with checksums');
    },
  });
});
