import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { hasMultiplyAdd } from '../../engine/backends/wasm/math/index.ts';
import { abs, neg, sigmoid, sign, softplus } from '../../engine/language/expression.ts';
import { applied } from './wasm-math-module.ts';
import { asKernel, float32Ulps, functions } from './wasm-math-reference.ts';

const length = 1 << 13;

/** 32 random bits a call, the same ones in every run. */
function randomBits(): () => number {
  let state = 0x2545f491;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  };
}

/** Float32 arguments: every sign and exponent with random fractions, then ranges where something happens. */
function* float32Arguments(): Generator<number> {
  const random = randomBits();
  const word = new Float32Array(1);
  const bits = new Int32Array(word.buffer);
  for (let top = 0; top < 512; top++) {
    for (let i = 0; i < 3072; i++) {
      bits[0] = (top << 23) | (random() & 0x7fffff);
      yield word[0]!;
    }
  }
  for (const [low, high] of [
    [-4, 4],
    [-20, 20],
    [-105, 90],
    [0.5, 1.5],
    [-0.5, 0.5],
  ] as const) {
    for (let i = 0; i < 100_000; i++) yield Math.fround(low + ((random() >>> 0) / 2 ** 32) * (high - low));
  }
}

function worstFloat32(name: string, multipliesAndAdds: boolean): { worst: number; place: string } {
  const { body, reference, binary, domain } = functions[name]!;
  const module = applied('f32x4', binary ? 2 : 1, length, body, multipliesAndAdds);
  const [x, y] = module.inputs;
  const [result] = module.outputs;
  const random = randomBits();
  let worst = 0;
  let place = '';
  let filled = 0;
  const compare = () => {
    module.run(filled);
    for (let i = 0; i < filled; i++) {
      const error = float32Ulps(result![i]!, reference(x![i]!, y?.[i] ?? 0));
      if (error > worst) {
        worst = error;
        place = `${name}(${x![i]}${y ? `, ${y[i]}` : ''}) = ${result![i]}`;
      }
    }
    filled = 0;
  };
  for (const value of float32Arguments()) {
    if (domain && !domain(value)) continue;
    x![filled] = value;
    if (y) {
      // An exponent that keeps the result just within the format, or a little outside.
      const share = ((random() >>> 0) / 2 ** 31 - 1) * 105;
      const exponent = share / Math.log(Math.abs(value));
      y[filled] = value < 0 ? Math.round(exponent) : exponent;
    }
    if (++filled === length) compare();
  }
  compare();
  return { worst, place };
}

