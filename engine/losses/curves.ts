/** The coordinates that losses are drawn over. Each maker takes the input names, so that framework symbols share them. */
import { t } from '@vscode/l10n';
import { type NdArray, sizeOf } from '../array.ts';
import type { CurveSpec, OwnRows, Rows } from '../definition.ts';
import type { Parameters } from '../evaluation.ts';
import { sameShape } from '../layout.ts';

type Spec = (parameters: Parameters) => CurveSpec;

const rows = (count: number, width: number, value: (row: number, column: number) => number): NdArray => {
  const data = new Float64Array(count * width);
  for (let i = 0; i < data.length; i++) data[i] = value(Math.floor(i / width), i % width);
  return { dtype: 'float64', shape: [count, width], data };
};

/** Pairs of one prediction and one target each, as [n, 1]. */
function pairs(
  prediction: string,
  target: string,
  values: { prediction: ArrayLike<number>; target: ArrayLike<number> },
  factor?: (row: number) => number,
): Rows {
  const count = values.prediction.length;
  return {
    count,
    inputs: {
      [prediction]: rows(count, 1, (i) => values.prediction[i]!),
      [target]: rows(count, 1, (i) => values.target[i]!),
    },
    entry: (row) => row,
    ...(factor && { factor }),
  };
}

/** The user's own pairs, if prediction and target have one shape. */
const ownPairs =
  (prediction: string, target: string, x: (p: number, t: number) => number, slope?: (t: number) => number) =>
  (inputs: Readonly<Record<string, NdArray>>): OwnRows | undefined => {
    const p = inputs[prediction];
    const t = inputs[target];
    if (!p || !t || !sameShape(p.shape, t.shape)) return undefined;
    return {
      count: p.data.length,
      x: (i) => x(Number(p.data[i]), Number(t.data[i])),
      rows(indices) {
        const values = {
          prediction: indices.map((i) => Number(p.data[i])),
          target: indices.map((i) => Number(t.data[i])),
        };
        return pairs(prediction, target, values, slope && ((row) => slope(values.target[row]!)));
      },
    };
  };

const fill = (length: number, value: number): Float64Array => new Float64Array(length).fill(value);

/** Over prediction − target: all of a regression's elements lie on one curve. */
export const residualCurve =
  (prediction: string, target: string): Spec =>
  () => ({
    xLabel: `${prediction} − ${target}`,
    by: prediction,
    range: [-3, 3],
    series: [
      { label: '', rows: (x) => pairs(prediction, target, { prediction: x, target: fill(x.length, 0) }) },
    ],
    points: ownPairs(prediction, target, (p, t) => p - t),
  });

/** Over the prediction, for a few targets: where the loss is no function of the residual alone. */
export const predictionCurve =
  (
    prediction: string,
    target: string,
    { range, targets }: { range: readonly [number, number]; targets: readonly number[] },
  ): Spec =>
  () => ({
    xLabel: prediction,
    by: prediction,
    range,
    series: targets.map((value) => ({
      label: `${target} ${value}`,
      rows: (x) => pairs(prediction, target, { prediction: x, target: fill(x.length, value) }),
    })),
    points: ownPairs(prediction, target, (p) => p),
  });

/** Over the one number that a penalty takes. */
export const magnitudeCurve =
  (input: string): Spec =>
  () => ({
    xLabel: input,
    by: input,
    range: [-3, 3],
    series: [
      { label: '', rows: (x) => ({ count: x.length, inputs: { [input]: flat(x) }, entry: (row) => row }) },
    ],
  });

/** Over the residual of the first of two values in a row, the second being right. */
export const pairwiseCurve =
  (prediction: string, target: string, { oneByOne = false } = {}): Spec =>
  () => ({
    xLabel: t('residual of one of two (the other is right)'),
    by: prediction,
    range: [-3, 3],
    oneByOne,
    series: [
      {
        label: '',
        rows: (x) => ({
          count: x.length,
          inputs: {
            [prediction]: rows(x.length, 2, (row, column) => (column === 0 ? x[row]! : 0)),
            [target]: rows(x.length, 2, () => 0),
          },
          entry: (row) => 2 * row,
        }),
      },
    ],
  });

