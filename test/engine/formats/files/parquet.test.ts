/** Parquet files that are well formed but for one lie, which costs a reader that believes it minutes or gigabytes. */
import assert from 'node:assert/strict';
import { brotliCompressSync, constants } from 'node:zlib';
import { LossLensError } from '../../../../engine/errors.ts';
import { isRefused } from '../../../../engine/formats/files/index.ts';
import { openBytes } from './opening.ts';

type Field = readonly [id: number, value: Thrift];
type Thrift =
  | { readonly i32: number }
  | { readonly i64: number }
  | { readonly text: string }
  | { readonly list: readonly Thrift[] }
  | { readonly struct: readonly Field[] };

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
const typeOf = (value: Thrift): number =>
  'i32' in value ? 5 : 'i64' in value ? 6 : 'text' in value ? 8 : 'list' in value ? 9 : 12;

/** In Thrift's compact protocol. */
function thrift(value: Thrift): number[] {
  if ('i32' in value) return varint(2 * value.i32);
  if ('i64' in value) return varint(2 * value.i64);
  if ('text' in value) return [...varint(value.text.length), ...Buffer.from(value.text)];
  if ('list' in value) {
    const [first] = value.list;
    return [0xf0 + typeOf(first!), ...varint(value.list.length), ...value.list.flatMap(thrift)];
  }
  let before = 0;
  const fields = value.struct.flatMap(([id, each]) => {
    const head = 16 * (id - before) + typeOf(each);
    before = id;
    return [head, ...thrift(each)];
  });
  return [...fields, 0];
}

const [boolean, int32, int64, float, bytes] = [0, 1, 2, 4, 6];
const i32 = (value: number): Thrift => ({ i32: value });
const struct = (...fields: readonly Field[]): Thrift => ({ struct: fields });

interface Page {
  /** PLAIN 0, RLE 3, DELTA_BINARY_PACKED 5, RLE_DICTIONARY 8. */
  readonly encoding: number;
  readonly content: readonly number[];
  /** Of a page of the second version, which stand before the content: definition levels. */
  readonly levels?: readonly number[];
  readonly values?: number;
  readonly isDictionary?: boolean;
  /** Bytes that its body unpacks to, where it is packed. */
  readonly length?: number;
}

const prefixed = (content: readonly number[]): number[] => [content.length, 0, 0, 0, ...content];

function pageBytes({ encoding, content, levels, values = 4, isDictionary, length }: Page): number[] {
  const body = [...(levels ?? []), ...content];
  const header: Field = isDictionary
    ? [7, struct([1, i32(values)], [2, i32(0)])]
    : levels
      ? [
          8,
          struct(
            [1, i32(values)],
            [2, i32(0)],
            [3, i32(values)],
            [4, i32(encoding)],
            [5, i32(levels.length)],
            [6, i32(0)],
          ),
        ]
      : [5, struct([1, i32(values)], [2, i32(encoding)], [3, i32(3)], [4, i32(3)])];
  const kind = isDictionary ? 2 : levels ? 3 : 0;
  const sizes: readonly Field[] = [
    [2, i32(length ?? body.length)],
    [3, i32(body.length)],
  ];
  return [...thrift(struct([1, i32(kind)], ...sizes, header)), ...body];
}

/** DECIMAL, its scale and its precision. */
const ofDecimals: readonly Field[] = [
  [6, i32(5)],
  [7, i32(2)],
  [8, i32(9)],
];

/**
 * A file of one column 'x' of four numbers that may be missing.
 * @param type  BOOLEAN 0, INT32 1, INT64 2, FLOAT 4, BYTE_ARRAY 6: of decimals with two digits behind the point
 * @param lacking  a field that its description should have
 * @param codec  none 0, Brotli 4
 */
