/**
 * Connectionist temporal classification: −log Σ p(alignment) over all alignments of a target with the frames, by the
 * forward and backward recursions over the target with blanks between its labels (Graves et al., 2006).
 *
 * The recursions run on probabilities, rescaled in every frame: a multiplication where logarithms would need an exp and
 * a log a state. Where a frame's probabilities underflow altogether the sample is done again in logarithms.
 */
import type { KernelAnswer, KernelRequest } from './kernel.ts';

/** One sample: log-probabilities of frame t and class c at `at(t, c)`. */
interface Sample {
  readonly frames: number;
  readonly labels: readonly number[];
  readonly blank: number;
  readonly classes: number;
  readonly logP: Float64Array;
}

interface Alignment {
  readonly loss: number;
  /** Probability that frame t is aligned with class c: [frames, classes]. */
  readonly posteriors: Float64Array;
  /** The probability that the last frame is the blank behind the last label. */
  readonly endsInBlank: number;
}

/**
 * Inputs: `scores` [T, N, C], or [N, T, C] where the fact `batchFirst` holds; `target` [N, S]; `inputLength`, `targetLength`
 * [N]. Facts: `scoresAre` 'logit' or 'log-probability'; `infeasible`, the loss where no alignment fits; `gradientBy`
 * 'scores', or as torch: 'logits' (softmax − posteriors, also for log-probabilities), 'log-softmax' (that, sent back
 * through a log-softmax). `zeroInfinity`. Parameter, or fact: blank.
 */