/** Over target × prediction, for labels −1 and 1. */
export const marginCurve =
  (prediction: string, target: string): Spec =>
  () => ({
    xLabel: `${target} × ${prediction}`,
    by: prediction,
    range: [-2, 3],
    series: [
      { label: '', rows: (x) => pairs(prediction, target, { prediction: x, target: fill(x.length, 1) }) },
    ],
    points: ownPairs(
      prediction,
      target,
      (p, t) => p * t,
      (t) => t,
    ),
  });

/** Over the predicted probability of class 1, or its logit: one curve for each label. */
export const binaryCurve =
  (prediction: string, target: string, isLogit: (parameters: Parameters) => boolean): Spec =>
  (parameters) => ({
    xLabel: isLogit(parameters) ? t`${prediction} (logit)` : t`${prediction} (probability)`,
    by: prediction,
    range: isLogit(parameters) ? [-6, 6] : [0.004, 0.996],
    series: [0, 1].map((label) => ({
      label: `${target} ${label}`,
      rows: (x) => pairs(prediction, target, { prediction: x, target: fill(x.length, label) }),
    })),
    points: ownPairs(prediction, target, (p) => p),
  });

export type From = 'probability' | 'logit' | 'log-probability';

/** Two classes whose first is given by x: its probability, its logit over the other's, or its log-probability. */
const twoClasses = (x: ArrayLike<number>, from: From, own: 0 | 1 = 0): NdArray =>
  rows(x.length, 2, (row, column) => {
    const value = x[row]!;
    if (column === own) return value;
    return from === 'probability' ? 1 - value : from === 'logit' ? 0 : Math.log(-Math.expm1(value));
  });

const ofTrueClass: Record<From, () => string> = {
  probability: () => t('probability of the true class'),
  logit: () => t('logit of the true class − log Σ exp of the others'),
  'log-probability': () => t('log-probability of the true class'),
};
const rangeOf: Record<From, readonly [number, number]> = {
  probability: [0.004, 0.996],
  logit: [-6, 6],
  'log-probability': [-6, -0.004],
};

interface ClassCurve {
  readonly prediction: string;
  readonly target: string;
  from(parameters: Parameters): From;
  /** The class axis of a prediction of this rank. */
  axis(parameters: Parameters, rank: number): number;
  /** Labels that count nothing. */
  ignored?(parameters: Parameters): number | null;
  /** Where class 0 is another matter than the rest: what the two are called, each with a curve of its own. */
  kinds?(parameters: Parameters): readonly [first: string, others: string] | undefined;
}

/** Whether a label gives some of its weight to the other classes, whatever the library calls that. */
const isSmoothed = (parameters: Parameters): boolean =>
  Object.entries(parameters).some(
    ([name, value]) => /^(label_?smoothing|smooth_factor)$/i.test(name) && !!value,
  );

/** How many numbers the points of a plot are computed from: 25 ms of work at the most, while a slider moves. */
const mostNumbers = 40_000;

/**
 * Over the true class: its probability, or its logit less the log Σ exp of the others', where the cross-entropy of any
 * number of classes is one curve.
 */