function parquet(
  type: number,
  chunk: readonly number[],
  values = 4,
  lacking?: number,
  codec = 0,
): Uint8Array {
  const description: readonly Field[] = [
    [1, i32(type)],
    [2, { list: [i32(0)] }],
    [3, { list: [{ text: 'x' }] }],
    [4, i32(codec)],
    [5, { i64: values }],
    [6, { i64: chunk.length }],
    [7, { i64: chunk.length }],
    [9, { i64: 4 }],
  ];
  const footer = thrift(
    struct(
      [1, i32(1)],
      [
        2,
        {
          list: [
            struct([4, { text: 'schema' }], [5, i32(1)]),
            struct([1, i32(type)], [3, i32(1)], [4, { text: 'x' }], ...(type === bytes ? ofDecimals : [])),
          ],
        },
      ],
      [3, { i64: values }],
      [
        4,
        {
          list: [
            struct(
              [
                1,
                {
                  list: [
                    struct(
                      [2, { i64: 4 }],
                      [3, struct(...description.filter(([field]) => field !== lacking))],
                    ),
                  ],
                },
              ],
              [2, { i64: chunk.length }],
              [3, { i64: values }],
            ),
          ],
        },
      ],
    ),
  );
  return withFooter(chunk, footer);
}

function withFooter(chunk: readonly number[], footer: readonly number[]): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  const ends = Buffer.from('PAR1');
  return new Uint8Array(Buffer.concat([ends, Uint8Array.from(chunk), Uint8Array.from(footer), length, ends]));
}

async function valuesOf(bytes: Uint8Array): Promise<unknown[]> {
  const [one] = await openBytes('a.parquet', bytes);
  assert.ok(one && !isRefused(one));
  return [...(await one.load()).data];
}

/** Refused, and in no more of the processor's time than reading it would take. */
async function refusedAtOnce(bytes: Uint8Array, code = 'damaged-file'): Promise<void> {
  const start = process.cpuUsage();
  await assert.rejects(valuesOf(bytes), (error) => error instanceof LossLensError && error.code === code);
  const { user, system } = process.cpuUsage(start);
  assert.ok((user + system) / 1000 < 500, `${(user + system) / 1000} ms`);
}

const brotli = 4;
/** Runs of one value: how often, and which. */
const run = (count: number, value: number): number[] => [...varint(2 * count), value];
/** Eights of bits, of which only the header is there. */
const eights = (count: number): number[] => varint(2 * count + 1);
const all = prefixed(run(4, 1));
const floats = [...new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer)];
const dictionary: Page = { encoding: 0, content: floats, isDictionary: true };
const longest = 2 ** 31 - 1;

