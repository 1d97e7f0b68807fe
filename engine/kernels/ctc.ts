/**
 * Connectionist temporal classification: −log Σ p(alignment) over all alignments of a target with the frames, by the
 * forward and backward recursions over the target with blanks between its labels (Graves et al., 2006).
 *
 * The recursions run on probabilities, rescaled in every frame: a multiplication where logarithms would need an exp and
 * a log a state. Where a frame's probabilities underflow altogether the sample is done again in logarithms.
 */
import { framesOf } from './ctc-frames.ts';
import type { KernelAnswer, KernelRequest } from './kernel.ts';

/** One sample: log-probabilities [frames, classes], and the states that its frames go through. */
interface Sample {
  readonly frames: number;
  readonly classes: number;
  readonly logP: Float64Array;
  /** exp(logP) */
  readonly p: Float64Array;
  /** The class that each state emits: blanks at even states, labels between them. */
  readonly label: Int32Array;
  /** 1 where a state can be entered from the one before the last: from a label to another, past the blank. */
  readonly skips: Float64Array;
}

interface Alignment {
  readonly loss: number;
  /** The probability that the last frame is the blank behind the last label. */
  readonly endsInBlank: number;
}

/** What the samples of a thread use one after the other, long enough for the longest. */
interface Workspace {
  readonly logP: Float64Array;
  readonly p: Float64Array;
  /** [frames, states] */
  readonly forward: Float64Array;
  /** [states], each. */
  readonly backward: Float64Array;
  readonly emitted: Float64Array;
}

/**
 * Inputs: `scores` [T, N, C], or [N, T, C] where the fact `batchFirst` holds; `target` [N, S]; `inputLength`, `targetLength`
 * [N]. Facts: `scoresAre` 'logit' or 'log-probability'; `infeasible`, the loss where no alignment fits; `gradientBy`
 * 'scores', or as torch: 'logits' (softmax − posteriors, also for log-probabilities), 'log-softmax' (that, sent back
 * through a log-softmax). `zeroInfinity`. Parameter, or fact: blank.
 */
export function ctc(request: KernelRequest): KernelAnswer {
  const { inputs, parameters, facts, gradients, shares } = request;
  const scores = inputs['scores']!;
  const target = inputs['target']!;
  const { count, frames, classes, at } = framesOf(scores, facts['batchFirst'] === true);
  const width = target.shape[1] ?? 0;
  const blank = Number(facts['blank'] ?? parameters['blank']);
  const infeasible = Number(facts['infeasible']);
  const isLogit = facts['scoresAre'] === 'logit';
  const asTorch = facts['gradientBy'] !== 'scores';
  const isSpread = facts['gradientBy'] === 'log-softmax';
  const wanted = gradients.includes('scores');

  const { begin, end, of: answer } = request.part ?? { begin: 0, end: count, of: emptyCtc(request) };
  const gradient = answer.gradients['scores'];
  const states = 2 * width + 1;
  const work: Workspace = {
    logP: new Float64Array(frames * classes),
    p: new Float64Array(frames * classes),
    forward: new Float64Array(frames * states),
    backward: new Float64Array(states + 2),
    emitted: new Float64Array(states + 2),
  };
  const { logP, p } = work;
  for (let n = begin; n < end; n++) {
    const length = Number(inputs['inputLength']!.data[n]);
    for (let t = 0; t < length; t++) readFrame(scores.data, at(n, t), logP, t * classes, classes, isLogit);
    for (let i = 0; i < length * classes; i++) p[i] = Math.exp(logP[i]!);
    const labels = Array.from({ length: Number(inputs['targetLength']!.data[n]) }, (_, s) =>
      Number(target.data[n * width + s]),
    );
    const posteriors = answer.extras['alignment']!.data.subarray(
      n * frames * classes,
      (n + 1) * frames * classes,
    );
    const { loss, endsInBlank } = align(
      { frames: length, classes, logP, p, ...statesOf(labels, blank) },
      work,
      posteriors,
    );
    const impossible = loss === Number.POSITIVE_INFINITY;
    const zeroed = impossible && facts['zeroInfinity'] === true;
    answer.elements[n] = zeroed ? 0 : impossible ? infeasible : loss;
    if (!wanted || zeroed) continue;
    // torch writes the last label's posterior over that of the blank behind it, where the label is the blank.
    const overwritten = asTorch && labels.at(-1) === blank ? (length - 1) * classes + blank : -1;
    const unknown = impossible || Number.isNaN(loss);
    const share = shares[n]!;
    const posterior = (i: number): number => {
      // torch divides by each probability: one of 0 gives it NaN.
      if (unknown || (asTorch && logP[i] === Number.NEGATIVE_INFINITY)) return Number.NaN;
      return i === overwritten ? posteriors[i]! - endsInBlank : posteriors[i]!;
    };
    for (let t = 0; t < length; t++) {
      const row = t * classes;
      let left = 0;
      if (isSpread) {
        left = 1;
        for (let c = 0; c < classes; c++) left -= posterior(row + c);
      }
      const to = at(n, t);
      for (let c = 0; c < classes; c++) {
        const own = isLogit || asTorch ? p[row + c]! : 0;
        gradient![to + c] = share * (own - posterior(row + c) - (isSpread ? own * left : 0));
      }
    }
  }
  return answer;
}

