import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { NdArray } from '../../../engine/array.ts';
import { sizeOf } from '../../../engine/array.ts';
import { LossLensError } from '../../../engine/errors.ts';
import { roundToBfloat16, roundToFloat16 } from '../../../engine/formats/dtypes.ts';
import { parseArray } from '../../../engine/formats/text.ts';

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });

/** Rows in brackets. A dimension of extent 0 hides the ones inside it, so those are cut off. */
function nested(shape: readonly number[], element: (index: number) => string, separator: string): string {
  let next = 0;
  const write = (depth: number): string => {
    if (depth === shape.length) return element(next++);
    const rows = Array.from({ length: shape[depth]! }, () => write(depth + 1));
    return `[${rows.join(separator)}]`;
  };
  return write(0);
}

function visible(shape: readonly number[]): readonly number[] {
  const empty = shape.indexOf(0);
  return empty < 0 ? shape : shape.slice(0, empty + 1);
}

/** Several spellings of one double, all of which `Number` reads as it. */
function spelling(value: number, style: number): string {
  if (Number.isNaN(value)) return ['nan', 'NaN', 'np.nan', "float('nan')"][style % 4]!;
  const sign = value < 0 || Object.is(value, -0) ? '-' : style % 5 === 0 ? '+' : '';
  if (Math.abs(value) === Infinity) return sign + ['inf', 'Infinity', 'np.inf', 'math.inf'][style % 4]!;
  const digits = String(Math.abs(value));
  const plain = [digits, Math.abs(value).toExponential(), Math.abs(value).toPrecision(17)][style % 3]!;
  // Python reads an integer without a point; this is a float.
  return sign + (/^\d+$/.test(plain) ? `${plain}.` : plain);
}

function sameBits(one: number, other: number): boolean {
  return Object.is(one, other);
}

