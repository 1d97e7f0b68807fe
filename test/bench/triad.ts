/**
 * Losses that the memory bounds, with their gradients, beside the least that could read and write as much in as many
 * passes: w[i] = s·(Σ r[i]).
 */
import { compile } from 'watr';
import { Session } from '../../engine/backends/wasm/workers.ts';
import { prepare } from '../../engine/node.ts';
import { type Case, cases, request } from './cases.ts';
import { table, write } from './report.ts';
import { digits, median, ratio, runByRun, tellTimes } from './statistics.ts';

/** Arrays as long as the loss's that a pass reads and writes. */
interface Pass {
  readonly reads: number;
  readonly writes: number;
}

/** By a case's id. Rows of 128 numbers that are read twice are in the cache the second time. */
const memoryBound: Readonly<Record<string, readonly Pass[]>> = {
  mse: [{ reads: 2, writes: 1 }],
  mae: [{ reads: 2, writes: 1 }],
  huber: [{ reads: 2, writes: 1 }],
  'cosine-embedding': [{ reads: 2, writes: 2 }],
  triplet: [{ reads: 3, writes: 3 }],
  dice: [
    { reads: 2, writes: 0 },
    { reads: 1, writes: 1 },
  ],
  'total-variation': [{ reads: 1, writes: 1 }],
};

/** Floats to an item, as in the engine's own kernels. */
const item = 1024;
const unrolled = 4;

/** Run as the engine's kernels are: the block holds the addresses of what is read, then of what is written. */
function passText({ reads, writes }: Pass): string {
  const names = Array.from({ length: reads + writes }, (_, k) => `$a${k}`);
  const step = (i: number): string => {
    const loads = names.slice(0, reads).map((name) => `(v128.load offset=${16 * i} (local.get ${name}))`);
    const total = loads.reduce((sum, load) => `(f32x4.add ${sum} ${load})`);
    return [
      `(local.set $value (f32x4.mul (local.get $s) ${total}))`,
      ...names
        .slice(reads)
        .map((name) => `(v128.store offset=${16 * i} (local.get ${name}) (local.get $value))`),
      ...(writes === 0 ? [`(local.set $sum${i} (f32x4.add (local.get $sum${i}) (local.get $value)))`] : []),
    ].join('\n');
  };
  const sums = Array.from({ length: unrolled }, (_, i) => `$sum${i}`);
  return `(module (import "env" "memory" (memory 1 65536 shared))
    (func (export "run") (param $block i32) (param $begin i32) (param $end i32) (param $sums i32)
      ${names.map((name) => `(local ${name} i32)`).join(' ')} (local $last i32) (local $s v128) (local $value v128)
      ${sums.map((name) => `(local ${name} v128)`).join(' ')}
      (local.set $s (f32x4.splat (f32.const 2e-7)))
      ${names
        .map(
          (name, k) => `(local.set ${name} (i32.add (i32.load offset=${4 * k} (local.get $block))
            (i32.mul (local.get $begin) (i32.const ${4 * item}))))`,
        )
        .join('\n')}
      (local.set $last (i32.add (local.get $a0)
        (i32.mul (i32.sub (local.get $end) (local.get $begin)) (i32.const ${4 * item}))))
      (block $done (loop $more (br_if $done (i32.ge_u (local.get $a0) (local.get $last)))
        ${Array.from({ length: unrolled }, (_, i) => step(i)).join('\n')}
        ${names.map((name) => `(local.set ${name} (i32.add (local.get ${name}) (i32.const ${16 * unrolled})))`).join('\n')}
        (br $more)))
      ${sums.map((name, i) => `(v128.store offset=${16 * i} (local.get $sums) (local.get ${name}))`).join('\n')}))`;
}

function least(
  passes: readonly Pass[],
  length: number,
  threads: number,
): { run(): Promise<void>; end(): void } {
  const items = Math.ceil(length / item);
  const bytes = items * item * 4;
  const arrays = Math.max(...passes.map(({ reads, writes }) => reads + writes));
  const block = 64;
  const sums = 128;
  const first = sums + 64 * threads;
  const pages = Math.ceil((first + arrays * bytes) / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const words = new Int32Array(memory.buffer);
  for (let k = 0; k < arrays; k++) words[block / 4 + k] = first + k * bytes;
  new Float32Array(memory.buffer, first).fill(1);
  const modules = passes.map(
    (pass) => new WebAssembly.Module(compile(passText(pass)) as Uint8Array<ArrayBuffer>),
  );
  const session = new Session(modules, memory);
  const bound = (t: number): number => Math.floor((items * t) / threads);
  const ranges = Array.from({ length: threads }, (_, t) => ({
    begin: bound(t),
    end: bound(t + 1),
    sums: sums + 64 * t,
  }));
  return {
    async run() {
      for (const k of passes.keys()) await session.run(k, block, ranges);
    },
    end: () => session.end(),
  };
}

export async function compareWithMemory(
  chosen: readonly Case[],
  threads: number,
  rounds: number,
): Promise<void> {
  const rows: string[][] = [];
  for (const of of chosen.filter(({ id }) => memoryBound[id])) {
    const passes = memoryBound[of.id]!;
    const inputs = of.inputs();
    const prepared = prepare(request(of, inputs, 'wasm'));
    const triad = least(passes, Object.values(inputs)[0]!.data.length, threads);
    try {
      const times = await runByRun(2 * rounds, { loss: () => prepared.run(), triad: () => triad.run() });
      const share = ratio(times['triad']!, times['loss']!);
      rows.push([
        of.title,
        passes.map(({ reads, writes }) => `${reads} + ${writes}`).join(', '),
        tellTimes(times['loss']!),
        tellTimes(times['triad']!),
        digits(share.median),
        digits(share.fastest),
        digits(traffic(passes, inputs) / median(times['loss']!.flat())),
      ]);
      console.log(rows.at(-1)!.join(' | '));
    } finally {
      prepared.dispose();
      triad.end();
    }
  }
  if (rows.length === 0) return;
  table(['', 'reads + writes', 'loss, ms', 'triad, ms', 'triad / loss', 'of fastest', 'loss, GB/s'], rows);
  write(
    `Budget: 0.8 of the triad; one run of each in turn. ${cases.length - rows.length} of the losses compute for longer than they wait.`,
  );
}

/** Gigabytes a millisecond is a thousandth of: bytes / 10⁶. */
function traffic(passes: readonly Pass[], inputs: ReturnType<Case['inputs']>): number {
  const bytes = Object.values(inputs)[0]!.data.byteLength;
  return passes.reduce((total, { reads, writes }) => total + (reads + writes) * bytes, 0) / 1e6;
}