export const classCurve =
  ({ prediction, target, from, axis, ignored, kinds }: ClassCurve, labels: 'index' | 'one-hot'): Spec =>
  (parameters) => {
    const kind = from(parameters);
    const targets = (own: readonly number[], classes: number): NdArray =>
      labels === 'index'
        ? { dtype: 'int64', shape: [own.length], data: BigInt64Array.from(own, BigInt) }
        : rows(own.length, classes, (row, c) => (c === own[row] ? 1 : 0));
    /** A class against one other. */
    const alone = (x: ArrayLike<number>, own: 0 | 1 = 0): Rows => ({
      count: x.length,
      inputs: {
        [prediction]: twoClasses(x, kind, own),
        [target]: targets(new Array<number>(x.length).fill(own), 2),
      },
      entry: (row) => 2 * row + own,
    });
    const apart = kinds?.(parameters);
    return {
      xLabel: ofTrueClass[kind](),
      by: prediction,
      range: rangeOf[kind],
      series: (apart ?? ['']).map((label, own) => ({ label, rows: (x) => alone(x, own as 0 | 1) })),
      points(inputs) {
        const p = inputs[prediction];
        const t = inputs[target];
        if (!p || !t || p.shape.length === 0) return undefined;
        const dim = (axis(parameters, p.shape.length) + p.shape.length) % p.shape.length;
        const classes = p.shape[dim]!;
        const inner = sizeOf(p.shape.slice(dim + 1));
        const count = p.data.length / classes;
        const at = (row: number, c: number): number =>
          Math.floor(row / inner) * classes * inner + c * inner + (row % inner);
        const labelOf = (row: number): number => {
          if (t.data.length === count) return Number(t.data[row]);
          let best = -1;
          for (let c = 0; c < classes; c++) if (Number(t.data[at(row, c)]) === 1) best = c;
          return best;
        };
        if (t.data.length !== count && t.data.length !== p.data.length) return undefined;
        const skip = ignored?.(parameters);
        const x = (row: number): number => {
          const label = labelOf(row);
          if (label === skip || !(label >= 0 && label < classes)) return Number.NaN;
          const own = Number(p.data[at(row, label)]);
          if (kind !== 'logit') return own;
          let largest = -Infinity;
          for (let c = 0; c < classes; c++) {
            if (c !== label) largest = Math.max(largest, Number(p.data[at(row, c)]));
          }
          let total = 0;
          for (let c = 0; c < classes; c++) {
            if (c !== label) total += Math.exp(Number(p.data[at(row, c)]) - largest);
          }
          return own - largest - Math.log(total);
        };
        if (kind !== 'probability' && !isSmoothed(parameters) && !apart) {
          return { count, x, rows: (indices) => alone(indices.map(x)) };
        }
        // Smoothed labels reach every class, and probabilities may be divided by their sum: no two classes stand for all.
        return {
          count,
          x,
          most: Math.ceil(mostNumbers / classes),
          rows: (indices) => {
            const own = indices.map(labelOf);
            return {
              count: indices.length,
              inputs: {
                [prediction]: rows(indices.length, classes, (row, c) => Number(p.data[at(indices[row]!, c)])),
                [target]: targets(own, classes),
              },
              entry: (row) => row * classes + own[row]!,
            };
          },
        };
      },
    };
  };

/** Over the score of the true class, that of the one other class being 0. */
export const scoreOfClassCurve =
  (prediction: string, target: string): Spec =>
  () => ({
    xLabel: t('score of the true class (the other one is 0)'),
    by: prediction,
    range: [-3, 3],
    series: [
      {
        label: '',
        rows: (x) => ({
          count: x.length,
          inputs: {
            [prediction]: twoClasses(x, 'logit'),
            [target]: rows(x.length, 2, (_row, column) => (column === 0 ? 1 : 0)),
          },
          entry: (row) => 2 * row,
        }),
      },
    ],
  });

/** Over the model's probability (or its logarithm), for a few true probabilities. */
export const divergenceCurve =
  (
    prediction: string,
    target: string,
    isLog: (parameters: Parameters) => { prediction: boolean; target: boolean },
  ): Spec =>
  (parameters) => {
    const log = isLog(parameters);
    return {
      xLabel: log.prediction ? t`${prediction} (log-probability)` : t`${prediction} (probability)`,
      by: prediction,
      range: log.prediction ? [-4, 0] : [0.02, 1],
      series: [0.2, 0.5, 0.8].map((p) => ({
        label: t`true probability ${p}`,
        rows: (x) =>
          pairs(prediction, target, { prediction: x, target: fill(x.length, log.target ? Math.log(p) : p) }),
      })),
      points: ownPairs(prediction, target, (p) => p),
    };
  };

