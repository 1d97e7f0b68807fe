/** The functions that WGSL has none of, or none exact enough, against those of JavaScript, over their ranges. */
import assert from 'node:assert/strict';
import { reference } from '../../../engine/backends/reference/interpreter.ts';
import { webgpu } from '../../../engine/backends/webgpu/backend.ts';
import * as x from '../../../engine/language/expression.ts';
import { type Expr, extent, input } from '../../../engine/language/expression.ts';
import { configure } from '../../../engine/node.ts';
import { closeWebGpu, openWebGpu } from './adapter.ts';

const count = 20_000;

/** As many numbers of each sign in every power of two between these, or of one sign. */
function spread(smallest: number, largest: number, signs: readonly number[] = [1, -1]): Float32Array {
  const range = Math.log2(largest / smallest);
  return Float32Array.from({ length: count }, (_, i) => {
    const size = smallest * 2 ** ((range * i) / count);
    return signs[i % signs.length]! * Math.min(largest, size * (1 + ((i * 7919) % 997) / 99_700));
  });
}

async function furthest(of: (a: Expr) => Expr, data: Float32Array): Promise<number> {
  const problem = {
    sizes: [count],
    dtype: 'float32' as const,
    arrays: { a: { data, strides: [1] } },
    numerator: extent(1),
    denominator: extent(1),
    elements: of(input('a', 1)),
    gradients: {},
  };
  const execution = webgpu.prepare(problem);
  try {
    const { elements: actual } = await execution.run({});
    const { elements: expected } = await reference.prepare(problem).run({});
    return Array.from(expected as Float64Array).reduce((most, value, i) => {
      const away = Math.abs(Number(actual![i]) - value);
      // The last step to the smallest normal number may go by a smaller one.
      return Math.abs(value) < 2 ** -124 ? most : Math.max(most, away / Math.abs(value));
    }, 0);
  } finally {
    execution.dispose();
  }
}

describe('functions in WGSL', function () {
  this.timeout(60_000);

  before(async function () {
    this.timeout(180_000);
    configure({ gpu: await openWebGpu() });
  });
  after(closeWebGpu);

  const functions: Readonly<Record<string, [of: (a: Expr) => Expr, data: Float32Array]>> = {
    'exp, to where it leaves the normal numbers': [x.exp, spread(1e-6, 87)],
    'log of all normal numbers': [x.log, spread(2 ** -126, 3e38, [1])],
    'log next to 1': [x.log, spread(2 ** -20, 0.4).map((a) => 1 + a)],
    'log1p, small and large': [x.log1p, spread(1e-30, 1e30, [1])],
    'log1p of negative numbers': [x.log1p, spread(1e-30, 0.99, [-1])],
    'expm1, small and large': [x.expm1, spread(1e-30, 80)],
    tanh: [x.tanh, spread(1e-30, 50)],
    'sqrt, of 0 too': [(a) => x.sqrt(x.max(a, 0, { tie: 0 })), spread(1e-35, 1e38)],
    sigmoid: [x.sigmoid, spread(1e-6, 87)],
    softplus: [x.softplus, spread(1e-6, 87)],
    'a fractional power': [(a) => x.pow(a, 2.375), spread(1e-12, 1e12, [1])],
    'a fractional power, very large and small': [(a) => x.pow(a, -2.375), spread(1e-15, 1e15, [1])],
    'whole powers of both signs': [(a) => x.pow(a, -5), spread(1e-7, 1e7)],
    'x log x': [(a) => x.xlogy(a, a), spread(1e-30, 1e30, [1])],
  };
  for (const [name, [of, data]] of Object.entries(functions)) {
    it(name, async () => {
      const distance = await furthest(of, data);
      assert(distance < 1e-6, `${distance.toExponential(2)} away`);
    });
  }
});
