/**
 * CTC as `optax.ctc_loss` computes it (0.2.8), and Keras on JAX after it: a forward recursion in logarithms over what
 * was emitted last, a blank or a label, and its derivative step by step, with the roundings of the dtype. What cannot
 * be is not impossible there but costs `log_epsilon` (−1e5): a target that fits no alignment has a loss of about that.
 */
import { emission, exactly, framesOf, logSoftmax, type Round } from './ctc-frames.ts';
import type { KernelAnswer, KernelRequest } from './kernel.ts';

/**
 * Inputs: `scores` [N, T, C]; `scoresPadding` [N, T], 1 where a frame does not count; `target` [N, S], where numbers
 * outside the classes have probability 1; `targetLength` [N]: for none of 0 … S the loss is 0. Facts: `blank`,
 * `logEpsilon`; `scoresIn`, `computesIn`: 'float32' or 'float64'. Gradient by `scores`.
 *
 * Extras: `alignment`, the derivatives by the log-probabilities, negated, for a share of 1; `logAlphaBlank` and
 * `logAlphaLabel`, [T, N, S + 1] and [T, N, S].
 */
export function ctcOptax({ inputs, facts, gradients, shares }: KernelRequest): KernelAnswer {
  const scores = inputs['scores']!;
  const target = inputs['target']!;
  const { count, frames, classes, at } = framesOf(scores, true);
  const width = target.shape[1]!;
  const ofScores = facts['scoresIn'] === 'float32' ? Math.fround : exactly;
  const round = facts['computesIn'] === 'float32' ? Math.fround : exactly;
  const wanted = gradients.includes('scores');

  const elements = new Float64Array(count);
  const gradient = new Float64Array(wanted ? scores.data.length : 0);
  const alignment = new Float64Array(count * frames * classes);
  const logAlphaBlank = new Float64Array(frames * count * (width + 1));
  const logAlphaLabel = new Float64Array(frames * count * width);
  const logP = new Float64Array(frames * classes);
  for (let n = 0; n < count; n++) {
    for (let t = 0; t < frames; t++) logSoftmax(scores.data, at(n, t), logP, t * classes, classes, ofScores);
    const lattice = new Lattice({
      labels: Array.from({ length: width }, (_, s) => Number(target.data[n * width + s])),
      padding: Array.from({ length: frames }, (_, t) =>
        round(Number(inputs['scoresPadding']!.data[n * frames + t])),
      ),
      logP,
      classes,
      blank: Number(facts['blank']),
      logEpsilon: round(Number(facts['logEpsilon'])),
      round,
    });
    const length = Number(inputs['targetLength']!.data[n]);
    const { blanks, labels, loss } = lattice.forward(length);
    elements[n] = loss;
    for (let t = 0; t < frames; t++) {
      logAlphaBlank.set(blanks[t]!, (t * count + n) * (width + 1));
      logAlphaLabel.set(labels[t]!, (t * count + n) * width);
    }
    const byLogP = lattice.backward(length);
    for (let t = 0; t < frames; t++) {
      let total = 0;
      for (let c = 0; c < classes; c++) total += byLogP[t * classes + c]!;
      total = ofScores(total);
      for (let c = 0; c < classes; c++) {
        const i = t * classes + c;
        alignment[(n * frames + t) * classes + c] = -byLogP[i]!;
        if (wanted) {
          gradient[at(n, t) + c] = shares[n]! * (byLogP[i]! - ofScores(Math.exp(logP[i]!)) * total);
        }
      }
    }
  }
  return {
    elements,
    gradients: wanted ? { scores: gradient } : {},
    extras: {
      alignment: { data: alignment, shape: [count, frames, classes] },
      logAlphaBlank: { data: logAlphaBlank, shape: [frames, count, width + 1] },
      logAlphaLabel: { data: logAlphaLabel, shape: [frames, count, width] },
    },
  };
}

