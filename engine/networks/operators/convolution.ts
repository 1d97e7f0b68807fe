/** Convolution over any number of spatial dimensions: as products of matrices, a strip of positions at a time. */
import { t } from '@vscode/l10n';
import { sizeOf } from '../../array.ts';
import { columnStart, type Matrices, packRows, panelWidth, strip } from '../matrix.ts';
import { type Operator, written } from './operator.ts';
import { type Windows, windowsOf } from './windows.ts';

export const convolution: Operator = (call) => {
  const [batch, channels, ...spatial] = call.input(0).shape as [number, number, ...number[]];
  const [filters, depth, ...kernel] = call.input(1).shape as [number, number, ...number[]];
  const groups = call.number('group', 1);
  if (spatial.length === 0 || channels !== depth * groups || filters % groups !== 0) {
    call.refuse(
      (node) => t`${node} does not fit its input.`,
      `input ${written(call.input(0).shape)}, weights ${written(call.input(1).shape)}, group ${groups}`,
      'weights [M, C ÷ group, …] for an input [N, C, …]',
    );
  }
  const weights = call.requireConstant(1);
  const bias = call.inputs[2] && call.requireConstant(2);
  const windows = windowsOf(call, spatial, kernel);
  const sizes: Sizes = { filters: filters / groups, depth, plane: sizeOf(spatial), windows };
  const shape = [batch, filters, ...windows.shape];
  const { packed, packedTurned } = packedWeights(weights, sizes, groups);

  return {
    shape,
    run([given]) {
      const x = given!;
      const y = new Float64Array(sizeOf(shape));
      eachGroup(batch, groups, sizes, (group, at, to) =>
        forward(call.matrices, packed()[group]!, x, at, y, to, sizes),
      );
      if (bias) addBias(y, bias, windows.count);
      return {
        output: y,
        back(slope) {
          const below = new Float64Array(x.length);
          eachGroup(batch, groups, sizes, (group, at, to) =>
            backward(call.matrices, packedTurned()[group]!, slope, to, below, at, sizes),
          );
          return [below];
        },
      };
    },
  };
};

/** Of one group. */
interface Sizes {
  readonly filters: number;
  readonly depth: number;
  readonly plane: number;
  readonly windows: Windows;
}

function eachGroup(
  batch: number,
  groups: number,
  { filters, depth, plane, windows }: Sizes,
  run: (group: number, input: number, output: number) => void,
): void {
  for (let n = 0; n < batch; n++) {
    for (let group = 0; group < groups; group++) {
      const part = n * groups + group;
      run(group, part * depth * plane, part * filters * windows.count);
    }
  }
}

/** Packed on first use, for each group: the shapes alone need none. */
function packedWeights(
  weights: ArrayLike<number>,
  { filters, depth, windows }: Sizes,
  groups: number,
): { packed: () => Float64Array[]; packedTurned: () => Float64Array[] } {
  const taps = depth * windows.kernelSize;
  const once = (pack: (start: number) => Float64Array): (() => Float64Array[]) => {
    let result: Float64Array[] | undefined;
    return () => {
      result ??= Array.from({ length: groups }, (_, group) => pack(group * filters * taps));
      return result;
    };
  };
  return {
    packed: once((start) => packRows(filters, taps, (row, k) => weights[start + row * taps + k]!)),
    packedTurned: once((start) => packRows(taps, filters, (row, k) => weights[start + k * taps + row]!)),
  };
}

/** y[filter, position] = Σ w[filter, tap] · x[window(position)[tap]] */
function forward(
  matrices: Matrices,
  packed: Float64Array,
  x: Float64Array,
  at: number,
  y: Float64Array,
  to: number,
  { filters, depth, plane, windows }: Sizes,
): void {
  const { kernelSize, count, places } = windows;
  const taps = depth * kernelSize;
  const { right, result, stride, multiply } = matrices.product(packed, taps, Math.min(strip, count));
  for (let start = 0; start < count; start += strip) {
    const length = Math.min(strip, count - start);
    for (let j = 0; j < length; j++) {
      let put = columnStart(j, taps);
      for (let channel = at; channel < at + depth * plane; channel += plane) {
        for (let k = start + j; k < kernelSize * count; k += count, put += panelWidth) {
          const place = places[k]!;
          right[put] = place < 0 ? 0 : x[channel + place]!;
        }
      }
    }
    multiply();
    for (let filter = 0; filter < filters; filter++) {
      y.set(result.subarray(filter * stride, filter * stride + length), to + filter * count + start);
    }
  }
}

/** x̄[window(position)[tap]] += Σ w[filter, tap] · ȳ[filter, position] */
function backward(
  matrices: Matrices,
  packedTurned: Float64Array,
  slope: Float64Array,
  from: number,
  below: Float64Array,
  at: number,
  { filters, depth, plane, windows }: Sizes,
): void {
  const { kernelSize, count, places } = windows;
  const taps = depth * kernelSize;
  const { right, result, stride, multiply } = matrices.product(packedTurned, filters, Math.min(strip, count));
  for (let start = 0; start < count; start += strip) {
    const length = Math.min(strip, count - start);
    for (let j = 0; j < length; j++) {
      let put = columnStart(j, filters);
      for (let filter = 0; filter < filters; filter++, put += panelWidth) {
        right[put] = slope[from + filter * count + start + j]!;
      }
    }
    multiply();
    for (let tap = 0; tap < taps; tap++) {
      const channel = at + Math.floor(tap / kernelSize) * plane;
      const row = (tap % kernelSize) * count + start;
      for (let j = 0; j < length; j++) {
        const place = places[row + j]!;
        if (place >= 0) below[channel + place]! += result[tap * stride + j]!;
      }
    }
  }
}

function addBias(y: Float64Array, bias: ArrayLike<number>, count: number): void {
  for (let i = 0; i < y.length; i++) y[i]! += bias[Math.floor(i / count) % bias.length]!;
}
