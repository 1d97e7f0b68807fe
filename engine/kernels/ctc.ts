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
  readonly joint: Float64Array;
}

/**
 * Inputs: `scores` [T, N, C], or [N, T, C] where the fact `batchFirst` holds; `target` [N, S]; `inputLength`, `targetLength`
 * [N]. Facts: `scoresAre` 'logit' or 'log-probability'; `infeasible`, the loss where no alignment fits; `gradientBy`
 * 'scores', or as torch: 'logits' (softmax − posteriors, also for log-probabilities), 'log-softmax' (that, sent back
 * through a log-softmax). `zeroInfinity`; `blankLast`, as torch where a target ends in the blank.
 * Parameter, or fact: blank.
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
  const throughSoftmax = isLogit || asTorch;
  const isSpread = facts['gradientBy'] === 'log-softmax';
  const wanted = gradients.includes('scores');

  const { begin, end, of: answer } = request.part ?? { begin: 0, end: count, of: emptyCtc(request) };
  const gradient = answer.gradients['scores'];
  const states = 2 * width + 1;
  const work: Workspace = {
    logP: new Float64Array(frames * classes),
    p: new Float64Array(frames * classes),
    forward: new Float64Array(frames * states),
    backward: new Float64Array(states),
    joint: new Float64Array(states),
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
    const unknown = impossible || Number.isNaN(loss);
    const share = shares[n]!;
    for (let t = 0; t < length; t++) {
      const row = t * classes;
      const to = at(n, t);
      let left = 1;
      for (let c = 0; c < classes; c++) {
        const own = p[row + c]!;
        // torch divides by each probability: one of 0 gives it NaN.
        const lost = unknown || (own === 0 && asTorch && logP[row + c] === Number.NEGATIVE_INFINITY);
        const posterior = lost ? Number.NaN : posteriors[row + c]!;
        left -= posterior;
        gradient![to + c] = share * ((throughSoftmax ? own : 0) - posterior);
      }
      // torch writes the last label's posterior over that of the blank behind it, where the label is the blank.
      if (asTorch && t === length - 1 && labels.at(-1) === blank) {
        left += endsInBlank;
        gradient![to + blank]! += share * endsInBlank;
      }
      if (!isSpread) continue;
      for (let c = 0; c < classes; c++) gradient![to + c]! -= share * p[row + c]! * left;
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
  { forward, backward, joint }: Workspace,
  posteriors: Float64Array,
): Alignment | undefined {
  const states = label.length;
  const blank = label[0]!;
  let loss = 0;
  forward.fill(0, 0, states);
  for (let t = 0; t < frames; t++) {
    const row = t * states;
    // The first frame is a blank or the first label: as if it came from a blank before all of them.
    const before = t > 0 ? row - states : 0;
    if (t === 0) forward[0] = 1;
    const first = t * classes;
    const ofBlank = p[first + blank]!;
    let total = 0;
    // A blank is reached from itself and the label before it, a label also from the blank and the label before that.
    let lastLabel = 0;
    for (let s = 0; s < states; s += 2) {
      const lastBlank = forward[before + s]!;
      const toBlank = (lastBlank + lastLabel) * ofBlank;
      forward[row + s] = toBlank;
      total += toBlank;
      if (s + 1 === states) break;
      const own = forward[before + s + 1]!;
      const toLabel = (own + lastBlank + skips[s + 1]! * lastLabel) * p[first + label[s + 1]!]!;
      forward[row + s + 1] = toLabel;
      total += toLabel;
      lastLabel = own;
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

  // The same from the end, over what each state emits in the next frame and leads to.
  backward.fill(0);
  backward[states - 1] = 1;
  if (states > 1) backward[states - 2] = 1;
  for (let t = frames - 1; t >= 0; t--) {
    const row = t * states;
    const first = t * classes;
    if (t === frames - 1) {
      for (let s = 0; s < states; s++) joint[s] = forward[row + s]! * backward[s]!;
    } else {
      const next = first + classes;
      const ofBlank = p[next + blank]!;
      let blankAfter = backward[states - 1]! * ofBlank;
      let labelAfter = 0;
      let total = blankAfter;
      backward[states - 1] = blankAfter;
      joint[states - 1] = forward[row + states - 1]! * blankAfter;
      for (let s = states - 2; s > 0; s -= 2) {
        const ofLabel = backward[s]! * p[next + label[s]!]!;
        const fromLabel = ofLabel + blankAfter + skips[s + 2]! * labelAfter;
        backward[s] = fromLabel;
        joint[s] = forward[row + s]! * fromLabel;
        blankAfter = backward[s - 1]! * ofBlank;
        const fromBlank = blankAfter + ofLabel;
        backward[s - 1] = fromBlank;
        joint[s - 1] = forward[row + s - 1]! * fromBlank;
        labelAfter = ofLabel;
        total += fromLabel + fromBlank;
      }
      const scale = total > 0 ? 1 / total : 1;
      for (let s = 0; s < states; s++) backward[s]! *= scale;
    }
    let all = 0;
    for (let s = 0; s < states; s++) all += joint[s]!;
    // Nor may it be so little that digits were lost.
    if (!(all > 1e-290)) return undefined;
    const share = 1 / all;
    let blanks = joint[0]!;
    for (let s = 1; s < states; s += 2) {
      blanks += joint[s + 1]!;
      posteriors[first + label[s]!]! += joint[s]! * share;
    }
    posteriors[first + blank]! += blanks * share;
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