const column = (x: ArrayLike<number>): NdArray => rows(x.length, 1, (i) => x[i]!);
const flat = (x: ArrayLike<number>): NdArray => ({
  dtype: 'float64',
  shape: [x.length],
  data: Float64Array.from(x),
});

/** Over the distance of a pair, similar and dissimilar. */
export const distanceCurve =
  (distance: string, label: string): Spec =>
  ({ margin }) => ({
    xLabel: t('distance'),
    by: distance,
    range: [0, 2 * Math.max(Number(margin ?? 1), 0.5)],
    series: [1, 0].map((y) => ({
      label: y === 1 ? t('similar') : t('dissimilar'),
      rows: (x) => ({
        count: x.length,
        inputs: { [distance]: flat(x), [label]: flat(fill(x.length, y)) },
        entry: (row) => row,
      }),
    })),
  });

/** Over the distance of the positive, the negative being 1 away. */
export const tripletCurve =
  (anchor: string, positive: string, negative: string): Spec =>
  () => ({
    xLabel: t('distance of the positive (the negative is at 1)'),
    by: positive,
    range: [0, 2],
    series: [
      {
        label: '',
        rows: (x) => ({
          count: x.length,
          inputs: {
            [anchor]: column(fill(x.length, 0)),
            [positive]: column(x),
            [negative]: column(fill(x.length, 1)),
          },
          entry: (row) => row,
        }),
      },
    ],
  });

/** Over the difference of two scores of which the first should be higher. */
export const rankingCurve =
  (positive: string, negative: string, label: string): Spec =>
  () => ({
    xLabel: `${positive} − ${negative}`,
    by: positive,
    range: [-2, 2],
    series: [1, -1].map((y) => ({
      label: `${label} ${y}`,
      rows: (x) => ({
        count: x.length,
        inputs: {
          [positive]: flat(x),
          [negative]: flat(fill(x.length, 0)),
          [label]: flat(fill(x.length, y)),
        },
        entry: (row) => row,
      }),
    })),
  });

/** Over the probability given to the pixels of an object that fills half of the image. */
export const overlapCurve =
  (prediction: string, target: string, bySample: Parameters = { over: 'sample' }): Spec =>
  () => ({
    xLabel: t('probability inside (half of the image)'),
    by: prediction,
    range: [0.004, 1],
    parameters: bySample,
    series: [0, 0.5].map((outside) => ({
      label: t`outside ${outside}`,
      rows: (x) => ({
        count: x.length,
        inputs: {
          [prediction]: rows(x.length, 2, (row, pixel) => (pixel === 0 ? x[row]! : outside)),
          [target]: rows(x.length, 2, (_row, pixel) => (pixel === 0 ? 1 : 0)),
        },
        entry: (row) => 2 * row,
      }),
    })),
  });

/** As `overlapCurve`, where masks have channels, [N, 1, 2]: over the probability or the logit. */
export const maskCurve =
  (
    prediction: string,
    target: string,
    options: {
      readonly isLogit: (parameters: Parameters) => boolean;
      readonly parameters: Parameters;
      readonly oneByOne?: boolean;
    },
  ): Spec =>
  (parameters) => {
    const isLogit = options.isLogit(parameters);
    const mask = (values: NdArray): NdArray => ({ ...values, shape: [values.shape[0]!, 1, 2] });
    return {
      xLabel: isLogit
        ? t('logit of the pixels inside (half of the image)')
        : t('probability of the pixels inside (half of the image)'),
      by: prediction,
      range: isLogit ? [-6, 6] : [0.004, 1],
      parameters: options.parameters,
      ...(options.oneByOne && { oneByOne: true }),
      series: (isLogit ? [-6, 0] : [0, 0.5]).map((outside) => ({
        label: t`outside ${outside}`,
        rows: (x) => ({
          count: x.length,
          inputs: {
            [prediction]: mask(rows(x.length, 2, (row, pixel) => (pixel === 0 ? x[row]! : outside))),
            [target]: mask(rows(x.length, 2, (_row, pixel) => (pixel === 0 ? 1 : 0))),
          },
          entry: (row) => 2 * row,
        }),
      })),
    };
  };

