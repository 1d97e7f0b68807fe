/** Operators that sample between pixels: each axis in its turn, each result a weighted sum of a few sources. */
import { t } from '@vscode/l10n';
import { sizeOf } from '../../array.ts';
import { requireRoom } from './indices.ts';
import type { Operator, OperatorCall, Step } from './operator.ts';
import { written } from './operator.ts';

/** Along one axis: for each result, as many sources and weights. */
interface Taps {
  readonly axis: number;
  readonly extent: number;
  readonly each: number;
  readonly sources: Int32Array;
  readonly weights: Float64Array;
}

const resize: Operator = (call) => {
  const { shape } = call.input(0);
  const early = call.opset < 11;
  const [scaleInput, sizeInput] = early ? [1, -1] : [2, 3];
  const axes = call.numbers('axes')?.map((axis) => call.axis(axis, shape.length)) ?? shape.map((_, d) => d);
  const sizes = sizeInput < 0 ? [] : (call.constant(sizeInput) ?? []);
  const factors = call.constant(scaleInput) ?? [];
  if (call.flag('antialias') || call.text('keep_aspect_ratio_policy', 'stretch') !== 'stretch') {
    call.refuse(
      (node) => t`${node} smooths or keeps proportions.`,
      t('antialias or keep_aspect_ratio_policy'),
      t('neither'),
    );
  }
  const target = [...shape];
  const scales = shape.map(() => 1);
  axes.forEach((axis, i) => {
    const extent = shape[axis]!;
    target[axis] = sizes.length > 0 ? sizes[i]! : Math.floor(extent * factors[i]!);
    scales[axis] = sizes.length > 0 ? target[axis]! / extent : factors[i]!;
  });
  // Before opset 11 pixels had no middle.
  const coordinates = early ? 'asymmetric' : call.text('coordinate_transformation_mode', 'half_pixel');
  const sampler = samplerOf(call, early);
  return sampled(call, target, (axis) =>
    sampler(
      shape[axis]!,
      target[axis]!,
      placing(call, coordinates, shape[axis]!, target[axis]!, scales[axis]!),
    ),
  );
};

/** The early form of Resize. */
const upsample: Operator = (call) => {
  const { shape } = call.input(0);
  const scales = call.opset < 9 ? (call.numbers('scales') ?? []) : call.constant(1)!;
  const target = shape.map((extent, d) => Math.floor(extent * scales[d]!));
  const sampler = samplerOf(call, true);
  return sampled(call, target, (axis) => sampler(shape[axis]!, target[axis]!, (i) => i / scales[axis]!));
};

/** Where a result lies among the sources. */
function placing(
  call: OperatorCall,
  mode: string,
  before: number,
  after: number,
  scale: number,
): (i: number) => number {
  switch (mode) {
    case 'half_pixel':
      return (i) => (i + 0.5) / scale - 0.5;
    case 'pytorch_half_pixel':
      return (i) => (after > 1 ? (i + 0.5) / scale - 0.5 : 0);
    case 'align_corners':
      return (i) => (after > 1 ? (i * (before - 1)) / (after - 1) : 0);
    case 'asymmetric':
      return (i) => i / scale;
    default:
      return call.refuse(
        (node) => t`${node} places its samples in a way that is not there.`,
        `coordinate_transformation_mode '${mode}'`,
        "'half_pixel', 'pytorch_half_pixel', 'align_corners' or 'asymmetric'",
      );
  }
}

type Sampler = (before: number, after: number, at: (i: number) => number) => Omit<Taps, 'axis'>;

const roundings: Readonly<Record<string, (x: number) => number>> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

function samplerOf(call: OperatorCall, early: boolean): Sampler {
  const mode = call.text('mode', 'nearest');
  const outside = call.flag('exclude_outside');
  if (mode === 'nearest') {
    const name = early ? 'floor' : call.text('nearest_mode', 'round_prefer_floor');
    const round =
      roundings[name] ??
      call.refuse((node) => t`${node} rounds in an unknown way.`, name, Object.keys(roundings).join(', '));
    return taps([0], round, () => [1], false);
  }
  if (mode === 'linear') return taps([0, 1], Math.floor, (rest) => [1 - rest, rest], outside);
  if (mode === 'cubic') {
    const a = call.number('cubic_coeff_a', -0.75);
    return taps([-1, 0, 1, 2], Math.floor, (rest) => cubic(a, rest), outside);
  }
  return call.refuse(
    (node) => t`${node} samples in a way that is not there.`,
    `mode '${mode}'`,
    "'nearest', 'linear' or 'cubic'",
  );
}