/** An answer to fill in: its samples stand alone. */
export function emptyCtc(
  { inputs, facts, gradients }: KernelRequest,
  float64 = (length: number): Float64Array => new Float64Array(length),
): KernelAnswer {
  const scores = inputs['scores']!;
  const { count, frames, classes } = framesOf(scores, facts['batchFirst'] === true);
  return {
    elements: float64(count),
    gradients: gradients.includes('scores') ? { scores: float64(scores.data.length) } : {},
    extras: { alignment: { data: float64(count * frames * classes), shape: [count, frames, classes] } },
  };
}

function readFrame(
  from: ArrayLike<number | bigint>,
  offset: number,
  into: Float64Array,
  to: number,
  classes: number,
  isLogit: boolean,
): void {
  let shift = 0;
  if (isLogit) {
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, Number(from[offset + c]));
    let total = 0;
    for (let c = 0; c < classes; c++) total += Math.exp(Number(from[offset + c]) - largest);
    shift = largest + Math.log(total);
  }
  for (let c = 0; c < classes; c++) into[to + c] = Number(from[offset + c]) - shift;
}

function statesOf(labels: readonly number[], blank: number): Pick<Sample, 'label' | 'skips'> {
  const states = 2 * labels.length + 1;
  const label = Int32Array.from({ length: states }, (_, s) => (s % 2 === 0 ? blank : labels[(s - 1) / 2]!));
  // Blanks equal each other. The two places beyond the end spare the recursion a question.
  const skips = Float64Array.from({ length: states + 2 }, (_, s) =>
    s > 1 && s < states && label[s] !== label[s - 2] ? 1 : 0,
  );
  return { label, skips };
}

/** Fills in the probability that frame t is aligned with class c: [frames, classes], 0 where no alignment fits. */
function align(sample: Sample, work: Workspace, posteriors: Float64Array): Alignment {
  posteriors.fill(0);
  if (sample.frames === 0) {
    return { loss: sample.label.length === 1 ? 0 : Number.POSITIVE_INFINITY, endsInBlank: 0 };
  }
  return (
    scaled(sample, work, posteriors) ??
    inLogarithms(sample, posteriors.fill(0)) ?? { loss: Number.POSITIVE_INFINITY, endsInBlank: 0 }
  );
}