const specials: Readonly<Record<string, readonly (readonly number[])[]>> = {
  // argument(s), result in float32 where it is exact in both formats
  exp: [
    [0, 1],
    [-0, 1],
    [Infinity, Infinity],
    [-Infinity, 0],
    [NaN, NaN],
    [1000, Infinity],
    [-1000, 0],
    [5e-324, 1],
  ],
  expOfNonPositive: [
    [0, 1],
    [-0, 1],
    [-Infinity, 0],
    [NaN, NaN],
    [-1000, 0],
  ],
  expm1: [
    [0, 0],
    [-0, -0],
    [Infinity, Infinity],
    [-Infinity, -1],
    [NaN, NaN],
    [1000, Infinity],
    [-1000, -1],
    [2 ** -149, 2 ** -149],
    [-(2 ** -149), -(2 ** -149)],
    [3 * 2 ** -149, 3 * 2 ** -149],
  ],
  log: [
    [0, -Infinity],
    [-0, -Infinity],
    [1, 0],
    [Infinity, Infinity],
    [-Infinity, NaN],
    [-1, NaN],
    [-(2 ** -149), NaN],
    [NaN, NaN],
  ],
  log1p: [
    [0, 0],
    [-0, -0],
    [-1, -Infinity],
    [-1.0000001192092896, NaN],
    [-Infinity, NaN],
    [Infinity, Infinity],
    [NaN, NaN],
    [2 ** -149, 2 ** -149],
    [-3 * 2 ** -149, -3 * 2 ** -149],
  ],
  tanh: [
    [0, 0],
    [-0, -0],
    [Infinity, 1],
    [-Infinity, -1],
    [NaN, NaN],
    [100, 1],
    [2 ** -149, 2 ** -149],
    [-3 * 2 ** -149, -3 * 2 ** -149],
  ],
  sigmoid: [
    [0, 0.5],
    [-0, 0.5],
    [Infinity, 1],
    [-Infinity, 0],
    [NaN, NaN],
    [1000, 1],
    [-1000, 0],
  ],
  softplus: [
    [Infinity, Infinity],
    [-Infinity, 0],
    [NaN, NaN],
    [1000, 1000],
    [-1000, 0],
  ],
  pow: [
    ...[0, -0, 1, -1, Infinity, -Infinity, NaN, 2].flatMap((x) => [
      [x, 0, 1],
      [x, -0, 1],
    ]),
    ...[0, -0, 1, -1, Infinity, -Infinity, NaN, 0.1].map((y) => [1, y, 1]),
    [-1, Infinity, 1],
    [-1, -Infinity, 1],
    [-1, 3, -1],
    [-1, 0.5, NaN],
    [-2, 3, -8],
    [-2, -2, 0.25],
    [0, 3, 0],
    [-0, 3, -0],
    [-0, 2, 0],
    [-0, 0.5, 0],
    [0, -3, Infinity],
    [-0, -3, -Infinity],
    [-0, -2, Infinity],
    [-0, -0.5, Infinity],
    [0, Infinity, 0],
    [0, -Infinity, Infinity],
    [0.5, Infinity, 0],
    [0.5, -Infinity, Infinity],
    [-2, Infinity, Infinity],
    [-2, -Infinity, 0],
    [Infinity, 0.5, Infinity],
    [Infinity, -0.5, 0],
    [-Infinity, 3, -Infinity],
    [-Infinity, 2, Infinity],
    [-Infinity, -3, -0],
    [-Infinity, 0.5, Infinity],
    [2, NaN, NaN],
    [NaN, 2, NaN],
    [0, NaN, NaN],
    [2, -149, 2 ** -149],
    [2, 127, 2 ** 127],
    [2 ** -149, 0.5, 2 ** -74.5],
    [10, 400, Infinity],
    [10, -400, 0],
    [3, 3, 27],
  ],
};

/** Points with their results to more than float64, made by test/golden/make_math_f64.py. */
interface Golden {
  readonly [name: string]: {
    /** Base64 of little-endian float64. */
    readonly x: string;
    readonly y?: string;
    /** The result, rounded; and what rounding left, in 1/256 of a unit in the last place, as int8. */
    readonly result: string;
    readonly rest: string;
  };
}

function decoded(text: string): ArrayBuffer {
  return new Uint8Array(Buffer.from(text, 'base64')).buffer;
}

function float64Spacing(value: number): number {
  const bits = new BigUint64Array(new Float64Array([value]).buffer)[0]!;
  return 2 ** (Math.max(Number((bits >> 52n) & 0x7ffn), 1) - 1075);
}

