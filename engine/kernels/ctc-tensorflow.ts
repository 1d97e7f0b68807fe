/**
 * CTC as `tf.nn.ctc_loss` computes it for dense labels (TensorFlow 2.21): forward and backward over a lattice in
 * logarithms, in float32 and with its roundings. What cannot be is not impossible there but costs 706.8936, the float32
 * logarithm of 1e-307: a path may begin in any state and end in any state at that price. So a target that fits no
 * alignment has a finite loss, and so has one that is less likely than that.
 *
 * The rows of labels count in their whole width, padding included: its states are dead ends, but at the price open.
 */
import { emission, framesOf, logSoftmax } from './ctc-frames.ts';
import type { KernelAnswer, KernelRequest } from './kernel.ts';

const { fround } = Math;
const never = Number.NEGATIVE_INFINITY;
const unlikely = fround(Math.log(1e-307));

/**
 * Inputs: `scores` [T, N, C], or [N, T, C] where the fact `batchFirst` holds; `target` [N, S] or [1, S], where numbers
 * outside the classes have probability 1; `inputLength`, `targetLength` [N], of any value. Fact: blank.
 *
 * The gradient is softmax − posteriors, where frames beyond the length and labels that are the blank are left out.
 */
export function ctcTensorflow({ inputs, facts, gradients, shares }: KernelRequest): KernelAnswer {
  const scores = inputs['scores']!;
  const target = inputs['target']!;
  const { count, frames, classes, at } = framesOf(scores, facts['batchFirst'] === true);
  const [rows, width] = target.shape as [number, number];
  const blank = Number(facts['blank']);
  const wanted = gradients.includes('scores');

  const elements = new Float64Array(count);
  const gradient = new Float64Array(wanted ? scores.data.length : 0);
  const alignment = new Float64Array(count * frames * classes);
  const logP = new Float64Array(frames * classes);
  for (let n = 0; n < count; n++) {
    for (let t = 0; t < frames; t++) logSoftmax(scores.data, at(n, t), logP, t * classes, classes, fround);
    const row = rows === 1 ? 0 : n;
    const labels = Array.from({ length: width }, (_, s) => Number(target.data[row * width + s]));
    const lattice = new Lattice(labels, logP, frames, classes, blank);
    const length = Number(inputs['inputLength']!.data[n]);
    const forward = lattice.forward();
    const { backward, loss } = lattice.backward(Number(inputs['targetLength']!.data[n]), length);
    elements[n] = loss;
    const posteriors = lattice.posteriors(forward, backward, length);
    alignment.set(posteriors, n * frames * classes);
    if (!wanted) continue;
    for (let t = 0; t < frames; t++) {
      const counts = t < length ? 1 : 0;
      for (let c = 0; c < classes; c++) {
        const i = t * classes + c;
        const own = fround(fround(Math.exp(logP[i]!)) - posteriors[i]!) * counts;
        gradient[at(n, t) + c] = fround(fround(shares[n]!) * own);
      }
    }
  }
  return {
    elements,
    gradients: wanted ? { scores: gradient } : {},
    extras: { alignment: { data: alignment, shape: [count, frames, classes] } },
  };
}

/** log Σ exp of a few of a row's entries: the library sums all, the others being −∞, so that a NaN anywhere reaches it. */
function logSumExp(values: readonly number[]): number {
  let largest = never;
  for (const value of values) largest = Math.max(largest, value);
  const shift = Number.isFinite(largest) ? largest : 0;
  let total = 0;
  for (const value of values) total += fround(Math.exp(fround(value - shift)));
  return fround(fround(Math.log(fround(total))) + shift);
}

/**
 * States 0 … S are the start and the labels, S + 1 … 2S + 1 the blanks after each of them. The start emits nothing: it
 * is left with the first frame.
 */
class Lattice {
  readonly #states: number;
  /** For each state: what it can be entered from, and what it leads to. */
  readonly #before: readonly (readonly number[])[];
  readonly #after: readonly (readonly number[])[];
  /** What each frame emits in each state: [frames, states]. */
  readonly #emissions: Float64Array;
  /** With rows of width 0 the library counts the way from the start to its blank twice. */
  readonly #ways: number;
  readonly #labels: readonly number[];
  readonly #frames: number;
  readonly #classes: number;
  readonly #blank: number;

