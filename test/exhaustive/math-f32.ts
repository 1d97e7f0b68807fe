/**
 * Every float32 argument of the wasm backend's one-argument functions, compared with float64. Not part of the tests.
 *
 *   node test/exhaustive/math-f32.ts [--stride 17] [exp log …]
 *
 * All 2^32 arguments of one function take one to two minutes on one core (softplus three), every 17th one a few
 * seconds. An even stride would never try the last bits.
 */
import { parseArgs } from 'node:util';
import { applied } from '../engine/wasm-math-module.ts';
import { float32Ulps, functions } from '../engine/wasm-math-reference.ts';

const { values, positionals } = parseArgs({
  options: { stride: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const stride = Number(values.stride);
const unary = Object.keys(functions).filter((name) => !functions[name]!.binary);
const length = 1 << 14;

for (const name of positionals.length > 0 ? positionals : unary) {
  const { body, reference, ulps, domain } = functions[name]!;
  const module = applied('f32x4', 1, length, body);
  const x = module.inputs[0]!;
  const bits = new Uint32Array(x.buffer, x.byteOffset, length);
  const result = module.outputs[0]!;
  const start = performance.now();
  let worst = 0;
  let place = 0;
  for (let first = 0; first < 2 ** 32; first += stride * length) {
    for (let i = 0; i < length; i++) bits[i] = first + i * stride;
    module.run();
    for (let i = 0; i < length; i++) {
      if (domain && !domain(x[i]!)) continue;
      const error = float32Ulps(result[i]!, reference(x[i]!, 0));
      if (error > worst) {
        worst = error;
        place = x[i]!;
      }
    }
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`${name.padEnd(17)} ${worst.toFixed(3)} ulp at ${place} (${seconds} s)`);
  if (!(worst <= ulps)) process.exitCode = 1;
}