/** As `overlapCurve`, of class scores [N, 2, 1, 2] against labels [N, 1, 2]: over the logit of class 1 against 0. */
export const labelMaskCurve =
  (prediction: string, target: string, own: Parameters): Spec =>
  () => ({
    xLabel: t('logit of the pixels inside (half of the image)'),
    by: prediction,
    range: [-6, 6],
    parameters: own,
    oneByOne: true,
    series: [-6, 0].map((outside) => ({
      label: t`outside ${outside}`,
      rows: (x) => ({
        count: x.length,
        inputs: {
          [prediction]: {
            ...rows(x.length, 4, (row, i) => (i < 2 ? 0 : i === 2 ? x[row]! : outside)),
            shape: [x.length, 2, 1, 2],
          },
          [target]: {
            dtype: 'int64',
            shape: [x.length, 1, 2],
            data: BigInt64Array.from({ length: 2 * x.length }, (_, i) => BigInt(1 - (i % 2))),
          },
        },
        entry: (row) => 4 * row + 2,
      }),
    })),
  });

/** Over the difference of two neighbouring pixels. */
export const neighbourCurve =
  (image: string, { channelsLast = false } = {}): Spec =>
  () => ({
    xLabel: t('difference of two neighbouring pixels'),
    by: image,
    range: [-2, 2],
    series: [
      {
        label: '',
        rows: (x) => ({
          count: x.length,
          inputs: {
            [image]: {
              ...rows(x.length, 2, (row, pixel) => (pixel === 0 ? 0 : x[row]!)),
              shape: channelsLast ? [x.length, 1, 2, 1] : [x.length, 1, 2],
            },
          },
          entry: (row) => 2 * row + 1,
        }),
      },
    ],
  });

const captions = {
  probability: (score: string) => t`${score} (probability)`,
  logit: (score: string) => t`${score} (logit)`,
  score: (score: string) => t`${score} (score)`,
} as const;

/** Over one score, of a real or of a generated sample, the other being undecided. */
export const scoreCurve =
  (
    names: { readonly real?: string; readonly fake: string },
    kind: (parameters: Parameters) => keyof typeof captions,
  ): Spec =>
  (parameters) => {
    const what = kind(parameters);
    const undecided = what === 'logit' ? 0 : 0.5;
    const moving = names.real ?? names.fake;
    return {
      xLabel: captions[what](moving),
      by: moving,
      range: what === 'logit' ? [-6, 6] : what === 'probability' ? [0.004, 0.996] : [-1, 2],
      oneByOne: names.real !== undefined,
      series: [
        {
          label: '',
          rows: (x) => ({
            count: x.length,
            inputs: {
              ...(names.real && { [names.real]: flat(x) }),
              [names.fake]: names.real ? flat(fill(x.length, undecided)) : flat(x),
            },
            entry: (row) => row,
          }),
        },
      ],
    };
  };

/** Over the expected count, for a few true counts. */
export const rateCurve =
  (prediction: string, target: string, isLog: (parameters: Parameters) => boolean): Spec =>
  (parameters) => ({
    xLabel: isLog(parameters) ? t`${prediction} (log-rate)` : t`${prediction} (rate)`,
    by: prediction,
    range: isLog(parameters) ? [-2, 2.5] : [0.05, 8],
    series: [0, 1, 3].map((count) => ({
      label: t`count ${count}`,
      rows: (x) => pairs(prediction, target, { prediction: x, target: fill(x.length, count) }),
    })),
    points: ownPairs(prediction, target, (p) => p),
  });

/** Of a triangle, seen from its second corner: the anchor `angle` before it, and one of another class. */
const corners = (angle: number): readonly (readonly [number, number])[] => [
  [Math.cos(angle), -Math.sin(angle)],
  [1, 0],
  [-Math.sin(angle), -Math.cos(angle)],
];

