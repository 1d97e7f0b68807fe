/** Tables whose bytes are read straight, beside the same ones read by Papa Parse: a quote anywhere makes it read a piece. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LossLensError } from '../../../../engine/errors.ts';
import { numberIn, plainNumber } from '../../../../engine/formats/files/csv/cells.ts';
import { isRefused } from '../../../../engine/formats/files/index.ts';
import { openBytes } from './opening.ts';

/** Every column, or why there is none. */
async function columnsOf(text: string): Promise<unknown[]> {
  const read = async (): Promise<unknown[]> => {
    const arrays = await openBytes('a.csv', new Uint8Array(Buffer.from(text)));
    return Promise.all(
      arrays.map(async (one) =>
        isRefused(one) ? one.refusal.message : { ...(await one.load()), name: one.name, shape: one.shape },
      ),
    );
  };
  return read().catch((error) => {
    assert(error instanceof LossLensError, String(error));
    return [error.message];
  });
}

const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 9 });
const sign = fc.constantFrom('', '-', '+');
const written = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(sign, digits, fc.constantFrom('.', ''), digits).map((all) => all.join('')),
  },
  fc
    .tuple(sign, digits, fc.constantFrom('.', ''), digits, fc.constantFrom('e', 'E'), sign, digits)
    .map((all) => all.join('')),
  fc.double().map(String),
  fc.maxSafeInteger().map(String),
);
const cell = fc.oneof(
  { weight: 8, arbitrary: written },
  fc.constantFrom(
    '',
    ' ',
    'nan',
    'NA',
    'None',
    'inf',
    '-inf',
    'True',
    'false',
    '0x10',
    '\u00a0',
    ' 1 ',
    '1\t',
  ),
  fc.constantFrom('9007199254740993', '1e400', '-0', '.', 'e', '1e', '1 2', '#', 'ä', '1\r', '1e+', '-'),
);

describe('the cells of a table', () => {
  it('are the numbers that their texts are, to the last bit', () => {
    fc.assert(
      fc.property(cell, (text) => {
        const bytes = new Uint8Array(Buffer.from(text));
        const value = plainNumber(bytes, 0, bytes.length);
        if (!Number.isNaN(value)) assert.ok(Object.is(value, numberIn(text)), `${text}: ${value}`);
      }),
      { numRuns: 20_000 },
    );
  });

  it('are read straight wherever they are plain', () => {
    for (const text of [
      '0',
      '-0',
      '1.5',
      '-2.25e-3',
      '.5',
      '5.',
      '123456789012345',
      '1E22',
      '0.000001',
      '1e+05',
    ]) {
      const bytes = new Uint8Array(Buffer.from(text));
      assert.ok(Object.is(plainNumber(bytes, 0, bytes.length), Number(text)), text);
    }
  });

  it('are the same with a quote in the table and without', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }).chain((width) =>
          fc.record({
            rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 8 }),
            odd: fc.option(fc.constantFrom('', '  ', '# a comment', '1,2,3,4', '#'), { nil: undefined }),
            names: fc.constant(['a', 'b', 'c'].slice(0, width)),
          }),
        ),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        async ({ rows, odd, names }, newline, ends) => {
          const [first, ...others] = names as [string, ...string[]];
          // Two plain rows, so that the delimiter and the end of a line are known.
          const plain = [names.map(() => '1'), names.map(() => '2')];
          const body = [...plain, ...rows].map((row) => row.join(','));
          if (odd !== undefined) body.splice(3, 0, odd);
          const text = (name: string): string =>
            [[name, ...others].join(','), ...body].join(newline) + (ends ? newline : '');
          assert.deepEqual(await columnsOf(text(first)), await columnsOf(text(`"${first}"`)), text(first));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('are the same wherever the file is cut into pieces, a quoted cell over a cut among them', async () => {
    const count = 100_000;
    const value = (i: number): number => (i * 7919) % 1000;
    for (const newline of ['\n', '\r\n']) {
      const lines = ['näme,other'];
      for (let i = 0; i < count; i++) {
        const other =
          i % 25_000 === 24_999 ? `"${' '.repeat(70_000)}${newline}${value(i)}.25"` : `${value(i)}.25`;
        lines.push(`${i},${other}`);
      }
      const [index, other] = (await columnsOf(lines.join(newline))) as { name: string; data: Float64Array }[];
      assert.equal(index!.name, 'näme');
      assert.equal(other!.data.length, count);
      assert.ok(index!.data.every((x, i) => x === i));
      assert.ok(other!.data.every((x, i) => x === value(i) + 0.25));
    }
  });
});