/**
 * @param offsets  of the sources from the one that `baseOf` finds; beyond the border, the border stands for them
 * @param weigh  their weights, given how far the place is beyond the base
 * @param excluding  whether sources beyond the border count nothing, and the others more
 */
const taps =
  (
    offsets: readonly number[],
    baseOf: (at: number) => number,
    weigh: (rest: number) => readonly number[],
    excluding: boolean,
  ): Sampler =>
  (before, after, at) => {
    const each = offsets.length;
    const sources = new Int32Array(after * each);
    const weights = new Float64Array(after * each);
    for (let i = 0; i < after; i++) {
      const base = baseOf(at(i));
      const isInside = (k: number): boolean => base + offsets[k]! >= 0 && base + offsets[k]! < before;
      const own = weigh(at(i) - base).map((weight, k) => (excluding && !isInside(k) ? 0 : weight));
      const total = excluding ? own.reduce((sum, weight) => sum + weight, 0) : 1;
      for (let k = 0; k < each; k++) {
        sources[i * each + k] = Math.max(0, Math.min(before - 1, base + offsets[k]!));
        weights[i * each + k] = own[k]! / total;
      }
    }
    return { extent: after, each, sources, weights };
  };

/** Keys' kernel at the four pixels around a place that is `t` beyond the second. */
function cubic(a: number, t: number): number[] {
  const near = (d: number): number => ((a + 2) * d - (a + 3)) * d * d + 1;
  const far = (d: number): number => ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  return [far(t + 1), near(t), near(1 - t), far(2 - t)];
}

function sampled(
  call: OperatorCall,
  target: readonly number[],
  tapsOf: (axis: number) => Omit<Taps, 'axis'>,
): Step {
  const { shape, integer } = call.input(0);
  if (target.length !== shape.length || target.some((extent) => !(extent >= 1))) {
    call.refuse(
      (node) => t`${node} cannot make this.`,
      `${written(shape)} → ${written(target)}`,
      t('an extent of at least 1 for each axis'),
    );
  }
  requireRoom(target);
  const stages = target.flatMap((extent, axis) =>
    extent === shape[axis] ? [] : [{ axis, ...tapsOf(axis) }],
  );
  return {
    shape: target,
    integer,
    run([given]) {
      let output = given!;
      const before: number[][] = [];
      let current = [...shape];
      for (const stage of stages) {
        before.push(current);
        output = along(stage, current, output, false);
        current = current.map((extent, d) => (d === stage.axis ? stage.extent : extent));
      }
      return {
        output,
        back(slope) {
          let below = slope;
          for (let s = stages.length - 1; s >= 0; s--) below = along(stages[s]!, before[s]!, below, true);
          return [below];
        },
      };
    },
  };
}

/** The sums along one axis of an array of this shape; or back, from the sums to the sources. */
function along(
  { axis, extent, each, sources, weights }: Taps,
  shape: readonly number[],
  from: Float64Array,
  back: boolean,
): Float64Array {
  const own = shape[axis]!;
  const outer = sizeOf(shape.slice(0, axis));
  const inner = sizeOf(shape.slice(axis + 1));
  const to = new Float64Array(outer * inner * (back ? own : extent));
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < extent; i++) {
      const result = (o * extent + i) * inner;
      for (let k = i * each; k < (i + 1) * each; k++) {
        const source = (o * own + sources[k]!) * inner;
        const weight = weights[k]!;
        if (weight === 0) continue;
        if (back) for (let j = 0; j < inner; j++) to[source + j]! += weight * from[result + j]!;
        else for (let j = 0; j < inner; j++) to[result + j]! += weight * from[source + j]!;
      }
    }
  }
  return to;
}

export const resizing: Readonly<Record<string, Operator>> = { Resize: resize, Upsample: upsample };