/**
 * Over the angle from an anchor to another of its class, one of another class being a right angle away. The one that
 * moves stands at (1, 0) and the others about it: its second entry is then the one that moves.
 */
export const similarityCurve =
  (embedding: string, label: string): Spec =>
  () => ({
    xLabel: t('angle to one of its class (radians)'),
    by: embedding,
    along: t('angle'),
    range: [0.01, Math.PI],
    oneByOne: true,
    series: [
      {
        label: '',
        rows: (x) => ({
          count: x.length,
          inputs: {
            [embedding]: rows(3, 2, (row, d) => corners(x[0]!)[row]![d]!),
            [label]: { dtype: 'int64', shape: [3], data: BigInt64Array.of(0n, 0n, 1n) },
          },
          entry: () => 3,
        }),
      },
    ],
  });

/** Vectors of length 1 at an angle to others. They stand at (1, 0): the second entry is the one that turns them. */
const turned = (one: string, other: string, angles: Float64Array): Rows => ({
  count: angles.length,
  inputs: {
    [one]: rows(angles.length, 2, (_row, d) => (d === 0 ? 1 : 0)),
    [other]: rows(angles.length, 2, (row, d) => (d === 0 ? Math.cos(angles[row]!) : -Math.sin(angles[row]!))),
  },
  entry: (row) => 2 * row + 1,
});

/** Over the angle between two vectors of length 1. */
export const angleCurve =
  (prediction: string, target: string): Spec =>
  () => ({
    xLabel: t('angle between the vectors (radians)'),
    by: prediction,
    along: t('angle'),
    range: [0.01, Math.PI],
    series: [{ label: '', rows: (x) => turned(prediction, target, x) }],
  });

/** Over the logit of the right label in three frames of two classes and a blank. */
export const alignmentCurve =
  (
    names: {
      readonly scores: string;
      readonly target: string;
      readonly inputLength?: string;
      readonly targetLength?: string;
      /** 0 for every frame, and for every label. */
      readonly paddings?: readonly [string, string];
      /** The parameter that names the blank, which is class 0 here. */
      readonly blank?: string;
    },
    {
      logProbabilities = false,
      batchFirst = () => false,
    }: { logProbabilities?: boolean; batchFirst?: (parameters: Parameters) => boolean } = {},
  ): Spec =>
  (parameters) => {
    const frames = 3;
    const integers = (shape: number[], value: number): NdArray => ({
      dtype: 'int32',
      shape,
      data: new Int32Array(sizeOf(shape)).fill(value),
    });
    const byBatch = batchFirst(parameters);
    return {
      xLabel: t('logit of the label in the second of three frames'),
      by: names.scores,
      range: [-6, 6],
      ...(names.blank && { parameters: { [names.blank]: 0 } }),
      series: [
        {
          label: '',
          rows: (x) => {
            const count = x.length;
            const at = (t: number, n: number): number => 3 * (byBatch ? n * frames + t : t * count + n);
            const data = new Float64Array(3 * frames * count);
            for (let n = 0; n < count; n++) data[at(1, n) + 1] = x[n]!;
            if (logProbabilities) {
              for (let i = 0; i < data.length; i += 3) {
                const total = Math.log(Math.exp(data[i]!) + Math.exp(data[i + 1]!) + Math.exp(data[i + 2]!));
                for (let c = 0; c < 3; c++) data[i + c]! -= total;
              }
            }
            const [ofFrames, ofLabels] = names.paddings ?? [];
            return {
              count,
              inputs: {
                [names.scores]: {
                  dtype: 'float64',
                  shape: byBatch ? [count, frames, 3] : [frames, count, 3],
                  data,
                  weak: true,
                },
                [names.target]: integers([count, 1], 1),
                ...(names.inputLength && { [names.inputLength]: integers([count], frames) }),
                ...(names.targetLength && { [names.targetLength]: integers([count], 1) }),
                ...(ofFrames && { [ofFrames]: integers([count, frames], 0) }),
                ...(ofLabels && { [ofLabels]: integers([count, 1], 0) }),
              },
              entry: (row) => at(1, row) + 1,
            };
          },
        },
      ],
    };
  };