for (const multipliesAndAdds of new Set([hasMultiplyAdd, false])) {
  describe(`mathematics of the wasm backend, ${multipliesAndAdds ? 'with' : 'without'} multiply-add`, () => {
    for (const [name, { ulps }] of Object.entries(functions)) {
      it(`${name}: float32 within ${ulps} ulp`, function () {
        this.timeout(20_000);
        const { worst, place } = worstFloat32(name, multipliesAndAdds);
        assert.ok(worst <= ulps, `${worst} ulp at ${place}`);
        assert.ok(worst > 0.4, 'nothing was compared');
      });
    }

    for (const lanes of ['f32x4', 'f64x2'] as const) {
      for (const [name, rows] of Object.entries(specials)) {
        it(`${name}: special values, ${lanes}`, () => {
          const { body, binary } = functions[name]!;
          const module = applied(lanes, binary ? 2 : 1, 128, body, multipliesAndAdds);
          rows.forEach((row, index) => {
            module.inputs.forEach((input, argument) => {
              input[index] = row[argument]!;
            });
          });
          module.run();
          rows.forEach((row, index) => {
            const expected = row[row.length - 1]!;
            const found = module.outputs[0]![index]!;
            const wanted = lanes === 'f32x4' ? Math.fround(expected) : expected;
            const close = Number.isFinite(wanted) && wanted !== 0 && Math.abs(found / wanted - 1) < 4e-16;
            assert.ok(
              close || Object.is(found, wanted),
              `${name}(${row.slice(0, -1)}) = ${found}, not ${wanted}`,
            );
          });
        });
      }
    }

    describe('float64, against mpmath', () => {
      const golden = JSON.parse(
        readFileSync(new URL('../golden/data/math-f64.json', import.meta.url), 'utf8'),
      ) as Golden;

      it('covers every function', () => {
        assert.deepEqual(Object.keys(golden).sort(), Object.keys(functions).sort());
      });

      for (const [name, points] of Object.entries(golden)) {
        const { body, ulps, binary } = functions[name]!;
        it(`${name} within ${ulps} ulp`, () => {
          const x = new Float64Array(decoded(points.x));
          const exact = new Float64Array(decoded(points.result));
          const rest = new Int8Array(decoded(points.rest));
          const module = applied('f64x2', binary ? 2 : 1, x.length, body, multipliesAndAdds);
          module.inputs[0]!.set(x);
          if (points.y !== undefined) module.inputs[1]!.set(new Float64Array(decoded(points.y)));
          module.run();
          let worst = 0;
          let place = '';
          for (let i = 0; i < x.length; i++) {
            const found = module.outputs[0]![i]!;
            const error = Math.abs((found - exact[i]!) / float64Spacing(exact[i]!) - rest[i]! / 256);
            if (error > worst || Number.isNaN(error)) {
              worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
              place = `${name}(${x[i]}${binary ? `, ${module.inputs[1]![i]}` : ''}) = ${found}, not ${exact[i]}`;
            }
          }
          assert.ok(worst <= ulps, `${worst} ulp at ${place}`);
          assert.ok(x.length >= 2000);
        });
      }
    });

    it('gives softplus, softplus(-|x|) and sigmoid from one exponential', () => {
      const { inputs, outputs, run } = applied(
        'f32x4',
        1,
        length,
        asKernel((x) => [softplus(x!), softplus(neg(abs(x!))), sigmoid(x!)]),
        multipliesAndAdds,
      );
      const { softplus: softplusFunction, sigmoid: sigmoidFunction } = functions;
      const exactSoftplus = softplusFunction!.reference;
      const exactSigmoid = sigmoidFunction!.reference;
      const x = inputs[0]!;
      x.forEach((_, i) => {
        x[i] = (i / length - 0.5) * 220;
      });
      run();
      x.forEach((value, i) => {
        assert.ok(float32Ulps(outputs[0]![i]!, exactSoftplus(value, 0)) <= 4);
        assert.ok(float32Ulps(outputs[1]![i]!, exactSoftplus(-Math.abs(value), 0)) <= 4);
        assert.ok(float32Ulps(outputs[2]![i]!, exactSigmoid(value, 0)) <= 4);
      });
    });

    it('underflows gradually', () => {
      const { inputs, outputs, run } = applied('f32x4', 1, 4, functions.exp!.body, multipliesAndAdds);
      inputs[0]!.set([-100, -88, -103.9, -104]);
      run();
      assert.deepEqual([...outputs[0]!], [27 * 2 ** -149, Math.fround(Math.exp(-88)), 2 ** -149, 0]);
    });
  });
}

describe('the sign, on the wasm backend', () => {
  for (const [lanes, least, largest] of [
    ['f32x4', 2 ** -149, (2 - 2 ** -23) * 2 ** 127],
    ['f64x2', 2 ** -1074, Number.MAX_VALUE],
  ] as const) {
    it(`is that of Math.sign, down to the least number: ${lanes}`, () => {
      const sizes = [0, least, 3 * least, 1e-30, 0.5, 1, 2, 1e30, largest, Infinity];
      const values = [...sizes, ...sizes.map((size) => -size), NaN];
      const module = applied(
        lanes,
        1,
        32,
        asKernel((x) => [sign(x!)]),
      );
      module.inputs[0]!.set(values);
      module.run();
      assert.deepEqual([...module.outputs[0]!.subarray(0, values.length)], values.map(Math.sign));
    });
  }
});
