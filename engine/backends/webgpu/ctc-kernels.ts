/**
 * The kernels of CTC in WGSL.
 *
 * Probabilities of whole alignments leave the range of float32 within a few frames, and their logarithms lose the
 * digits that posteriors are made of. So they are kept as `Wide`: a float32 from 1 up to 2 and a power of two of its
 * own. Sums and products of such numbers keep float32's relative precision at any size, and take no exp or log.
 */
import { functionsFor } from './math.ts';

/** The uniform block. Steps count numbers in the scores. */
export const ctcWords = ['frames', 'samples', 'classes', 'width', 'frameStep', 'sampleStep'] as const;

/** `targets` begins with so many words a sample: its frames, its states, its share of the value as a float32. */
export const wordsOfSample = 3;
/** Then so many a state, `width` states a sample: the label and `maySkip`; then the link and `isFirst`. */
export const wordsOfState = 2;
/** Of a label: the state may be entered from the one before the last. */
export const maySkip = 0x80000000;
/** Of a link, which is one more than the next state of the same label, 0 after the last: no state before has it. */
export const isFirst = 0x80000000;

/** Invocations along the states, and along the classes of a frame. */
const [stateInvocations, frameInvocations] = [256, 64];

export interface CtcFacts {
  readonly scoresAre: 'logit' | 'log-probability';
  /** Whether the gradient goes on through a softmax. */
  readonly throughSoftmax: boolean;
}

const access = { scores: 'read', targets: 'read' } as Readonly<Record<string, string>>;
const wide = new Set(['sums', 'forward', 'backward', 'ends']);
const words = new Set(['targets']);

const header = (bindings: readonly string[]): string =>
  [
    `struct Block { ${ctcWords.map((name) => `${name}: u32`).join(', ')} }`,
    '@group(0) @binding(0) var<uniform> block: Block;',
    ...bindings.map((name, i) => {
      const type = wide.has(name) ? 'Wide' : words.has(name) ? 'u32' : 'f32';
      return `@group(0) @binding(${i + 1}) var<storage, ${access[name] ?? 'read_write'}> ${name}: array<${type}>;`;
    }),
    `struct Wide { bits: u32, power: i32 }`,
  ].join('\n');

const arithmetic = /* wgsl */ `
const none = -0x20000000i;

fn wideOf(x: f32, power: i32) -> Wide {
  // x is 0, or from ½ up to 4.
  if (x == 0f) { return Wide(0u, none); }
  if (x >= 2f) { return Wide(bitcast<u32>(x * 0.5f), power + 1i); }
  if (x < 1f) { return Wide(bitcast<u32>(x * 2f), power - 1i); }
  return Wide(bitcast<u32>(x), power);
}

fn times(a: Wide, b: Wide) -> Wide {
  return wideOf(bitcast<f32>(a.bits) * bitcast<f32>(b.bits), max(none, a.power + b.power));
}

fn over(a: Wide, b: Wide) -> Wide {
  return wideOf(bitcast<f32>(a.bits) / bitcast<f32>(b.bits), max(none, a.power - b.power));
}

fn plus(a: Wide, b: Wide) -> Wide {
  let first = a.power >= b.power;
  let high = select(b.power, a.power, first);
  let low = select(a.power, b.power, first);
  if (high - low > 30i) { return Wide(select(b.bits, a.bits, first), high); }
  let larger = bitcast<f32>(select(b.bits, a.bits, first));
  let smaller = bitcast<f32>(select(a.bits, b.bits, first));
  return wideOf(larger + smaller * powerOfTwo(low - high), high);
}

// Cody and Waite: the product with the upper part of ln 2 is exact.
fn wideExp(x: f32) -> Wide {
  let n = round(x * 1.44269504f);
  let rest = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  return wideOf(exp(rest), i32(n));
}

// No wider than float32 where it is used: a part of a whole.
fn narrow(x: Wide) -> f32 {
  if (x.power < -126i) { return 0f; }
  return bitcast<f32>(x.bits) * powerOfTwo(x.power);
}
`;

const places = /* wgsl */ `
fn scoreAt(sample: u32, frame: u32, class_: u32) -> u32 {
  return frame * block.frameStep + sample * block.sampleStep + class_;
}
`;