  constructor(labels: readonly number[], logP: Float64Array, frames: number, classes: number, blank: number) {
    const width = labels.length;
    this.#labels = labels;
    this.#frames = frames;
    this.#classes = classes;
    this.#blank = blank;
    this.#ways = width === 0 ? fround(Math.log(2)) : 0;
    const states = 2 * (width + 1);
    this.#states = states;
    const isBlank = (s: number): boolean => s > width;
    const before = (s: number): number[] => {
      if (s === 0) return [s];
      if (isBlank(s)) return [s, s - width - 1];
      const past = s === 1 || labels[s - 1] !== labels[s - 2] ? [s - 1] : [];
      return [s, s + width, ...past];
    };
    this.#before = Array.from({ length: states }, (_, s) => before(s));
    const after = Array.from({ length: states }, (): number[] => []);
    this.#before.forEach((from, to) => {
      for (const s of from) after[s]!.push(to);
    });
    this.#after = after;
    this.#emissions = new Float64Array(frames * states);
    for (let t = 0; t < frames; t++) {
      for (let s = 0; s < states; s++) {
        this.#emissions[t * states + s] =
          s === 0
            ? never
            : isBlank(s)
              ? logP[t * classes + blank]!
              : emission(logP, t * classes, classes, labels[s - 1]!);
      }
    }
  }

  /** Each frame's log-probabilities of the states, normalised: [frames, states]. */
  forward(): Float64Array {
    const result = new Float64Array(this.#frames * this.#states);
    let row = Array.from({ length: this.#states }, (_, s) => (s === 0 ? 0 : unlikely));
    for (let t = 0; t < this.#frames; t++) {
      const emitted = this.#along(this.#before, row, true).map((value, s) =>
        fround(value + this.#emissions[t * this.#states + s]!),
      );
      row = normalised(emitted).row;
      result.set(row, t * this.#states);
    }
    return result;
  }

  /** The same of what follows each frame; and the loss, which is its sum over everything that can follow the start. */
  backward(targetLength: number, inputLength: number): { backward: Float64Array; loss: number } {
    const width = this.#labels.length;
    const final = Array.from({ length: this.#states }, (_, s) =>
      s % (width + 1) === targetLength ? 0 : unlikely,
    );
    const result = new Float64Array(this.#frames * this.#states);
    let row = final;
    let sum = 0;
    for (let t = this.#frames - 1; t >= 0; t--) {
      result.set(row, t * this.#states);
      const counts = t < inputLength ? 1 : 0;
      const emitted = row.map((value, s) => fround(value + this.#emissions[t * this.#states + s]!));
      const before = normalised(this.#along(this.#after, emitted, false));
      sum = fround(sum + before.total * counts);
      row = before.row.map((value, s) => fround(value * counts + final[s]! * (1 - counts)));
    }
    return { backward: result, loss: fround(-fround(row[0]! + sum)) };
  }

  #along(ways: readonly (readonly number[])[], row: readonly number[], forth: boolean): number[] {
    if (row.some(Number.isNaN)) return row.map(() => Number.NaN);
    const start = forth ? this.#states / 2 : 0;
    return ways.map((others, s) =>
      logSumExp(
        others.map((other) => {
          const isStart = s === start && other === (forth ? 0 : this.#states / 2);
          return isStart ? fround(row[other]! + this.#ways) : row[other]!;
        }),
      ),
    );
  }

  /** The probability that each frame emits each class, [frames, classes]: of labels that are no class, none. */
  posteriors(forward: Float64Array, backward: Float64Array, inputLength: number): Float64Array {
    const [states, classes, width] = [this.#states, this.#classes, this.#labels.length];
    const result = new Float64Array(this.#frames * classes);
    for (let t = 0; t < this.#frames; t++) {
      const both = Array.from({ length: states }, (_, s) =>
        fround(forward[t * states + s]! + backward[t * states + s]!),
      );
      const masked = t < inputLength ? 0 : never;
      const row = normalised(both).row.map((value) => value + masked);
      const spoilt = row.slice(1, width + 1).some(Number.isNaN);
      const byClass = Array.from({ length: classes }, (): number[] => []);
      this.#labels.forEach((label, j) => {
        if (label !== this.#blank) byClass[label]?.push(row[j + 1]!);
      });
      byClass[this.#blank]!.push(...row.slice(width + 1));
      byClass.forEach((found, c) => {
        const isSpoilt = c !== this.#blank && spoilt;
        result[t * classes + c] = isSpoilt ? Number.NaN : fround(Math.exp(logSumExp(found)));
      });
    }
    return result;
  }
}

function normalised(row: readonly number[]): { row: number[]; total: number } {
  const total = logSumExp(row);
  return { row: row.map((value) => fround(value - total)), total };
}