/** Over where a sample lies, the other distribution being at 0. */
export const displacementCurve =
  (first: string, second: string): Spec =>
  () => ({
    xLabel: t`a sample of ${first} (${second} is at 0)`,
    by: first,
    range: [-3, 3],
    parameters: { form: 'samples' },
    oneByOne: true,
    series: [
      {
        label: '',
        rows: (x) => ({
          count: x.length,
          inputs: { [first]: flat(x), [second]: flat(fill(1, 0)) },
          entry: (row) => row,
        }),
      },
    ],
  });

/** Over the score of the true class less that of the only other; labels are class numbers, or lists that −1 ends. */
export const classMarginCurve =
  (prediction: string, target: string, labels: 'number' | 'list' = 'number'): Spec =>
  () => ({
    xLabel: t('score of the true class − score of the other'),
    by: prediction,
    range: [-2, 3],
    series: [
      {
        label: '',
        rows: (x) => ({
          count: x.length,
          inputs: {
            [prediction]: rows(x.length, 2, (row, c) => (c === 0 ? x[row]! : 0)),
            [target]:
              labels === 'number'
                ? { dtype: 'int64', shape: [x.length], data: new BigInt64Array(x.length) }
                : {
                    dtype: 'int64',
                    shape: [x.length, 2],
                    data: BigInt64Array.from({ length: 2 * x.length }, (_, i) => BigInt(-(i % 2))),
                  },
          },
          entry: (row) => 2 * row,
        }),
      },
    ],
  });

/** Over the score of the only relevant item of a list of two, the other's being 0. */
export const listCurve =
  (prediction: string, target: string): Spec =>
  () => ({
    xLabel: t('score of the relevant item − score of the other'),
    by: prediction,
    range: [-6, 6],
    oneByOne: true,
    series: [
      {
        label: '',
        rows: (x) => ({
          count: x.length,
          inputs: {
            [prediction]: rows(x.length, 2, (row, item) => (item === 0 ? x[row]! : 0)),
            [target]: rows(x.length, 2, (_row, item) => (item === 0 ? 1 : 0)),
          },
          entry: (row) => 2 * row,
        }),
      },
    ],
  });

/** Over the distance of a pair, for the labels 1 and −1. */
export const signedDistanceCurve =
  (distance: string, label: string): Spec =>
  ({ margin }) => ({
    xLabel: distance,
    by: distance,
    range: [0, 2 * Math.max(Number(margin ?? 1), 0.5)],
    series: [1, -1].map((y) => ({
      label: `${label} ${y}`,
      rows: (x) => pairs(distance, label, { prediction: x, target: fill(x.length, y) }),
    })),
    points: ownPairs(distance, label, (d) => d),
  });

/** Over the angle between two vectors of length 1, for the labels 1 and −1. */
export const signedAngleCurve =
  (first: string, second: string, label: string): Spec =>
  () => ({
    xLabel: t('angle between the vectors (radians)'),
    by: first,
    along: t('angle'),
    range: [0.01, Math.PI],
    series: [1, -1].map((y) => ({
      label: `${label} ${y}`,
      rows: (x) => {
        const both = turned(first, second, x);
        return { ...both, inputs: { ...both.inputs, [label]: flat(fill(x.length, y)) } };
      },
    })),
  });

/** Over prediction − target, for a few variances. */
export const varianceCurve =
  (prediction: string, target: string, variance: string): Spec =>
  () => ({
    xLabel: `${prediction} − ${target}`,
    by: prediction,
    range: [-3, 3],
    series: [0.25, 1, 4].map((v) => ({
      label: t`variance ${v}`,
      rows: (x) => ({
        count: x.length,
        inputs: {
          [prediction]: column(x),
          [target]: column(fill(x.length, 0)),
          [variance]: column(fill(x.length, v)),
        },
        entry: (row) => row,
      }),
    })),
  });