export function ctc({ inputs, parameters, facts, gradients, shares }: KernelRequest): KernelAnswer {
  const scores = inputs['scores']!;
  const target = inputs['target']!;
  const batchFirst = facts['batchFirst'] === true;
  const [a, b, classes] = scores.shape as [number, number, number];
  const [count, frames] = batchFirst ? [a, b] : [b, a];
  const width = target.shape[1] ?? 0;
  const blank = Number(facts['blank'] ?? parameters['blank']);
  const infeasible = Number(facts['infeasible']);
  const isLogit = facts['scoresAre'] === 'logit';
  const asTorch = facts['gradientBy'] !== 'scores';
  const wanted = gradients.includes('scores');

  const elements = new Float64Array(count);
  const gradient = new Float64Array(wanted ? scores.data.length : 0);
  const alignment = new Float64Array(count * frames * classes);
  const logP = new Float64Array(frames * classes);
  for (let n = 0; n < count; n++) {
    const length = Number(inputs['inputLength']!.data[n]);
    const at = (t: number): number => (batchFirst ? (n * frames + t) * classes : (t * count + n) * classes);
    for (let t = 0; t < length; t++) {
      readFrame(scores.data, at(t), logP, t * classes, classes, isLogit);
    }
    const labels = Array.from({ length: Number(inputs['targetLength']!.data[n]) }, (_, s) =>
      Number(target.data[n * width + s]),
    );
    const { loss, posteriors, endsInBlank } = align({ frames: length, labels, blank, classes, logP });
    const impossible = loss === Number.POSITIVE_INFINITY;
    const zeroed = impossible && facts['zeroInfinity'] === true;
    elements[n] = zeroed ? 0 : impossible ? infeasible : loss;
    alignment.set(posteriors, n * frames * classes);
    if (!wanted || zeroed) continue;
    // torch writes the last label's posterior over that of the blank behind it, where the label is the blank.
    if (asTorch && length > 0 && labels.at(-1) === blank) {
      posteriors[(length - 1) * classes + blank]! -= endsInBlank;
    }
    const unknown = impossible || Number.isNaN(loss);
    const share = shares[n]!;
    for (let t = 0; t < length; t++) {
      let left = 1;
      for (let i = t * classes; i < (t + 1) * classes; i++) {
        // torch divides by each probability: one of 0 gives it NaN.
        if (unknown || (asTorch && logP[i] === Number.NEGATIVE_INFINITY)) posteriors[i] = Number.NaN;
        left -= posteriors[i]!;
      }
      for (let c = 0; c < classes; c++) {
        const i = t * classes + c;
        const own = isLogit || asTorch ? Math.exp(logP[i]!) : 0;
        const spread = facts['gradientBy'] === 'log-softmax' ? own * left : 0;
        gradient[at(t) + c] = share * (own - posteriors[i]! - spread);
      }
    }
  }
  return {
    elements,
    gradients: wanted ? { scores: gradient } : {},
    extras: { alignment: { data: alignment, shape: [count, frames, classes] } },
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

function align(sample: Sample): Alignment {
  const { frames, labels, blank, classes, logP } = sample;
  const states = 2 * labels.length + 1;
  const label = Int32Array.from({ length: states }, (_, s) => (s % 2 === 0 ? blank : labels[(s - 1) / 2]!));
  /** Whether state s can be entered from s − 2: from a label to another, past the blank. Blanks equal each other. */
  const skips = Uint8Array.from(label, (own, s) => (s > 1 && own !== label[s - 2] ? 1 : 0));
  const none = new Float64Array(frames * classes);
  if (frames === 0) {
    return { loss: labels.length === 0 ? 0 : Number.POSITIVE_INFINITY, posteriors: none, endsInBlank: 0 };
  }
  return (
    scaled(label, skips, frames, classes, logP) ??
    inLogarithms(label, skips, frames, classes, logP) ?? {
      loss: Number.POSITIVE_INFINITY,
      posteriors: none,
      endsInBlank: 0,
    }
  );
}

/** The recursions on rescaled probabilities; `undefined` where a frame's total is 0 or not finite. */
function scaled(
  label: Int32Array,
  skips: Uint8Array,
  frames: number,
  classes: number,
  logP: Float64Array,
): Alignment | undefined {
  const states = label.length;
  const p = new Float64Array(frames * classes);
  for (let i = 0; i < p.length; i++) p[i] = Math.exp(logP[i]!);
  const forward = new Float64Array(frames * states);
  let loss = 0;
  for (let t = 0; t < frames; t++) {
    const row = t * states;
    const before = row - states;
    let total = 0;
    for (let s = 0; s < states; s++) {
      let reach: number;
      if (t === 0) reach = s < 2 ? 1 : 0;
      else {
        reach = forward[before + s]!;
        if (s > 0) reach += forward[before + s - 1]!;
        if (skips[s]) reach += forward[before + s - 2]!;
      }
      const value = reach * p[t * classes + label[s]!]!;
      forward[row + s] = value;
      total += value;
    }
    if (!(total > 1e-290 && total < Number.POSITIVE_INFINITY)) return undefined;
    loss -= Math.log(total);
    const scale = 1 / total;
    for (let s = 0; s < states; s++) forward[row + s]! *= scale;
  }
  const end = (frames - 1) * states;
  const final = forward[end + states - 1]! + (states > 1 ? forward[end + states - 2]! : 0);
  if (!(final > 1e-290)) return undefined;
  loss -= Math.log(final);

  const endsInBlank = forward[end + states - 1]! / final;
  const posteriors = new Float64Array(frames * classes);
  let backward = new Float64Array(states);
  let previous = new Float64Array(states);
  for (let s = Math.max(0, states - 2); s < states; s++) backward[s] = 1;
  for (let t = frames - 1; t >= 0; t--) {
    if (t < frames - 1) {
      // What each state's successors emit in the next frame and lead to.
      const after = (t + 1) * classes;
      let total = 0;
      for (let s = 0; s < states; s++) {
        let reach = previous[s]! * p[after + label[s]!]!;
        if (s + 1 < states) reach += previous[s + 1]! * p[after + label[s + 1]!]!;
        if (s + 2 < states && skips[s + 2]) reach += previous[s + 2]! * p[after + label[s + 2]!]!;
        backward[s] = reach;
        total += reach;
      }
      const scale = total > 0 ? 1 / total : 1;
      for (let s = 0; s < states; s++) backward[s]! *= scale;
    }
    let total = 0;
    for (let s = 0; s < states; s++) total += forward[t * states + s]! * backward[s]!;
    if (!(total > 1e-290)) return undefined;
    for (let s = 0; s < states; s++) {
      posteriors[t * classes + label[s]!]! += (forward[t * states + s]! * backward[s]!) / total;
    }
    [previous, backward] = [backward, previous];
  }
  return { loss, posteriors, endsInBlank };
}

const logAdd = (a: number, b: number): number => {
  const largest = Math.max(a, b);
  return largest === -Infinity ? largest : largest + Math.log1p(Math.exp(Math.min(a, b) - largest));
};

/** The same in logarithms; `undefined` where no alignment has any probability. */
function inLogarithms(
  label: Int32Array,
  skips: Uint8Array,
  frames: number,
  classes: number,
  logP: Float64Array,
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
  const posteriors = new Float64Array(frames * classes);
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
  return { loss: -logLikelihood, posteriors, endsInBlank: Math.exp(forward[end]! - logLikelihood) };
}