const targets = /* wgsl */ `
fn framesOf(sample: u32) -> u32 { return targets[${wordsOfSample}u * sample]; }
fn statesOf(sample: u32) -> u32 { return targets[${wordsOfSample}u * sample + 1u]; }
fn shareOf(sample: u32) -> f32 { return bitcast<f32>(targets[${wordsOfSample}u * sample + 2u]); }
fn stateAt(sample: u32, state: u32) -> u32 {
  return ${wordsOfSample}u * block.samples + ${wordsOfState}u * (sample * block.width + state);
}
`;

const emission = ({ scoresAre }: CtcFacts): string => /* wgsl */ `
fn emission(sample: u32, frame: u32, class_: u32) -> Wide {
  let own = wideExp(scores[scoreAt(sample, frame, class_)]);
  ${scoresAre === 'logit' ? 'return over(own, sums[sample * block.frames + frame]);' : 'return own;'}
}
`;

/** One number out of a workgroup's invocations, to all of them. */
const acrossFrame = /* wgsl */ `
var<workgroup> lanes: array<Wide, ${frameInvocations}>;
fn sumOfWorkgroup(own: u32, value: Wide) -> Wide {
  lanes[own] = value;
  workgroupBarrier();
  for (var step = ${frameInvocations / 2}u; step > 0u; step /= 2u) {
    if (own < step) { lanes[own] = plus(lanes[own], lanes[own + step]); }
    workgroupBarrier();
  }
  let result = lanes[0];
  workgroupBarrier();
  return result;
}
`;

const entry = (invocations: number, body: string): string => /* wgsl */ `
@compute @workgroup_size(${invocations})
fn main(
  @builtin(local_invocation_index) own: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {${body}}
`;

function kernel(
  bindings: readonly string[],
  ...parts: readonly string[]
): { text: string; bindings: readonly string[] } {
  const text = [header(bindings), arithmetic, places, ...parts].join('\n');
  return { text: `${text}\n${functionsFor(text)}`, bindings };
}

/** Of each frame: Σ exp over its classes, what a softmax divides by. */
const sums = kernel(
  ['scores', 'sums'],
  acrossFrame,
  entry(
    frameInvocations,
    /* wgsl */ `
  for (var item = group.x; item < block.samples * block.frames; item += groups.x) {
    let sample = item / block.frames;
    let frame = item % block.frames;
    var sum = Wide(0u, none);
    for (var c = own; c < block.classes; c += ${frameInvocations}u) {
      sum = plus(sum, wideExp(scores[scoreAt(sample, frame, c)]));
    }
    sum = sumOfWorkgroup(own, sum);
    if (own == 0u) { sums[item] = sum; }
  }`,
  ),
);

/**
 * The recursions, forwards and backwards at once: a workgroup for each sample and direction, its invocations along the
 * states. Both hold each frame's own emission, so that their product holds it twice.
 */
const recursions = (facts: CtcFacts) =>
  kernel(
    ['scores', 'targets', ...(facts.scoresAre === 'logit' ? ['sums'] : []), 'forward', 'backward', 'ends'],
    targets,
    emission(facts),
    entry(
      stateInvocations,
      /* wgsl */ `
  for (var item = group.x; item < 2u * block.samples; item += groups.x) {
    let sample = item / 2u;
    let forwards = item % 2u == 0u;
    let frames = framesOf(sample);
    let states = statesOf(sample);
    for (var k = 0u; k < frames; k++) {
      let frame = select(frames - 1u - k, k, forwards);
      let row = (sample * block.frames + frame) * block.width;
      for (var s = own; s < states; s += ${stateInvocations}u) {
        let label = targets[stateAt(sample, s)];
        var reach = Wide(0u, none);
        if (k == 0u) {
          if (select(s + 2u >= states, s < 2u, forwards)) { reach = wideOf(1f, 0i); }
        } else if (forwards) {
          let before = row - block.width + s;
          reach = forward[before];
          if (s > 0u) { reach = plus(reach, forward[before - 1u]); }
          if ((label & ${maySkip}u) != 0u) { reach = plus(reach, forward[before - 2u]); }
        } else {
          let after = row + block.width + s;
          reach = backward[after];
          if (s + 1u < states) { reach = plus(reach, backward[after + 1u]); }
          if (s + 2u < states && (targets[stateAt(sample, s + 2u)] & ${maySkip}u) != 0u) {
            reach = plus(reach, backward[after + 2u]);
          }
        }
        let value = times(reach, emission(sample, frame, label & ~${maySkip}u));
        if (forwards) { forward[row + s] = value; } else { backward[row + s] = value; }
      }
      storageBarrier();
      workgroupBarrier();
    }
    if (forwards && own == 0u) {
      let last = (sample * block.frames + frames - 1u) * block.width + states - 1u;
      var end = forward[last];
      if (states > 1u) { end = plus(end, forward[last - 1u]); }
      ends[sample] = end;
    }
  }`,
    ),
  );

