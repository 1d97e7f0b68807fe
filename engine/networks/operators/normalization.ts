/** Operators that put numbers in proportion to others: by fixed statistics, by their own, or among themselves. */
import { t } from '@vscode/l10n';
import { sizeOf } from '../../array.ts';
import { repeated } from './indices.ts';
import { type Operator, type OperatorCall, type Step, written } from './operator.ts';

/** With the statistics of training, as at inference: a straight line for each channel. */
const batchNormalization: Operator = (call) => {
  if (call.flag('training_mode')) {
    call.refuse(
      (node) => t`${node} is in training mode.`,
      'training_mode 1',
      t('a network exported in eval mode'),
    );
  }
  if (call.output > 0)
    call.refuse(
      (node) => t`${node} is asked for its statistics.`,
      t`output ${call.output}`,
      t('the first output'),
    );
  if (!call.flag('spatial', true))
    call.refuse((node) => t`${node} has statistics for each pixel.`, 'spatial 0', t('one for each channel'));
  const { shape } = call.input(0);
  const [scale, bias] = [call.requireConstant(1), call.requireConstant(2)];
  const [mean, variance] = [call.requireConstant(3), call.requireConstant(4)];
  const channels = shape[1] ?? 1;
  const plane = sizeOf(shape.slice(2));
  const epsilon = call.number('epsilon', 1e-5);
  const factor = Float64Array.from(
    { length: channels },
    (_, c) => scale[c]! / Math.sqrt(variance[c]! + epsilon),
  );
  const channelOf = (i: number): number => Math.floor(i / plane) % channels;
  return {
    shape,
    run([x]) {
      return {
        output: x!.map((own, i) => {
          const c = channelOf(i);
          return (own - mean[c]!) * factor[c]! + bias[c]!;
        }),
        back: (slope) => [slope.map((own, i) => own * factor[channelOf(i)]!)],
      };
    },
  };
};

interface Affine {
  /** How many neighbouring numbers are normalised together. */
  readonly length: number;
  scale(i: number): number;
  bias(i: number): number;
}

/** Each row less its mean, over its standard deviation; then stretched and moved. */
function normalized(call: OperatorCall, { length, scale, bias }: Affine): Step {
  const { shape } = call.input(0);
  const epsilon = call.number('epsilon', 1e-5);
  if (call.output > 0)
    call.refuse(
      (node) => t`${node} is asked for its statistics.`,
      t`output ${call.output}`,
      t('the first output'),
    );
  return {
    shape,
    run([given]) {
      const x = given!;
      const rows = length === 0 ? 0 : x.length / length;
      const unit = new Float64Array(x.length);
      const deviation = new Float64Array(rows);
      for (let row = 0; row < rows; row++) {
        const own = x.subarray(row * length, (row + 1) * length);
        const mean = own.reduce((sum, value) => sum + value, 0) / length;
        const variance = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length;
        deviation[row] = Math.sqrt(variance + epsilon);
        for (let i = 0; i < length; i++) unit[row * length + i] = (own[i]! - mean) / deviation[row]!;
      }
      return {
        output: unit.map((own, i) => own * scale(i) + bias(i)),
        back(slope) {
          const below = new Float64Array(x.length);
          for (let row = 0; row < rows; row++) {
            let [mean, along] = [0, 0];
            for (let i = row * length; i < (row + 1) * length; i++) {
              const own = slope[i]! * scale(i);
              mean += own / length;
              along += (own * unit[i]!) / length;
            }
            for (let i = row * length; i < (row + 1) * length; i++) {
              below[i] = (slope[i]! * scale(i) - mean - unit[i]! * along) / deviation[row]!;
            }
          }
          return [below];
        },
      };
    },
  };
}

const instanceNormalization: Operator = (call) => {
  const { shape } = call.input(0);
  const [scale, bias] = [call.requireConstant(1), call.requireConstant(2)];
  const length = sizeOf(shape.slice(2));
  const channelOf = (i: number): number => Math.floor(i / length) % shape[1]!;
  return normalized(call, { length, scale: (i) => scale[channelOf(i)]!, bias: (i) => bias[channelOf(i)]! });
};

const groupNormalization: Operator = (call) => {
  const { shape } = call.input(0);
  const [scale, bias] = [call.requireConstant(1), call.requireConstant(2)];
  const channels = shape[1]!;
  const plane = sizeOf(shape.slice(2));
  const groups = call.number('num_groups', 1);
  // Until opset 21 there was a scale for each group, since then for each channel.
  const share = channels / scale.length;
  const indexOf = (i: number): number => Math.floor((Math.floor(i / plane) % channels) / share);
  return normalized(call, {
    length: (channels / groups) * plane,
    scale: (i) => scale[indexOf(i)]!,
    bias: (i) => bias[indexOf(i)]!,
  });
};

