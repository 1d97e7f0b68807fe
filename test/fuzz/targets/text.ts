/** Text that arrays are read from: what libraries print and people write, and every array printed and read again. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { NdArray } from '../../../engine/array.ts';
import { parseArray } from '../../../engine/formats/text.ts';
import { anyArray, assertSame, assertWhole, decimal, dtypes } from '../arrays.ts';
import { damagedTexts, soup } from '../damage.ts';
import { readOrRefused, type Target, target } from '../target.ts';

const { cases }: { readonly cases: readonly { readonly text: string }[] } = JSON.parse(
  readFileSync(new URL('../../golden/data/printed-arrays.json', import.meta.url), 'utf8'),
);
const tables = [
  'a,b\n1,2\n3,4.5\n',
  '1\t2\n3\t4\n',
  '0    1.5\n1    2.5\nName: x, dtype: float64',
  '     a    b\n0  1.0  2.0\n1  3.0  NaN',
  'dtype: int64, Length: 3',
];
const texts = [...cases.map(({ text }) => text).filter(({ length }) => length < 600), ...tables];

const pieces = [
  ...['[', ']', '(', ')', '{', '}', ',', ';', ' ', '\n', '\t', '...', '…', '#', '\\\n', "'", '"', '|', '='],
  ...[
    '0',
    '1',
    '-1',
    '2.5',
    '1e400',
    '1e-400',
    '-0',
    '0x1F',
    '1_000',
    '.',
    'e5',
    '1e',
    '--1',
    '+',
    '1j',
    '7n',
  ],
  ...['9223372036854775807', '9223372036854775808', '1'.repeat(400), 'nan', 'inf', '-inf', 'NaN', 'Infinity'],
  ...['None', 'True', 'False', 'null', 'undefined', 'np.nan', 'torch.inf', "float('nan')", 'math.pi', 'np.'],
  ...['array(', 'np.array(', 'tensor(', 'torch.tensor(', 'tf.constant(', 'jnp.array(', 'Array(', 'x = '],
  ...[
    '<tf.Tensor: shape=(2,), dtype=float32, numpy=',
    'dtype=float32',
    'dtype=torch.float16',
    'shape=(2, 3)',
  ],
  ...[
    'np.zeros(',
    'np.ones((1000000, 1000000))',
    'np.full((2,), 3)',
    'np.arange(',
    'np.eye(99999)',
    'range(',
  ],
  ...[
    "device='cuda:0'",
    'requires_grad=True',
    'grad_fn=<A>',
    'size=(0, 3)',
    '.reshape(2, -1)',
    '.T',
    '.astype(',
  ],
  ...[
    'Name: x, dtype: float64',
    'Length: 9',
    'a,b\n',
    '0  1.0\n',
    '[2 rows x 3 columns]',
    '\u2028',
    '\ud800',
    '\0',
  ],
];

type Writer = (array: NdArray) => string;

function nested(
  { shape, data }: NdArray,
  separator: string,
  write: (value: number | bigint) => string,
): string {
  let next = 0;
  const rows = (depth: number): string =>
    depth === shape.length
      ? write(data[next++]!)
      : `[${Array.from({ length: shape[depth]! }, () => rows(depth + 1)).join(separator)}]`;
  return rows(0);
}

/** As Python writes it, to the last digit. */
function numeral(value: number | bigint, dtype: string): string {
  if (dtype === 'bool') return value ? 'True' : 'False';
  if (typeof value === 'bigint' || !dtype.startsWith('float')) return String(value);
  return decimal(value);
}

const writers: readonly Writer[] = [
  (a) => `array(${nested(a, ', ', (v) => numeral(v, a.dtype))}, dtype=${a.dtype})`,
  (a) => `np.array(${nested(a, ',\n', (v) => numeral(v, a.dtype))}, dtype=np.${a.dtype})`,
  (a) => `x = torch.tensor(${nested(a, ', ', (v) => numeral(v, a.dtype))}, dtype=torch.${a.dtype})  # x`,
  (
    a,
  ) => `<tf.Tensor: shape=(${a.shape.join(', ')}${a.shape.length === 1 ? ',' : ''}), dtype=${a.dtype}, numpy=
array(${nested(a, ',\n ', (v) => numeral(v, a.dtype))}, dtype=${a.dtype})>`,
];

/** torch knows no unsigned numbers of several bytes in all of its versions, but prints them. */
const printed = fc
  .tuple(anyArray(dtypes, { least: 1 }), fc.constantFrom(...writers))
  .map(([array, write]) => ({ text: write(array), array }));

export const textTarget: Target = target({
  name: 'parse-array',
  slice: 3000,
  inputs: fc.oneof(
    { weight: 5, arbitrary: damagedTexts(texts, pieces).map((text) => ({ text, array: undefined })) },
    { weight: 1, arbitrary: soup(pieces).map((text) => ({ text, array: undefined })) },
    { weight: 2, arbitrary: printed },
  ),
  examine: async ({ text, array }: { text: string; array: NdArray | undefined }) => {
    const read = await readOrRefused(() => parseArray(text));
    if (read) assertWhole(read);
    if (!array) return;
    assert.ok(read, 'an array that was printed is refused');
    assertSame(read, array);
    // Cut off before the last of its brackets closes, it is no array at all.
    const end = text.lastIndexOf(')');
    for (let at = text.length % 7; at < end; at += 7) {
      const part = text.slice(0, at);
      if (!/[[(]/.test(part)) continue;
      const other = await readOrRefused(() => parseArray(part));
      assert.equal(other, undefined, `${JSON.stringify(part)} is read as ${JSON.stringify(other?.shape)}`);
    }
  },
});