describe('a Parquet file', () => {
  it('is read: plain numbers, a dictionary, differences, runs, what is missing', async () => {
    const plain = pageBytes({ encoding: 0, content: [...all, ...floats] });
    assert.deepEqual(await valuesOf(parquet(float, plain)), [1, 2, 3, 4]);
    const second = pageBytes({ encoding: 0, levels: run(4, 1), content: floats });
    assert.deepEqual(await valuesOf(parquet(float, second)), [1, 2, 3, 4]);
    const indices = [...all, 2, ...eights(1), 0b00011011, 0];
    const looked = [...pageBytes(dictionary), ...pageBytes({ encoding: 8, content: indices })];
    assert.deepEqual(await valuesOf(parquet(float, looked)), [4, 3, 2, 1]);
    // 32 numbers in a block, in one part: 7, then differences of 2 + 0, 2 + 1, 2 + 3.
    const deltas = [32, 1, 4, 14, 4, 2, 0b00110100, 0, 0, 0, 0, 0, 0, 0];
    for (const type of [int32, int64]) {
      const content = pageBytes({ encoding: 5, content: [...all, ...deltas] });
      assert.deepEqual((await valuesOf(parquet(type, content))).map(Number), [7, 9, 12, 17]);
    }
    const truths = pageBytes({ encoding: 3, content: [...all, ...prefixed([...run(3, 1), ...run(1, 0)])] });
    assert.deepEqual(await valuesOf(parquet(boolean, truths)), [1, 1, 1, 0]);
    const gap = prefixed([...run(1, 1), ...run(2, 0), ...run(1, 1)]);
    const gaps = pageBytes({ encoding: 0, content: [...gap, ...floats] });
    assert.deepEqual(await valuesOf(parquet(float, gaps)), [1, Number.NaN, Number.NaN, 2]);
  });

  it('is read: decimals of as many bytes as each needs', async () => {
    const numbers = [[1], [0xfe], [0x01, 0x2c], [0xff, 0x38]].flatMap(prefixed);
    const content = pageBytes({ encoding: 0, content: [...all, ...numbers] });
    assert.deepEqual(await valuesOf(parquet(bytes, content)), [0.01, -0.02, 3, -2]);
  });

  it('is refused at once where a run of levels is longer than its page', async () => {
    for (const lie of [run(longest, 1), run(5, 1), run(2 ** 32, 1)]) {
      const first = pageBytes({ encoding: 0, content: [...prefixed(lie), ...floats] });
      await refusedAtOnce(parquet(float, first));
      const second = pageBytes({ encoding: 0, levels: lie, content: floats });
      await refusedAtOnce(parquet(float, second));
    }
  });

  it('is refused at once where a run of indices is longer than its page', async () => {
    const of = (indices: readonly number[]): number[] => [
      ...pageBytes(dictionary),
      ...pageBytes({ encoding: 8, content: [...all, ...indices] }),
    ];
    await refusedAtOnce(parquet(float, of([2, ...run(longest, 1)])));
    await refusedAtOnce(parquet(float, of([2, ...eights(2 ** 30)])));
    await refusedAtOnce(parquet(float, of([32, ...run(4, 1)])));
    // An entry that is not there, and no dictionary at all.
    await refusedAtOnce(parquet(float, of([3, ...run(4, 7)])));
    await refusedAtOnce(parquet(float, pageBytes({ encoding: 8, content: [...all, 2, ...run(4, 1)] })));
  });

  it('is refused at once where bits without width go on for ever', async () => {
    const indices = [...all, 1, ...eights(2 ** 31)];
    const chunk = [...pageBytes(dictionary), ...pageBytes({ encoding: 8, content: indices })];
    await refusedAtOnce(parquet(float, chunk));
  });

  it('is refused at once where differences say that there are more', async () => {
    for (const lie of [
      [0, 0, 4, 14],
      [...varint(2 ** 35), 1, 4, 14, 4, 64],
      [32, ...varint(longest), 4, 14, 4, 2],
      [32, 1, 4, ...new Array<number>(100_000).fill(0x80)],
    ]) {
      const content = [...all, ...lie];
      await refusedAtOnce(parquet(int64, pageBytes({ encoding: 5, content })));
    }
  });

  it('is refused at once where its description holds numbers and lists that do not end', async () => {
    const endless = new Array<number>(1_000_000).fill(0x80);
    await refusedAtOnce(withFooter([], [0x16, ...endless]));
    await refusedAtOnce(withFooter([], [0x19, 0xf5, ...varint(longest), 0]));
    await refusedAtOnce(withFooter([], new Array<number>(1_000_000).fill(0x1c)));
    await refusedAtOnce(parquet(float, [0x16, ...endless]));
  });

  it('is refused at once where it holds more than a dictionary or a page can', async () => {
    const many = pageBytes({ ...dictionary, values: longest });
    await refusedAtOnce(
      parquet(float, [...many, ...pageBytes({ encoding: 8, content: [...all, 2, ...run(4, 1)] })]),
    );
    await refusedAtOnce(
      parquet(float, pageBytes({ encoding: 0, content: [...all, ...floats], values: longest })),
    );
    await refusedAtOnce(parquet(float, pageBytes({ encoding: 0, content: all }), 2 ** 26));
    await refusedAtOnce(parquet(float, pageBytes({ encoding: 0, content: all }), 2 ** 27), 'too-large');
  });

  it('is refused at once where its pages together unpack to more than is unpacked at once', async () => {
    const most = 2 ** 28;
    const params = { [constants.BROTLI_PARAM_QUALITY]: 1 };
    const packed = (bytes: Uint8Array, values: number): number[] => {
      const content = [...brotliCompressSync(bytes, { params })];
      return pageBytes({ encoding: 0, content, values, length: bytes.length });
    };
    const whole = packed(Uint8Array.from([...all, ...floats]), 4);
    const none = packed(new Uint8Array(100), 0);
    assert.deepEqual(await valuesOf(parquet(float, [...none, ...whole], 4, undefined, brotli)), [1, 2, 3, 4]);
    const bomb = packed(new Uint8Array(most), 0);
    await refusedAtOnce(parquet(float, [...none, ...bomb, ...whole], 4, undefined, brotli));
  });

  it('is refused where its description lacks what the format requires', async () => {
    const page = pageBytes({ encoding: 0, content: [...all, ...floats] });
    for (const field of [3, 4, 5, 6, 7, 9]) await refusedAtOnce(parquet(float, page, 4, field));
  });

  it('is refused where it is written in a way that is not read', async () => {
    await refusedAtOnce(parquet(float, pageBytes({ encoding: 10, content: [...all, 1] })), 'dtype');
  });
});
