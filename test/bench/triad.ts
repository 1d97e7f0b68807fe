/** MSE with its gradient beside the least that could read and write as much: a[i] = s·(b[i] − c[i]). */
import { compile } from 'watr';
import { Session } from '../../engine/backends/wasm/workers.ts';
import { prepare } from '../../engine/node.ts';
import { cases, request } from './cases.ts';
import { table } from './report.ts';
import { digits, inTurns, ratio, tellRatio, tellTimes, timed } from './statistics.ts';

/** Floats to an item, as in the engine's own kernels. */
const item = 1024;
const unrolled = 4;

/** Run as the engine's kernels are: the block holds the addresses of a, b and c. */
function triadText(): string {
  const step = (i: number): string =>
    `(v128.store offset=${16 * i} (local.get $a) (f32x4.mul (local.get $s)
       (f32x4.sub (v128.load offset=${16 * i} (local.get $b)) (v128.load offset=${16 * i} (local.get $c)))))`;
  const pointer = (name: string, k: number): string =>
    `(local.set ${name} (i32.add (i32.load offset=${4 * k} (local.get $block))
       (i32.mul (local.get $begin) (i32.const ${4 * item}))))`;
  const advance = (name: string): string =>
    `(local.set ${name} (i32.add (local.get ${name}) (i32.const ${16 * unrolled})))`;
  return `(module (import "env" "memory" (memory 1 65536 shared))
    (func (export "run") (param $block i32) (param $begin i32) (param $end i32) (param $sums i32)
      (local $a i32) (local $b i32) (local $c i32) (local $last i32) (local $s v128)
      (local.set $s (f32x4.splat (f32.const 2e-7)))
      ${pointer('$a', 0)} ${pointer('$b', 1)} ${pointer('$c', 2)}
      (local.set $last (i32.add (local.get $a)
        (i32.mul (i32.sub (local.get $end) (local.get $begin)) (i32.const ${4 * item}))))
      (block $done (loop $more (br_if $done (i32.ge_u (local.get $a) (local.get $last)))
        ${Array.from({ length: unrolled }, (_, i) => step(i)).join('\n')}
        ${advance('$a')} ${advance('$b')} ${advance('$c')}
        (br $more)))))`;
}

function triad(length: number, threads: number): { run(): Promise<void>; end(): void } {
  const items = Math.ceil(length / item);
  const bytes = items * item * 4;
  const block = 64;
  const pages = Math.ceil((128 + 3 * bytes) / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const words = new Int32Array(memory.buffer);
  for (let k = 0; k < 3; k++) words[block / 4 + k] = 128 + k * bytes;
  new Float32Array(memory.buffer, 128).fill(1);
  const module = new WebAssembly.Module(compile(triadText()) as Uint8Array<ArrayBuffer>);
  const session = new Session([module], memory);
  const bound = (t: number): number => Math.floor((items * t) / threads);
  const ranges = Array.from({ length: threads }, (_, t) => ({ begin: bound(t), end: bound(t + 1), sums: 0 }));
  return { run: () => session.run(0, block, ranges), end: () => session.end() };
}

export async function compareWithTriad(threads: number, rounds: number): Promise<void> {
  const mse = cases[0]!;
  const inputs = mse.inputs();
  const prepared = prepare(request(mse, inputs, 'wasm'));
  const least = triad(inputs['input']!.data.length, threads);
  const block = (run: () => Promise<unknown>) => async (): Promise<number[]> => {
    await run();
    return timed(8, run);
  };
  try {
    const times = await inTurns(6 * rounds, {
      mse: block(() => prepared.run()),
      triad: block(() => least.run()),
    });
    const against = ratio(times.mse!, times.triad!);
    table(
      ['10 000 000 float32', 'median / fastest, ms', 'MSE / triad', 'of fastest', 'budget'],
      [
        [
          'MSE, value and gradient',
          tellTimes(times.mse!),
          tellRatio(against),
          digits(against.fastest),
          '1.5',
        ],
        ['triad', tellTimes(times.triad!), '', '', ''],
      ],
    );
  } finally {
    prepared.dispose();
    least.end();
  }
}