/** The recursions on rescaled probabilities; `undefined` where a frame's total is 0 or not finite. */
function scaled(
  { frames, classes, p, label, skips }: Sample,
  { forward, backward, emitted }: Workspace,
  posteriors: Float64Array,
): Alignment | undefined {
  const states = label.length;
  let loss = 0;
  for (let t = 0; t < frames; t++) {
    const row = t * states;
    const first = t * classes;
    // What the last state and the one before it were in the frame before; a state is reached from those and itself.
    let [last, lastButOne] = [0, 0];
    let total = 0;
    for (let s = 0; s < states; s++) {
      let reach = s < 2 ? 1 : 0;
      if (t > 0) {
        const own = forward[row - states + s]!;
        reach = own + last + skips[s]! * lastButOne;
        lastButOne = last;
        last = own;
      }
      const value = reach * p[first + label[s]!]!;
      forward[row + s] = value;
      total += value;
    }
    if (!(total > 1e-290 && total < Number.POSITIVE_INFINITY)) return undefined;
    loss -= Math.log(total);
    const scale = 1 / total;
    for (let s = row; s < row + states; s++) forward[s]! *= scale;
  }
  const end = (frames - 1) * states;
  const final = forward[end + states - 1]! + (states > 1 ? forward[end + states - 2]! : 0);
  if (!(final > 1e-290)) return undefined;
  loss -= Math.log(final);

  backward.fill(0);
  emitted.fill(0);
  for (let s = Math.max(0, states - 2); s < states; s++) backward[s] = 1;
  for (let t = frames - 1; t >= 0; t--) {
    if (t < frames - 1) {
      // What each state emits in the next frame and leads to: that of its successors is its own.
      const next = (t + 1) * classes;
      for (let s = 0; s < states; s++) emitted[s] = backward[s]! * p[next + label[s]!]!;
      let total = 0;
      for (let s = 0; s < states; s++) {
        const reach = emitted[s]! + emitted[s + 1]! + skips[s + 2]! * emitted[s + 2]!;
        backward[s] = reach;
        total += reach;
      }
      const scale = total > 0 ? 1 / total : 1;
      for (let s = 0; s < states; s++) backward[s]! *= scale;
    }
    const row = t * states;
    let total = 0;
    for (let s = 0; s < states; s++) total += forward[row + s]! * backward[s]!;
    if (!(total > 1e-290)) return undefined;
    const scale = 1 / total;
    const first = t * classes;
    for (let s = 0; s < states; s++) {
      posteriors[first + label[s]!]! += forward[row + s]! * backward[s]! * scale;
    }
  }
  return { loss, endsInBlank: forward[end + states - 1]! / final };
}

const logAdd = (a: number, b: number): number => {
  const largest = Math.max(a, b);
  return largest === -Infinity ? largest : largest + Math.log1p(Math.exp(Math.min(a, b) - largest));
};

/** The same in logarithms; `undefined` where no alignment has any probability. */
function inLogarithms(
  { frames, classes, logP, label, skips }: Sample,
  posteriors: Float64Array,
): Alignment | undefined {
  const states = label.length;
  const forward = new Float64Array(frames * states).fill(-Infinity);
  for (let t = 0; t < frames; t++) {
    for (let s = 0; s < states; s++) {
      let reach = t === 0 && s < 2 ? 0 : -Infinity;
      if (t > 0) {
        const before = (t - 1) * states + s;
        reach = forward[before]!;
        if (s > 0) reach = logAdd(reach, forward[before - 1]!);
        if (skips[s]) reach = logAdd(reach, forward[before - 2]!);
      }
      forward[t * states + s] = reach + logP[t * classes + label[s]!]!;
    }
  }
  const end = frames * states - 1;
  const logLikelihood = states > 1 ? logAdd(forward[end]!, forward[end - 1]!) : forward[end]!;
  if (logLikelihood === -Infinity) return undefined;
  let previous = new Float64Array(states);
  for (let t = frames - 1; t >= 0; t--) {
    const backward = new Float64Array(states).fill(-Infinity);
    for (let s = 0; s < states; s++) {
      if (t === frames - 1) {
        backward[s] = s >= states - 2 ? 0 : -Infinity;
        continue;
      }
      for (const to of skips[s + 2] ? [s, s + 1, s + 2] : [s, s + 1]) {
        if (to < states) {
          backward[s] = logAdd(backward[s]!, previous[to]! + logP[(t + 1) * classes + label[to]!]!);
        }
      }
    }
    for (let s = 0; s < states; s++) {
      posteriors[t * classes + label[s]!]! += Math.exp(
        forward[t * states + s]! + backward[s]! - logLikelihood,
      );
    }
    previous = backward;
  }
  return { loss: -logLikelihood, endsInBlank: Math.exp(forward[end]! - logLikelihood) };
}