interface Sample {
  readonly labels: readonly number[];
  readonly padding: readonly number[];
  readonly logP: Float64Array;
  readonly classes: number;
  readonly blank: number;
  readonly logEpsilon: number;
  readonly round: Round;
}

/** One frame's step, and what its derivative needs again. */
interface Step {
  /** What was emitted before the frame: blanks [S + 1] and labels [S]. */
  readonly blanks: Float64Array;
  readonly labels: Float64Array;
  /** The blanks, entered from labels that the next one does not repeat. */
  readonly entered: Float64Array;
  readonly nextBlanks: Float64Array;
  readonly nextLabels: Float64Array;
}

class Lattice {
  readonly #sample: Sample;
  /** The price of going from label n to the next without a blank, where they are equal, and through one, where they are not. */
  readonly #straight: Float64Array;
  readonly #through: Float64Array;
  readonly #steps: Step[] = [];

  constructor(sample: Sample) {
    const { labels, logEpsilon, round } = sample;
    this.#sample = sample;
    const repeated = labels.map((label, n) => (n + 1 < labels.length && label === labels[n + 1] ? 1 : 0));
    this.#straight = Float64Array.from(repeated, (is) => round(logEpsilon * is));
    this.#through = Float64Array.from(repeated, (is) => round(logEpsilon * (1 - is)));
  }

