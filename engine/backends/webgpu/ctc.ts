/**
 * CTC on the GPU, in float32. To the CPU goes what it does not answer: samples that fit no alignment, are empty or have
 * the blank among their labels; other variants of the loss than the plain one; and answers in which more than float32
 * holds has cancelled.
 */

import type { KernelRequest } from '../../kernels/kernel.ts';
import { type KernelPlan, kernelRequest } from '../../kernels/plan.ts';
import type { Execution, Result, Uniforms } from '../backend.ts';
import { ctcKernels, ctcWords, isFirst, maySkip, wordsOfSample, wordsOfState } from './ctc-kernels.ts';
import type { Gpu } from './device.ts';
import { cancelled, type Dispatch, firstUnsafe, unsupported, Work } from './work.ts';

/** Scores beyond this lose digits on the way to their exponentials. */
const largestScore = 10_000;
/** Rounding may change a value by this for each frame, and a posterior by that; the bound is 1e-5 of the answer. */
const [valueError, posteriorError, bound] = [3e-7, 2e-6, 1e-5];

/** Whether these are the facts of the loss that the kernels compute; a variant has others besides. */
export const isPlainCtc = (facts: KernelRequest['facts']): boolean =>
  Object.keys(facts).every((fact) => plainFacts.has(fact)) &&
  (facts['scoresAre'] === 'logit' || facts['scoresAre'] === 'log-probability') &&
  (facts['gradientBy'] === 'logits' || facts['gradientBy'] === 'scores');

const plainFacts = new Set(['scoresAre', 'batchFirst', 'infeasible', 'zeroInfinity', 'gradientBy']);

export class CtcExecution implements Execution {
  readonly #plan: KernelPlan;
  readonly #gpu: () => Promise<Gpu>;
  #disposed = false;
  #placed: { readonly blank: number; readonly placed: Placed; readonly work: Work<Dispatch> } | undefined;

  /** @throws LossLensError `backend-unsupported` for kernels that are the CPU's. */
  constructor(plan: KernelPlan, gpu: () => Promise<Gpu>) {
    const { kernel, facts, arrays, weighting } = plan.body;
    if (kernel !== 'ctc') throw unsupported('This loss runs on the CPU alone.', kernel);
    if (!isPlainCtc(facts) || weighting)
      throw unsupported('This variant of CTC runs on the CPU alone.', kernel);
    if (arrays['scores']!.data instanceof Float64Array)
      throw unsupported('The GPU has no float64.', 'float64');
    this.#plan = plan;
    this.#gpu = gpu;
  }