/**
 * A workgroup for each frame: its posteriors, which add up to 1 by their own sum (what rounding has added to all of them
 * over the frames goes out with it), and the gradient.
 */
const posteriors = (facts: CtcFacts, wantsGradient: boolean) => {
  const own = facts.throughSoftmax ? 'narrow(emission(sample, frame, c))' : '0f';
  return kernel(
    [
      'scores',
      'targets',
      ...(facts.scoresAre === 'logit' ? ['sums'] : []),
      'forward',
      'backward',
      'alignment',
      ...(wantsGradient ? ['gradient'] : []),
    ],
    targets,
    emission(facts),
    acrossFrame,
    /* wgsl */ `
fn joint(sample: u32, frame: u32, state: u32, class_: u32) -> Wide {
  let at = (sample * block.frames + frame) * block.width + state;
  return times(forward[at], over(backward[at], emission(sample, frame, class_)));
}
`,
    entry(
      frameInvocations,
      /* wgsl */ `
  for (var item = group.x; item < block.samples * block.frames; item += groups.x) {
    let sample = item / block.frames;
    let frame = item % block.frames;
    if (frame >= framesOf(sample)) { continue; }
    let states = statesOf(sample);
    var sum = Wide(0u, none);
    for (var s = own; s < states; s += ${frameInvocations}u) {
      sum = plus(sum, joint(sample, frame, s, targets[stateAt(sample, s)] & ~${maySkip}u));
    }
    sum = sumOfWorkgroup(own, sum);
    for (var c = own; c < block.classes; c += ${frameInvocations}u) {
      alignment[item * block.classes + c] = 0f;
      ${wantsGradient ? `gradient[scoreAt(sample, frame, c)] = shareOf(sample) * ${own};` : ''}
    }
    storageBarrier();
    workgroupBarrier();
    for (var s = own; s < states; s += ${frameInvocations}u) {
      var link = targets[stateAt(sample, s) + 1u];
      if ((link & ${isFirst}u) == 0u) { continue; }
      let c = targets[stateAt(sample, s)] & ~${maySkip}u;
      var ofLabel = joint(sample, frame, s, c);
      link = link & ~${isFirst}u;
      while (link != 0u) {
        ofLabel = plus(ofLabel, joint(sample, frame, link - 1u, c));
        link = targets[stateAt(sample, link - 1u) + 1u];
      }
      let posterior = narrow(over(ofLabel, sum));
      alignment[item * block.classes + c] = posterior;
      ${wantsGradient ? `gradient[scoreAt(sample, frame, c)] = shareOf(sample) * (${own} - posterior);` : ''}
    }
  }`,
    ),
  );
};

/** What is dispatched, in this order. */
export function ctcKernels(
  facts: CtcFacts,
  { frames, samples, wantsGradient }: { frames: number; samples: number; wantsGradient: boolean },
): { text: string; bindings: readonly string[]; groups: number }[] {
  const perFrame = Math.min(frames * samples, 4096);
  return [
    ...(facts.scoresAre === 'logit' ? [{ ...sums, groups: perFrame }] : []),
    { ...recursions(facts), groups: Math.min(2 * samples, 4096) },
    { ...posteriors(facts, wantsGradient), groups: perFrame },
  ];
}