describe('parseArray and any numbers', () => {
  it('reads doubles back bit for bit, in every shape, with commas or blanks', () => {
    fc.assert(
      fc.property(
        shapes,
        fc.array(fc.double(), { minLength: 256, maxLength: 256 }),
        fc.nat(59),
        fc.boolean(),
        (shape, values, style, commas) => {
          const separator = commas
            ? [', ', ',', ',\n  ', ' , # next\n'][style % 4]!
            : ['  ', '\n ', '\n\n  '][style % 3]!;
          const array = parseArray(
            nested(shape, (index) => spelling(values[index]!, style + index), separator),
          );
          const expected = visible(shape);
          assert.deepEqual(array.shape, expected);
          assert.equal(array.dtype, 'float64');
          assert.equal(array.data.length, sizeOf(expected));
          for (const [index, value] of (array.data as Float64Array).entries())
            assert.ok(sameBits(value, values[index]!));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reads decimal numerals as Number does', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 25 });
    fc.assert(
      fc.property(
        fc.constantFrom('', '-', '+'),
        digits,
        digits,
        fc.constantFrom('', 'e', 'E'),
        fc.constantFrom('', '-', '+'),
        fc.nat(330),
        (sign, whole, fraction, e, exponentSign, exponent) => {
          fc.pre(whole !== '' || fraction !== '');
          const text = `${sign}${whole}.${fraction}${e && `${e}${exponentSign}${exponent}`}`;
          assert.ok(sameBits((parseArray(text).data as Float64Array)[0]!, Number(text)), text);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('reads every int64 exactly', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { minLength: 1 }),
        (values) => {
          const { dtype, data } = parseArray(`[${values.join(', ')}]`);
          assert.equal(dtype, 'int64');
          assert.deepEqual(Array.from(data as BigInt64Array), values);
        },
      ),
    );
  });

  it('gives the dtype that is asked for, in the printouts and calls of each library', () => {
    const dtypes = fc.constantFrom(
      'float32',
      'float64',
      'int8',
      'int16',
      'int32',
      'int64',
      'uint8',
      'uint16',
      'uint32',
      'bool',
    );
    const forms: readonly ((body: string, dtype: string) => string)[] = [
      (body, dtype) => `np.array(${body}, dtype=np.${dtype})`,
      (body, dtype) => `array(${body}, dtype=${dtype})`,
      (body, dtype) => `tensor(${body}, device='cuda:0', dtype=torch.${dtype})`,
      (body, dtype) => `torch.tensor(${body}, dtype=torch.${dtype}, requires_grad=False)`,
      (body, dtype) => `Array(${body}, dtype=${dtype})`,
      (body, dtype) => `<tf.Tensor: shape=(3,), dtype=${dtype}, numpy=array(${body}, dtype=${dtype})>`,
    ];
    fc.assert(
      fc.property(
        dtypes,
        fc.constantFrom(...forms),
        fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 3, maxLength: 3 }),
        (dtype, form, bits) => {
          const array = parseArray(form(`[${bits.join(', ')}]`, dtype));
          assert.equal(array.dtype, dtype);
          assert.deepEqual(Array.from(array.data, Number), bits);
          assert.equal(array.weak, undefined);
        },
      ),
    );
  });
});

describe('half precision', () => {
  it('rounds to float16 as the platform does', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.double(), fc.double({ min: -70000, max: 70000 }), fc.double({ min: -1e-4, max: 1e-4 })),
        (value) => {
          assert.ok(sameBits(roundToFloat16(value), Float16Array.of(value)[0]!), String(value));
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('rounds to bfloat16 by the upper half of a float32, ties to even', () => {
    const bits = new Uint32Array(1);
    const float = new Float32Array(bits.buffer);
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (value) => {
        float[0] = value;
        bits[0] = ((bits[0]! + 0x7fff + ((bits[0]! >>> 16) & 1)) & 0xffff0000) >>> 0;
        assert.ok(sameBits(roundToBfloat16(value), float[0]!), String(value));
      }),
      { numRuns: 5000 },
    );
  });
});

describe('parseArray and any text', () => {
  const texts: readonly string[] = JSON.parse(
    readFileSync(new URL('../../golden/data/printed-arrays.json', import.meta.url), 'utf8'),
  ).cases.map(({ text }: { text: string }) => text);

  /** Generous: a machine may be busy, but what grows with the square of these texts takes minutes. */
  const limit = 20_000;

  /** It is read or refused, with a place inside the text, and soon. */
  function survives(text: string): void {
    const quoted = JSON.stringify(text.slice(0, 200));
    let array: NdArray | undefined;
    const start = performance.now();
    try {
      array = parseArray(text);
    } catch (error) {
      assert.ok(error instanceof LossLensError, `${quoted}: ${(error as Error).stack}`);
      const { offset, line, column } = error.details;
      assert.ok(offset! >= 0 && offset! <= text.length && line! > 0 && column! > 0, quoted);
    }
    assert.ok(performance.now() - start < limit, quoted);
    if (array) assert.equal(array.data.length, sizeOf(array.shape), quoted);
  }

  it('reads it or refuses it, whatever the characters', () => {
    const pieces = fc.constantFrom(
      ...'[](){}<>,.:;=+-_#\\\'" \n0123e',
      '...',
      '…',
      '1.5',
      'nan',
      'np.array(',
      'tensor(',
      'dtype=',
      'np.float32',
      'shape=',
      'float(',
      'y = ',
      'True',
      '<tf.Tensor: ',
      'numpy=',
      '// ',
      'é',
      '💥',
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => survives(text)),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 25 }), (parts) => survives(parts.join(''))),
      { numRuns: 6000 },
    );
  });

  it('reads or refuses every real printout with a change in it', () => {
    const changes = fc.constantFrom(
      '',
      '[',
      ']',
      '(',
      ')',
      ',',
      ' ',
      '\n',
      '.',
      '-',
      'e',
      '9',
      '_',
      "'",
      '=',
      '<',
      '>',
      '#',
      '...',
      'nan',
      '\\',
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.nat(),
        fc.nat(3),
        changes,
        (text, position, removed, inserted) => {
          const at = position % (text.length + 1);
          survives(text.slice(0, at) + inserted + text.slice(at + removed));
        },
      ),
      { numRuns: 6000 },
    );
  });

  it('refuses every beginning of a printout', () => {
    for (const text of [
      '[[1. 2.]\n [3. 4.]]',
      "tensor([[1., 2.]], device='cuda:0', grad_fn=<AddBackward0>)",
      '<tf.Tensor: shape=(1,), dtype=int32, numpy=array([1], dtype=int32)>',
    ]) {
      for (let end = 0; end < text.length; end++)
        assert.throws(() => parseArray(text.slice(0, end)), LossLensError, text.slice(0, end));
    }
  });

  it('takes time in proportion to the text, however it is nested or cut off', () => {
    const size = 300_000;
    for (const text of [
      '['.repeat(size),
      '('.repeat(size),
      `${'('.repeat(60)}${'1 '.repeat(size)}`,
      `[${'(1,'.repeat(size)}`,
      `[${'(1),'.repeat(size)}]`,
      `[${'float(1),'.repeat(size)}]`,
      `[${'np.float32(1),'.repeat(size)}]`,
      'a='.repeat(size),
      'a:'.repeat(size),
      'a['.repeat(size),
      `np.array([1], ${'order=1,'.repeat(size)}`,
      `np.array([1], order=${'<'.repeat(size)}`,
      `np.array([1], dtype=${' '.repeat(size)}`,
      `float(${'1'.repeat(size)}x)`,
      `tensor([1], size=(${'1,'.repeat(size)}x`,
      `[${'1'.repeat(size)}.0]`,
      `[${'1'.repeat(size)}]`,
      `[1${'_1'.repeat(size)}.5]`,
      '#'.repeat(size),
      `${'#\n'.repeat(size)}x`,
      `[1${'\\\n'.repeat(size)}]`,
      `[${'\n'.repeat(size)}x]`,
      "'".repeat(size),
      'a'.repeat(size),
      `Parameter${' '.repeat(size)}`,
    ]) {
      survives(text);
    }
  });
});