  /** log(eᵃ + eᵇ) as JAX has it. */
  #logAdd(a: number, b: number): number {
    const { round } = this.#sample;
    const difference = round(a - b);
    if (Number.isNaN(difference)) return a + b;
    const rest = round(Math.log1p(round(Math.exp(-Math.abs(difference)))));
    return round(Math.max(a, b) + rest);
  }

  /** The derivative of `logAdd` by its first term; an infinity counts as 0 there. */
  #slope(term: number, sum: number): number {
    const { round } = this.#sample;
    const finite = (x: number): number => (x === Number.POSITIVE_INFINITY ? 0 : x);
    return round(Math.exp(round(finite(term) - finite(sum))));
  }

  #emitted(t: number): { labels: Float64Array; blank: number } {
    const { labels, logP, classes, blank } = this.#sample;
    return {
      labels: Float64Array.from(labels, (label) => emission(logP, t * classes, classes, label)),
      blank: logP[t * classes + blank]!,
    };
  }

  forward(length: number): { blanks: Float64Array[]; labels: Float64Array[]; loss: number } {
    const { labels: sequence, padding, logEpsilon, round } = this.#sample;
    const width = sequence.length;
    let blanks = new Float64Array(width + 1).fill(logEpsilon);
    blanks[0] = 0;
    let labels = new Float64Array(width).fill(logEpsilon);
    const answer = { blanks: [] as Float64Array[], labels: [] as Float64Array[] };
    padding.forEach((pad, t) => {
      const emitted = this.#emitted(t);
      const entered = blanks.slice();
      const nextBlanks = new Float64Array(width + 1);
      const nextLabels = new Float64Array(width);
      for (let n = 0; n < width; n++) {
        entered[n + 1] = this.#logAdd(blanks[n + 1]!, round(labels[n]! + this.#straight[n]!));
      }
      for (let n = 0; n < width; n++) {
        nextLabels[n] = this.#logAdd(
          round(entered[n]! + emitted.labels[n]!),
          round(labels[n]! + emitted.labels[n]!),
        );
      }
      nextBlanks[0] = round(entered[0]! + emitted.blank);
      for (let n = 0; n < width; n++) {
        nextBlanks[n + 1] = this.#logAdd(
          round(entered[n + 1]! + emitted.blank),
          round(round(labels[n]! + emitted.blank) + this.#through[n]!),
        );
      }
      this.#steps.push({ blanks, labels, entered, nextBlanks, nextLabels });
      const kept = (now: number, next: number): number =>
        round(round(pad * now) + round(round(1 - pad) * next));
      const [before, beforeLabels] = [blanks, labels];
      blanks = nextBlanks.map((next, n) => kept(before[n]!, next));
      labels = nextLabels.map((next, n) => kept(beforeLabels[n]!, next));
      answer.blanks.push(blanks);
      answer.labels.push(labels);
    });
    // A label may end the sequence too.
    const last = blanks.slice();
    for (let n = 0; n < width; n++) last[n + 1] = this.#logAdd(blanks[n + 1]!, labels[n]!);
    if (answer.blanks.length > 0) answer.blanks[answer.blanks.length - 1] = last;
    this.#end = { blanks, labels, last };
    return { ...answer, loss: -last.reduce((sum, value, n) => sum + value * (n === length ? 1 : 0), 0) };
  }

  #end: { blanks: Float64Array; labels: Float64Array; last: Float64Array } | undefined;

  /** The loss's derivatives by the log-probabilities: [frames, classes]. */
  backward(length: number): Float64Array {
    const { labels: sequence, padding, classes, blank, round } = this.#sample;
    const width = sequence.length;
    const end = this.#end!;
    const result = new Float64Array(padding.length * classes);
    let byBlanks: Float64Array = end.last.map((_, n) => (n === length ? -1 : 0));
    let byLabels = new Float64Array(width);
    for (let n = 0; n < width; n++) {
      const slope = byBlanks[n + 1]!;
      byLabels[n] = round(slope * this.#slope(end.labels[n]!, end.last[n + 1]!));
      byBlanks[n + 1] = round(slope * this.#slope(end.blanks[n + 1]!, end.last[n + 1]!));
    }
    for (let t = padding.length - 1; t >= 0; t--) {
      const step = this.#steps[t]!;
      const pad = padding[t]!;
      const emitted = this.#emitted(t);
      const nextBlanks = byBlanks.map((slope) => round(slope * round(1 - pad)));
      const nextLabels = byLabels.map((slope) => round(slope * round(1 - pad)));
      const toBlanks = byBlanks.map((slope) => round(slope * pad));
      const toLabels = byLabels.map((slope) => round(slope * pad));
      const toEntered = new Float64Array(width + 1);
      let byBlank = nextBlanks[0]!;
      toEntered[0] = nextBlanks[0]!;
      for (let n = 0; n < width; n++) {
        const out = step.nextBlanks[n + 1]!;
        const stay = round(
          nextBlanks[n + 1]! * this.#slope(round(step.entered[n + 1]! + emitted.blank), out),
        );
        const through = round(
          nextBlanks[n + 1]! *
            this.#slope(round(round(step.labels[n]! + emitted.blank) + this.#through[n]!), out),
        );
        toEntered[n + 1] = stay;
        toLabels[n] = round(toLabels[n]! + through);
        byBlank = round(byBlank + round(stay + through));
      }
      for (let n = 0; n < width; n++) {
        const own = emitted.labels[n]!;
        const out = step.nextLabels[n]!;
        const enter = round(nextLabels[n]! * this.#slope(round(step.entered[n]! + own), out));
        const stay = round(nextLabels[n]! * this.#slope(round(step.labels[n]! + own), out));
        toEntered[n] = round(toEntered[n]! + enter);
        toLabels[n] = round(toLabels[n]! + stay);
        const label = sequence[n]!;
        if (label >= 0 && label < classes) result[t * classes + label]! += enter + stay;
      }
      result[t * classes + blank]! += byBlank;
      toBlanks[0] = round(toBlanks[0]! + toEntered[0]!);
      for (let n = 0; n < width; n++) {
        const slope = toEntered[n + 1]!;
        const out = step.entered[n + 1]!;
        toBlanks[n + 1] = round(toBlanks[n + 1]! + round(slope * this.#slope(step.blanks[n + 1]!, out)));
        toLabels[n] = round(
          toLabels[n]! + round(slope * this.#slope(round(step.labels[n]! + this.#straight[n]!), out)),
        );
      }
      byBlanks = toBlanks;
      byLabels = toLabels;
    }
    return result;
  }
}