const layerNormalization: Operator = (call) => {
  const { shape } = call.input(0);
  const axis = call.axis(call.number('axis', -1), shape.length);
  const inner = shape.slice(axis);
  const length = sizeOf(inner);
  const [scale, bias] = [call.requireConstant(1), call.inputs[2] && call.requireConstant(2)];
  const placeOf = (index: number): Int32Array | undefined => repeated(call.input(index).shape, inner);
  const [scaleAt, biasAt] = [placeOf(1), bias && placeOf(2)];
  return normalized(call, {
    length,
    scale: (i) => scale[scaleAt ? scaleAt[i % length]! : i % length]!,
    bias: (i) => (bias ? bias[biasAt ? biasAt[i % length]! : i % length]! : 0),
  });
};

/** Over neighbouring channels: x ÷ (bias + α ÷ size · Σ x²)^β. */
const localResponse: Operator = (call) => {
  const { shape } = call.input(0);
  const size = call.number('size', 1);
  const [alpha, beta, bias] = [call.number('alpha', 1e-4), call.number('beta', 0.75), call.number('bias', 1)];
  const channels = shape[1]!;
  const plane = sizeOf(shape.slice(2));
  const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
  /** Σ over the channels from −low to +high around each element. */
  const around = (x: Float64Array, low: number, high: number): Float64Array =>
    x.map((_, i) => {
      const c = Math.floor(i / plane) % channels;
      let sum = 0;
      for (let d = Math.max(-low, -c); d <= Math.min(high, channels - 1 - c); d++) sum += x[i + d * plane]!;
      return sum;
    });
  return {
    shape,
    run([given]) {
      const x = given!;
      const squares = around(
        x.map((own) => own * own),
        before,
        after,
      );
      const base = squares.map((sum) => bias + (alpha / size) * sum);
      return {
        output: x.map((own, i) => own * base[i]! ** -beta),
        back(slope) {
          const through = around(
            slope.map((own, i) => own * x[i]! * base[i]! ** (-beta - 1)),
            after,
            before,
          );
          return [
            slope.map((own, i) => own * base[i]! ** -beta - 2 * (alpha / size) * beta * x[i]! * through[i]!),
          ];
        },
      };
    },
  };
};

/** Until opset 13 over all dimensions from the axis on, since then over the axis alone. */
const softmax =
  (logarithm: boolean): Operator =>
  (call) => {
    const { shape } = call.input(0);
    const flat = call.opset < 13;
    const axis = call.axis(call.number('axis', flat ? 1 : -1), shape.length);
    const extent = flat ? sizeOf(shape.slice(axis)) : shape[axis]!;
    const stride = flat ? 1 : sizeOf(shape.slice(axis + 1));
    if (extent === 0)
      call.refuse(
        (node) => t`${node} has nothing to compare.`,
        written(shape),
        t('an axis that is not empty'),
      );
    return {
      shape,
      run([given]) {
        const x = given!;
        const output = new Float64Array(x.length);
        const starts = Array.from({ length: x.length / extent }, (_, row) => {
          return Math.floor(row / stride) * extent * stride + (row % stride);
        });
        for (const start of starts) {
          let largest = Number.NEGATIVE_INFINITY;
          let total = 0;
          for (let k = 0; k < extent; k++) largest = Math.max(largest, x[start + k * stride]!);
          for (let k = 0; k < extent; k++) total += Math.exp(x[start + k * stride]! - largest);
          for (let k = 0; k < extent; k++) {
            const own = x[start + k * stride]! - largest;
            output[start + k * stride] = logarithm ? own - Math.log(total) : Math.exp(own) / total;
          }
        }
        return {
          output,
          back(slope) {
            const below = new Float64Array(x.length);
            for (const start of starts) {
              let sum = 0;
              for (let k = 0; k < extent; k++) {
                const at = start + k * stride;
                sum += logarithm ? slope[at]! : slope[at]! * output[at]!;
              }
              for (let k = 0; k < extent; k++) {
                const at = start + k * stride;
                below[at] = logarithm
                  ? slope[at]! - Math.exp(output[at]!) * sum
                  : output[at]! * (slope[at]! - sum);
              }
            }
            return [below];
          },
        };
      },
    };
  };

export const normalization: Readonly<Record<string, Operator>> = {
  BatchNormalization: batchNormalization,
  GroupNormalization: groupNormalization,
  InstanceNormalization: instanceNormalization,
  LRN: localResponse,
  LayerNormalization: layerNormalization,
  LogSoftmax: softmax(true),
  Softmax: softmax(false),
};
