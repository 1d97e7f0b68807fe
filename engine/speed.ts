/**
 * From how many numbers on the GPU is worth the way there: measured on the machine itself, once for each GPU. Nothing is
 * assumed of a kind of GPU, of its bus or of the processor beside it.
 */
import type { BackendName, Prepared, PrepareRequest } from './evaluation.ts';

/** How long one loss took on so many numbers, inputs counted together. Milliseconds, the fastest of some runs. */
export interface Speed {
  readonly loss: string;
  readonly numbers: number;
  /** With placing the data and making the kernels. */
  readonly once: number;
  /** With the data in its place. */
  readonly again: number;
}

/** One bound by memory, one by computing. */
const losses = [
  { loss: 'mean-squared-error', parameters: {} },
  { loss: 'binary-cross-entropy', parameters: { from: 'logit' } },
] as const;

/** Small enough that the way there is most of it, and large enough that the work is; for the interpreter, smaller. */
const sizesOf = { wasm: [2 ** 16, 2 ** 21], reference: [2 ** 13, 2 ** 16] } as const;

export const measuredSizes = (cpu: keyof typeof sizesOf): readonly [number, number] => sizesOf[cpu];

/** Runs of each, after one that is not counted: it starts threads and compiles. */
const repetitions = 3;
/** Milliseconds after which one of them is enough. */
const patience = 50;
/** What is faster by less is as fast. */
const margin = 1.1;

/** Numbers from 0 up to 1. A loop, for whoever shows a page meanwhile: `Float32Array.from` takes ten times as long. */
function fractions(length: number, parts: number): Float32Array {
  const numbers = new Float32Array(length);
  for (let i = 0; i < length; i++) numbers[i] = (i % parts) / parts;
  return numbers;
}

/**
 * How fast a backend is here, on as many numbers as `sizes` says.
 * @param prepare the engine's own
 */
export async function speedsOf(
  backend: BackendName,
  prepare: (request: PrepareRequest) => Prepared,
  sizes: readonly number[],
): Promise<readonly Speed[]> {
  const speeds: Speed[] = [];
  for (const numbers of sizes) {
    const half = numbers / 2;
    const inputs = {
      prediction: { dtype: 'float32', shape: [half], data: fractions(half, 1021) },
      target: { dtype: 'float32', shape: [half], data: fractions(half, 509) },
    } as const;
    for (const { loss, parameters } of losses) {
      let [once, again] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      const begin = performance.now();
      for (let i = 0; i <= repetitions; i++) {
        const start = performance.now();
        if (i > 1 && start - begin > patience) break;
        const request = {
          loss,
          inputs,
          parameters,
          gradients: ['prediction'],
          resident: true,
          backend,
        } as const;
        const prepared = prepare(request);
        try {
          await prepared.run();
          const placed = performance.now();
          await prepared.run();
          if (i === 0) continue;
          once = Math.min(once, placed - start);
          again = Math.min(again, performance.now() - placed);
        } finally {
          prepared.dispose();
        }
      }
      speeds.push({ loss, numbers, once, again });
    }
  }
  return speeds;
}

/**
 * From how many numbers on the GPU was faster for every loss that was measured; infinity where it was not at the
 * largest size. Between the sizes, times are taken to grow with the numbers; beyond the largest, what wins there wins.
 */
export function winsFrom(cpu: readonly Speed[], gpu: readonly Speed[], timed: 'once' | 'again'): number {
  let from = 0;
  for (const own of Map.groupBy(cpu, ({ loss }) => loss).values()) {
    const gains = own
      .toSorted((a, b) => a.numbers - b.numbers)
      .map(({ loss, numbers, [timed]: time }) => {
        const there = gpu.find((speed) => speed.loss === loss && speed.numbers === numbers);
        return { numbers, gain: there ? time - margin * there[timed] : Number.NEGATIVE_INFINITY };
      });
    const last = gains.at(-1)!;
    if (!(last.gain > 0)) return Number.POSITIVE_INFINITY;
    const lost = gains.findLast(({ gain }) => !(gain > 0));
    if (!lost) from = Math.max(from, gains[0]!.numbers);
    else {
      const won = gains[gains.indexOf(lost) + 1]!;
      const share = lost.gain / (lost.gain - won.gain);
      // What was not measured there at all is won where it was measured to be.
      const at = Number.isFinite(share) ? lost.numbers + share * (won.numbers - lost.numbers) : won.numbers;
      from = Math.max(from, Math.ceil(at));
    }
  }
  return from === 0 ? Number.POSITIVE_INFINITY : from;
}
