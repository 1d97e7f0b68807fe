/** Operators that take the largest or the mean of windows, or of whole channels. */
import { t } from '@vscode/l10n';
import { sizeOf } from '../../array.ts';
import type { Operator, OperatorCall, Step } from './operator.ts';
import { type Windows, windowsOf } from './windows.ts';

function pooled(call: OperatorCall): { windows: Windows; plane: number; planes: number; shape: number[] } {
  if (call.output > 0)
    call.refuse(
      (node) => t`${node} is asked for its indices.`,
      t`output ${call.output}`,
      t('the first output'),
    );
  const { shape } = call.input(0);
  const spatial = shape.slice(2);
  const windows = windowsOf(call, spatial, call.numbers('kernel_shape') ?? spatial);
  const outer = shape.slice(0, 2);
  return { windows, plane: sizeOf(spatial), planes: sizeOf(outer), shape: [...outer, ...windows.shape] };
}

/** The gradient goes to the first of the largest, or to the last NaN, as in torch. */
function largestOf(
  shape: readonly number[],
  planes: number,
  plane: number,
  { kernelSize, count, places }: Pick<Windows, 'kernelSize' | 'count' | 'places'>,
): Step {
  return {
    shape,
    run([given]) {
      const x = given!;
      const output = new Float64Array(planes * count);
      const source = new Int32Array(planes * count);
      for (let c = 0; c < planes; c++) {
        for (let o = 0; o < count; o++) {
          let largest = Number.NEGATIVE_INFINITY;
          let from = -1;
          for (let k = o; k < kernelSize * count; k += count) {
            const place = places[k]!;
            if (place < 0) continue;
            const own = x[c * plane + place]!;
            if (from >= 0 && !(own > largest) && !Number.isNaN(own)) continue;
            largest = own;
            from = c * plane + place;
          }
          output[c * count + o] = largest;
          source[c * count + o] = from;
        }
      }
      return {
        output,
        back(slope) {
          const below = new Float64Array(x.length);
          for (let i = 0; i < slope.length; i++) if (source[i]! >= 0) below[source[i]!]! += slope[i]!;
          return [below];
        },
      };
    },
  };
}

/** @param divisors  one for each window */
function meanOf(
  shape: readonly number[],
  planes: number,
  plane: number,
  { kernelSize, count, places }: Pick<Windows, 'kernelSize' | 'count' | 'places'>,
  divisors: ArrayLike<number>,
): Step {
  return {
    shape,
    run([given]) {
      const x = given!;
      const output = new Float64Array(planes * count);
      for (let c = 0; c < planes; c++) {
        for (let o = 0; o < count; o++) {
          let sum = 0;
          for (let k = o; k < kernelSize * count; k += count) {
            if (places[k]! >= 0) sum += x[c * plane + places[k]!]!;
          }
          output[c * count + o] = sum / divisors[o]!;
        }
      }
      return {
        output,
        back(slope) {
          const below = new Float64Array(x.length);
          for (let c = 0; c < planes; c++) {
            for (let o = 0; o < count; o++) {
              const share = slope[c * count + o]! / divisors[o]!;
              for (let k = o; k < kernelSize * count; k += count) {
                if (places[k]! >= 0) below[c * plane + places[k]!]! += share;
              }
            }
          }
          return [below];
        },
      };
    },
  };
}

const maxPool: Operator = (call) => {
  const { windows, plane, planes, shape } = pooled(call);
  return largestOf(shape, planes, plane, windows);
};

const averagePool: Operator = (call) => {
  const { windows, plane, planes, shape } = pooled(call);
  const { kernelSize, count, places } = windows;
  const filled = (o: number): number => {
    let taps = 0;
    for (let k = o; k < kernelSize * count; k += count) if (places[k]! >= 0) taps++;
    return taps;
  };
  const divisors = call.flag('count_include_pad')
    ? windows.covered()
    : Float64Array.from({ length: count }, (_, o) => filled(o));
  return meanOf(shape, planes, plane, windows, divisors);
};

/** One window: the channel. */
const wholeChannel =
  (pool: (shape: readonly number[], planes: number, plane: number, windows: Windows) => Step): Operator =>
  (call) => {
    const { shape } = call.input(0);
    const plane = sizeOf(shape.slice(2));
    const ones = shape.slice(2).map(() => 1);
    const places = Int32Array.from({ length: plane }, (_, i) => i);
    const windows = {
      shape: ones,
      kernelSize: plane,
      count: 1,
      places,
      covered: () => Float64Array.of(plane),
    };
    return pool([...shape.slice(0, 2), ...ones], sizeOf(shape.slice(0, 2)), plane, windows);
  };

export const pooling: Readonly<Record<string, Operator>> = {
  AveragePool: averagePool,
  GlobalAveragePool: wholeChannel((shape, planes, plane, windows) =>
    meanOf(shape, planes, plane, windows, windows.covered()),
  ),
  GlobalMaxPool: wholeChannel(largestOf),
  MaxPool: maxPool,
};