  async run(uniforms: Uniforms, signal?: AbortSignal): Promise<Result> {
    if (this.#disposed) throw cancelled();
    const begin = performance.now();
    const { request, reduce } = kernelRequest(this.#plan, uniforms);
    const { placed, work } = this.#place(request);
    const planning = performance.now() - begin;
    await work.placed;
    const start = performance.now();
    const values = await work.run(() => placed.block, signal);
    const elements = lossesOf(values.get('ends')!);
    const { numerator, denominator } = reduce({ elements, gradients: {}, extras: {} });
    const gradient = values.get('gradient');
    const alignment = values.get('alignment')!;
    requireDigits(elements, gradient, placed, request.shares);
    const { compile, transfer } = work.takeTiming();
    return {
      numerator,
      denominator,
      elements: Float32Array.from(elements),
      gradients: Object.fromEntries(this.#plan.gradients.map((name) => [name, gradient!])),
      extras: {
        alignment: {
          dtype: 'float32',
          data: alignment,
          shape: [placed.samples, placed.frames, placed.classes],
        },
      },
      dtype: 'float32',
      timing: { compile: planning + compile, transfer, run: performance.now() - start },
    };
  }

  dispose(): void {
    this.#disposed = true;
    this.#placed?.work.dispose();
  }

  #place(request: KernelRequest): { placed: Placed; work: Work<Dispatch> } {
    const blank = Number(request.parameters['blank']);
    if (this.#placed?.blank === blank) return this.#placed;
    this.#placed?.work.dispose();
    const { scoresAre, gradientBy } = request.facts as {
      scoresAre: 'logit' | 'log-probability';
      gradientBy: string;
    };
    const throughSoftmax = scoresAre === 'logit' || gradientBy === 'logits';
    const placed = place(request, blank);
    const { samples, frames, classes, width, scores, targets, block } = placed;
    const wantsGradient = request.gradients.includes('scores');
    const results = new Map([
      ['ends', 2 * samples],
      ['alignment', samples * frames * classes],
      ...(wantsGradient ? [['gradient', scores.length] as const] : []),
    ]);
    const work = new Work(
      this.#gpu(),
      {
        dispatches: ctcKernels({ scoresAre, throughSoftmax }, { frames, samples, wantsGradient }),
        inputs: new Map<string, Float32Array | Uint32Array>([
          ['scores', scores],
          ['targets', targets],
        ]),
        written: new Map([
          ...results,
          ['forward', 2 * samples * frames * width],
          ['backward', 2 * samples * frames * width],
          ...(scoresAre === 'logit' ? [['sums', 2 * samples * frames] as const] : []),
        ]),
        read: results,
      },
      () => block.length,
    );
    this.#placed = { blank, placed, work };
    return this.#placed;
  }
}

/** A batch as the kernels take it. */
interface Placed {
  readonly samples: number;
  readonly frames: number;
  readonly classes: number;
  /** States that a sample has at most. */
  readonly width: number;
  readonly scores: Float32Array;
  readonly targets: Uint32Array;
  readonly block: Uint32Array<ArrayBuffer>;
  readonly framesOf: readonly number[];
}

/** @throws LossLensError `backend-unsupported` for scores and samples that are the CPU's. */
function place({ inputs, facts, shares }: KernelRequest, blank: number): Placed {
  const [a, b, classes] = inputs['scores']!.shape as [number, number, number];
  const batchFirst = facts['batchFirst'] === true;
  const [samples, frames] = batchFirst ? [a, b] : [b, a];
  const numbers = (name: string): number[] => Array.from(inputs[name]!.data as ArrayLike<number>, Number);
  const [framesOf, lengths, labels] = ['inputLength', 'targetLength', 'target'].map(numbers) as [
    number[],
    number[],
    number[],
  ];
  const row = inputs['target']!.shape[1] ?? 0;
  const width = 2 * Math.max(0, ...lengths) + 1;
  const targets = new Uint32Array(samples * (wordsOfSample + wordsOfState * width));
  const floats = new Float32Array(targets.buffer);
  for (let n = 0; n < samples; n++) {
    const own = labels.slice(n * row, n * row + lengths[n]!);
    requireAlignment(own, framesOf[n]!, n);
    if (own.includes(blank)) {
      throw unsupported(
        'The GPU answers no targets with the blank among their labels.',
        `${blank} in sample ${n}`,
      );
    }
    targets[wordsOfSample * n] = framesOf[n]!;
    targets[wordsOfSample * n + 1] = 2 * own.length + 1;
    floats[wordsOfSample * n + 2] = shares[n]!;
    const states = statesOf(own, blank);
    targets.set(states, wordsOfSample * samples + wordsOfState * width * n);
  }
  const scores = safe(inputs['scores']!.data as Float32Array);
  const words: Record<(typeof ctcWords)[number], number> = {
    frames,
    samples,
    classes,
    width,
    frameStep: batchFirst ? classes : samples * classes,
    sampleStep: batchFirst ? frames * classes : classes,
  };
  const block = new Uint32Array(8);
  block.set(ctcWords.map((name) => words[name]));
  return { samples, frames, classes, width, scores, targets, block, framesOf };
}

/** Blanks between the labels, whether each may be entered past one, and where the same label comes next. */
function statesOf(labels: readonly number[], blank: number): Uint32Array {
  const classes = Array.from({ length: 2 * labels.length + 1 }, (_, s) =>
    s % 2 === 0 ? blank : labels[(s - 1) / 2]!,
  );
  const words = new Uint32Array(wordsOfState * classes.length);
  const later = new Map<number, number>();
  for (let s = classes.length - 1; s >= 0; s--) {
    const own = classes[s]!;
    words[wordsOfState * s] = own | (s > 1 && own !== classes[s - 2] ? maySkip : 0);
    words[wordsOfState * s + 1] = (later.get(own) ?? -1) + 1;
    later.set(own, s);
  }
  for (const s of later.values()) words[wordsOfState * s + 1]! |= isFirst;
  return words;
}

function requireAlignment(labels: readonly number[], frames: number, sample: number): void {
  // Equal neighbours need a frame of blank between them.
  const repeats = labels.filter((label, i) => i > 0 && label === labels[i - 1]).length;
  if (frames > 0 && frames >= labels.length + repeats) return;
  throw unsupported(
    'The GPU answers no samples that fit no alignment.',
    `${frames} frames, ${labels.length} labels in sample ${sample}`,
  );
}

function safe(scores: Float32Array): Float32Array {
  const unsafe = firstUnsafe(scores, true);
  const far = unsafe >= 0 ? unsafe : scores.findIndex((score) => Math.abs(score) > largestScore);
  if (far < 0) return scores;
  throw unsupported('The GPU promises nothing about such a score.', `${scores[far]} at ${far}`);
}

/** −log of numbers from 1 up to 2 and their powers of two. */
function lossesOf(ends: Float32Array): Float64Array {
  const powers = new Int32Array(ends.buffer, ends.byteOffset, ends.length);
  return Float64Array.from(
    { length: ends.length / 2 },
    (_, n) => -(Math.log(ends[2 * n]!) + powers[2 * n + 1]! * Math.LN2),
  );
}

/** @throws LossLensError `backend-unsupported` where rounding is more than the bound's share of what is left. */
function requireDigits(
  elements: Float64Array,
  gradient: Float32Array | undefined,
  { framesOf }: Placed,
  shares: Float64Array,
): void {
  const largest = (numbers: Iterable<number>): number => {
    let most = 0;
    for (const number of numbers) most = Math.max(most, Math.abs(number));
    return most;
  };
  const total = elements.reduce((sum, element) => sum + Math.abs(element), 0);
  const frames = framesOf.reduce((sum, length) => sum + length, 0);
  const isSafe = Number.isFinite(total) && (!gradient || firstUnsafe(gradient, false) < 0);
  if (
    isSafe &&
    total * bound >= frames * valueError &&
    (!gradient || largest(gradient) * bound >= largest(shares) * posteriorError)
  ) {
    return;
  }
  throw unsupported(
    'In float32, rounding is all that is left of this.',
    `a loss of ${total.toPrecision(3)} over ${frames} frames`,
  );
}
