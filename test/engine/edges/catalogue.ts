/** The edges of every loss of the catalogue: what the definitions give for 0, 1, ±∞, NaN, ties, nothing at all, and misfits. */
import { array, type DType, type NdArray } from '../../../engine/array.ts';
import type { Parameters } from '../../../engine/evaluation.ts';
import { losses } from '../../../engine/node.ts';
import { adversarialEdges } from './adversarial.ts';
import { type Edge, empty, emptyLabels, inf, ln, type Numbers, nan } from './edge.ts';
import { imageEdges } from './images.ts';
import { marginEdges } from './margins.ts';
import { rankingEdges } from './rankings.ts';
import { relativeEdges } from './relatives.ts';
import { specializedEdges } from './specialized.ts';

/** What every loss of two inputs compared element by element does with nothing, and with misfits. */
const elementwise: readonly Edge[] = [
  { note: 'empty, sum', inputs: { prediction: empty(0), target: empty(0) }, reduction: 'sum', value: [0] },
  {
    note: 'empty, mean',
    inputs: { prediction: empty(0), target: empty(0) },
    reduction: 'mean',
    value: [nan],
  },
  { note: 'empty', inputs: { prediction: empty(0, 3), target: empty(0, 3) }, value: [] },
  {
    note: '[2] against [2, 1]',
    inputs: { prediction: [0.5, 0.5], target: [[1], [1]] },
    refused: 'shape-mismatch',
  },
  {
    note: '[2] against [3]',
    inputs: { prediction: [0.5, 0.5], target: [1, 1, 1] },
    refused: 'shape-mismatch',
  },
  { note: 'no target', inputs: { prediction: [0.5] }, refused: 'missing-input' },
  {
    note: 'an input of another name',
    inputs: { prediction: [0.5], target: [1], labels: [1] },
    refused: 'unknown-input',
  },
  {
    note: 'an unknown parameter',
    inputs: { prediction: [0.5], target: [1] },
    parameters: { gama: 2 },
    refused: 'parameter',
  },
];

/** NaN and infinities in a loss of the residual alone; `slope` is its gradient at +∞. */
const residuals = (slope: number): readonly Edge[] => [
  {
    note: 'infinite residuals',
    inputs: { prediction: [inf, -inf, 1], target: [0, 0, 1] },
    value: [inf, inf, 0],
    gradients: { prediction: [slope, -slope, 0], target: [-slope, slope, 0] },
    firstNonFinite: [0],
  },
  {
    note: 'equal infinities',
    inputs: { prediction: [inf], target: [inf] },
    value: [nan],
    firstNonFinite: [0],
  },
  {
    note: 'one NaN among others',
    inputs: {
      prediction: [
        [1, 2],
        [1, nan],
      ],
      target: [
        [1, 2],
        [1, 1],
      ],
    },
    value: [0, 0, 0, nan],
    firstNonFinite: [1, 1],
  },
  {
    note: 'one NaN spoils the mean',
    inputs: { prediction: [1, nan], target: [1, 1] },
    reduction: 'mean',
    value: [nan],
  },
];

const from = (what: string): Parameters => ({ from: what });

/** Of every loss of the catalogue. */
export const edges: Readonly<Record<string, readonly Edge[]>> = {
  ...Object.fromEntries(
    losses
      .filter(({ family, inputs }) => family === 'regression' && inputs.length === 2)
      .map(({ id }) => [id, elementwise]),
  ),
  ...adversarialEdges,
  ...imageEdges,
  ...marginEdges,
  ...rankingEdges,
  ...relativeEdges,
  ...specializedEdges,
  'mean-squared-error': [
    ...elementwise,
    ...residuals(inf),
    {
      note: '0-D',
      inputs: { prediction: 3, target: 1 },
      reduction: 'mean',
      value: [4],
      gradients: { prediction: [4] },
    },
    {
      note: 'tie',
      inputs: { prediction: [2], target: [2] },
      value: [0],
      gradients: { prediction: [0], target: [0] },
    },
    {
      note: 'signed zeros',
      inputs: { prediction: [-0], target: [0] },
      value: [0],
      gradients: { prediction: [0] },
    },
  ],
  perceptual: [
    ...elementwise,
    ...residuals(inf),
    {
      note: 'tie',
      inputs: { prediction: [2], target: [2] },
      value: [0],
      gradients: { prediction: [0], target: [0] },
    },
    {
      note: 'summed over maps',
      inputs: { prediction: [[[1, 2]]], target: [[[0, 0]]] },
      reduction: 'sum',
      value: [5],
      gradients: { prediction: [2, 4], target: [-2, -4] },
    },
  ],
  'mean-absolute-error': [
    ...elementwise,
    ...residuals(1),
    {
      note: 'tie',
      inputs: { prediction: [2], target: [2] },
      value: [0],
      gradients: { prediction: [0], target: [0] },
    },
    {
      note: 'beside the tie',
      inputs: { prediction: [5e-324], target: [0] },
      value: [5e-324],
      gradients: { prediction: [1] },
    },
  ],
  huber: [
    ...elementwise,
    ...residuals(1),
    {
      note: 'tie, and |r| = δ from both sides',
      inputs: { prediction: [0, 0.5, -0.5, 2], target: [0, 0, 0, 0] },
      parameters: { delta: 0.5 },
      value: [0, 0.125, 0.125, 0.875],
      gradients: { prediction: [0, 0.5, -0.5, 0.5] },
    },
    {
      note: 'δ = 0',
      inputs: { prediction: [1], target: [0] },
      parameters: { delta: 0 },
      refused: 'parameter',
    },
    {
      note: 'δ < 0',
      inputs: { prediction: [1], target: [0] },
      parameters: { delta: -1 },
      refused: 'parameter',
    },
    {
      note: 'δ NaN',
      inputs: { prediction: [1], target: [0] },
      parameters: { delta: nan },
      refused: 'parameter',
    },
    {
      note: 'δ a word',
      inputs: { prediction: [1], target: [0] },
      parameters: { delta: 'one' },
      refused: 'parameter',
    },
  ],
  'binary-cross-entropy': [
    ...elementwise,
    {
      note: '0·log 0 = 0',
      inputs: { prediction: [0, 1], target: [0, 1] },
      value: [0, 0],
    },
    {
      note: 'sure and wrong',
      inputs: { prediction: [0, 1], target: [1, 0] },
      value: [inf, inf],
      firstNonFinite: [0],
    },
    { note: 'sure, target between', inputs: { prediction: [0, 1], target: [0.5, 0.5] }, value: [inf, inf] },
    {
      note: 'NaN probability',
      inputs: { prediction: [nan], target: [1] },
      value: [nan],
      firstNonFinite: [0],
    },
    { note: 'above 1', inputs: { prediction: [0.5, 1.5], target: [1, 1] }, refused: 'domain' },
    { note: 'below 0', inputs: { prediction: [-0.5, 0.5], target: [1, 1] }, refused: 'domain' },
    { note: 'infinite', inputs: { prediction: [inf], target: [1] }, refused: 'domain' },
    {
      note: 'logit 0',
      inputs: { prediction: [0, 0], target: [0, 1] },
      parameters: from('logit'),
      value: [ln(2), ln(2)],
      gradients: { prediction: [0.5, -0.5] },
    },
    {
      note: 'large logits, right and wrong',
      inputs: { prediction: [800, -800, 800, -800], target: [1, 0, 0, 1] },
      parameters: from('logit'),
      value: [0, 0, 800, 800],
      gradients: { prediction: [0, 0, 1, -1], target: [-800, 800, -800, 800] },
    },
    {
      note: 'a logit whose probability rounds to 1',
      inputs: { prediction: [-40], target: [0] },
      parameters: from('logit'),
      value: [Math.exp(-40)],
      gradients: { prediction: [Math.exp(-40)] },
    },
    {
      note: 'from nonsense',
      inputs: { prediction: [0.5], target: [1] },
      parameters: from('odds'),
      refused: 'parameter',
    },
  ],
  'categorical-cross-entropy': [
    {
      note: 'empty, sum',
      inputs: { prediction: empty(0, 3), target: empty(0, 3) },
      reduction: 'sum',
      value: [0],
    },
    {
      note: 'empty, mean',
      inputs: { prediction: empty(0, 3), target: empty(0, 3) },
      reduction: 'mean',
      value: [nan],
    },
    {
      note: '0·log 0 = 0',
      inputs: { prediction: [[0, 1]], target: [[0, 1]] },
      value: [0],
    },
    {
      note: 'sure and wrong',
      inputs: { prediction: [[0, 1]], target: [[1, 0]] },
      value: [inf],
      firstNonFinite: [0],
    },
    { note: 'NaN probability', inputs: { prediction: [[0.5, nan]], target: [[0, 1]] }, value: [nan] },
    { note: 'above 1', inputs: { prediction: [[0.5, 1.5]], target: [[0, 1]] }, refused: 'domain' },
    {
      note: 'equal logits',
      inputs: { prediction: [[7, 7]], target: [[0, 1]] },
      parameters: from('logit'),
      value: [ln(2)],
      gradients: { prediction: [0.5, -0.5], target: [ln(2), ln(2)] },
    },
    {
      note: 'large logits',
      inputs: { prediction: [[1000, -1000]], target: [[0, 1]] },
      parameters: from('logit'),
      value: [2000],
      gradients: { prediction: [1, -1] },
    },
    {
      note: 'logit −∞ at the target',
      inputs: { prediction: [[0, -inf]], target: [[0, 1]] },
      parameters: from('logit'),
      value: [inf],
      gradients: { prediction: [1, -1] },
    },
    {
      note: 'logit −∞ where the target is 0',
      inputs: { prediction: [[0, -inf]], target: [[1, 0]] },
      parameters: from('logit'),
      value: [0],
      gradients: { prediction: [0, 0] },
    },
    {
      note: 'log-probability −∞ where the target is 0',
      inputs: { prediction: [[0, -inf]], target: [[1, 0]] },
      parameters: from('log-probability'),
      value: [0],
      gradients: { prediction: [-1, 0] },
    },
    {
      note: 'logit +∞',
      inputs: {
        prediction: [
          [0, inf],
          [0, 0],
        ],
        target: [
          [0, 1],
          [0, 1],
        ],
      },
      parameters: from('logit'),
      value: [nan, ln(2)],
      firstNonFinite: [0],
    },
    {
      note: 'one class',
      inputs: { prediction: [[3]], target: [[1]] },
      parameters: from('logit'),
      value: [0],
      gradients: { prediction: [0] },
    },
    {
      note: 'class weight 0',
      inputs: { prediction: [[0.25, 0.75]], target: [[0, 1]], classWeight: [1, 0] },
      value: [0],
      gradients: { prediction: [0, 0] },
    },
    {
      note: 'class weights of another number',
      inputs: { prediction: [[0.5, 0.5]], target: [[0, 1]], classWeight: [1, 2, 3] },
      refused: 'shape-mismatch',
    },
    {
      note: 'all smoothed away',
      inputs: { prediction: [[0.25, 0.75]], target: [[0, 1]] },
      parameters: { labelSmoothing: 1 },
      value: [-(ln(0.25) + ln(0.75)) / 2],
    },
    {
      note: 'smoothing above 1',
      inputs: { prediction: [[0.5, 0.5]], target: [[0, 1]] },
      parameters: { labelSmoothing: 1.5 },
      refused: 'parameter',
    },
    {
      note: 'axis 2 of 2',
      inputs: { prediction: [[0.5, 0.5]], target: [[0, 1]] },
      parameters: { axis: 2 },
      refused: 'parameter',
    },
    {
      note: 'axis 0.5',
      inputs: { prediction: [[0.5, 0.5]], target: [[0, 1]] },
      parameters: { axis: 0.5 },
      refused: 'parameter',
    },
    {
      note: 'class numbers for one-hot',
      inputs: { prediction: [[0.5, 0.5]], target: [1] },
      refused: 'shape-mismatch',
    },
  ],
  'sparse-categorical-cross-entropy': [
    {
      note: 'empty, sum',
      inputs: { prediction: empty(0, 3), target: emptyLabels(0) },
      reduction: 'sum',
      value: [0],
    },
    {
      note: 'empty, mean',
      inputs: { prediction: empty(0, 3), target: emptyLabels(0) },
      reduction: 'mean',
      value: [nan],
    },
    {
      note: 'sure, right and wrong',
      inputs: {
        prediction: [
          [0, 1],
          [0, 1],
        ],
        target: [1, 0],
      },
      value: [0, inf],
      firstNonFinite: [1],
    },
    {
      note: 'logit −∞ at the label and beside it',
      inputs: {
        prediction: [
          [0, -inf],
          [0, -inf],
        ],
        target: [1, 0],
      },
      parameters: from('logit'),
      value: [inf, 0],
      gradients: { prediction: [1, -1, 0, 0] },
    },
    {
      note: 'ignored',
      inputs: {
        prediction: [
          [0.25, 0.75],
          [0.5, 0.5],
        ],
        target: [1, 255],
      },
      parameters: { ignoreIndex: 255 },
      value: [-ln(0.75), 0],
      gradients: { prediction: [0, -1 / 0.75, 0, 0] },
    },
    {
      note: 'ignored, NaN in its row',
      inputs: {
        prediction: [
          [0.25, 0.75],
          [nan, nan],
        ],
        target: [1, -1],
      },
      parameters: { ignoreIndex: -1 },
      value: [-ln(0.75), 0],
      gradients: { prediction: [0, -1 / 0.75, 0, 0] },
    },
    {
      note: 'the mean leaves the ignored out',
      inputs: {
        prediction: [
          [0.25, 0.75],
          [0.5, 0.5],
        ],
        target: [1, -1],
      },
      parameters: { ignoreIndex: -1 },
      reduction: 'mean',
      value: [-ln(0.75)],
    },
    {
      note: 'all ignored, sum',
      inputs: { prediction: [[0.25, 0.75]], target: [0] },
      parameters: { ignoreIndex: 0 },
      reduction: 'sum',
      value: [0],
      gradients: { prediction: [0, 0] },
    },
    {
      note: 'all ignored, mean',
      inputs: { prediction: [[0.25, 0.75]], target: [0] },
      parameters: { ignoreIndex: 0 },
      reduction: 'mean',
      value: [nan],
    },
    { note: 'label K', inputs: { prediction: [[0.5, 0.5]], target: [2] }, refused: 'label-out-of-range' },
    { note: 'label −1', inputs: { prediction: [[0.5, 0.5]], target: [-1] }, refused: 'label-out-of-range' },
    { note: 'label ½', inputs: { prediction: [[0.5, 0.5]], target: [0.5] }, refused: 'dtype' },
    { note: 'labels [N, 1]', inputs: { prediction: [[0.5, 0.5]], target: [[1]] }, refused: 'shape-mismatch' },
    { note: 'above 1', inputs: { prediction: [[0.5, 1.5]], target: [0] }, refused: 'domain' },
    {
      note: 'one class',
      inputs: { prediction: [[3]], target: [0] },
      parameters: from('logit'),
      value: [0],
      gradients: { prediction: [0] },
    },
  ],
  'kl-divergence': [
    ...elementwise,
    {
      note: '0·log(0/q) = 0',
      inputs: { prediction: [[0.5, 0.5]], target: [[0, 1]] },
      value: [0, ln(2)],
      gradients: { prediction: [0, -2] },
    },
    { note: '0·log(0/0) = 0', inputs: { prediction: [[0, 1]], target: [[0, 1]] }, value: [0, 0] },
    {
      note: 'p > 0 where q = 0',
      inputs: { prediction: [[0, 1]], target: [[0.5, 0.5]] },
      value: [inf, 0.5 * ln(0.5)],
      firstNonFinite: [0, 0],
    },
    {
      note: 'equal',
      inputs: { prediction: [[0.3, 0.7]], target: [[0.3, 0.7]] },
      value: [0, 0],
      gradients: { prediction: [-1, -1], target: [1, 1] },
    },
    {
      note: 'log q = −∞ where p = 0',
      inputs: { prediction: [[-inf, 0]], target: [[0, 1]] },
      parameters: { predictionFrom: 'log-probability' },
      value: [0, 0],
    },
    {
      note: 'log p = −∞',
      inputs: { prediction: [[ln(0.5), ln(0.5)]], target: [[-inf, 0]] },
      parameters: { predictionFrom: 'log-probability', targetFrom: 'log-probability' },
      value: [0, ln(2)],
      gradients: { prediction: [0, -1] },
    },
    { note: 'negative p', inputs: { prediction: [[0.5, 0.5]], target: [[-0.5, 1.5]] }, refused: 'domain' },
    { note: 'negative q', inputs: { prediction: [[-0.5, 1.5]], target: [[0.5, 0.5]] }, refused: 'domain' },
    {
      note: 'NaN',
      inputs: { prediction: [[nan, 0.5]], target: [[0.5, 0.5]] },
      value: [nan, 0],
      firstNonFinite: [0, 0],
    },
  ],
  hinge: [
    ...elementwise,
    {
      note: 'tie: y·ŷ = 1',
      inputs: { prediction: [1, -1], target: [1, -1] },
      value: [0, 0],
      gradients: { prediction: [0, 0] },
    },
    {
      note: 'beside the tie',
      inputs: { prediction: [1 - 2 ** -53, 1 + 2 ** -52], target: [1, 1] },
      value: [2 ** -53, 0],
      gradients: { prediction: [-1, 0] },
    },
    {
      note: 'infinite scores',
      inputs: { prediction: [inf, -inf], target: [1, 1] },
      value: [0, inf],
      gradients: { prediction: [0, -1] },
      firstNonFinite: [1],
    },
    { note: 'NaN score', inputs: { prediction: [nan], target: [1] }, value: [nan], firstNonFinite: [0] },
  ],

  perceptron: [
    ...elementwise,
    {
      note: 'tie: a score of 0, and labels that are none',
      inputs: { prediction: [0, -0, 2], target: [1, -1, 0] },
      value: [0, 0, 0],
      gradients: { prediction: [0, 0, 0] },
    },
    {
      note: 'beside the tie',
      inputs: { prediction: [-(2 ** -60), 2 ** -60], target: [1, 1] },
      value: [2 ** -60, 0],
      gradients: { prediction: [-1, 0] },
    },
    {
      note: 'infinite scores',
      inputs: { prediction: [inf, -inf], target: [1, 1] },
      value: [0, inf],
      gradients: { prediction: [0, -1] },
      firstNonFinite: [1],
    },
    { note: 'NaN score', inputs: { prediction: [nan], target: [1] }, value: [nan], firstNonFinite: [0] },
  ],

  pinball: [
    ...elementwise,
    {
      note: 'tie, and beside it',
      inputs: { prediction: [2, 2 + 2 ** -40, 2 - 2 ** -40], target: [2, 2, 2] },
      parameters: { alpha: 0.25 },
      value: [0, 0.75 * 2 ** -40, 0.25 * 2 ** -40],
      gradients: { prediction: [-0.25, 0.75, -0.25] },
    },
    {
      note: 'infinite residuals',
      inputs: { prediction: [inf, -inf], target: [0, 0] },
      parameters: { alpha: 0.25 },
      value: [inf, inf],
      gradients: { prediction: [0.75, -0.25] },
      firstNonFinite: [0],
    },
    { note: 'NaN', inputs: { prediction: [nan, 1], target: [0, 0] }, value: [nan, 0.5], firstNonFinite: [0] },
    {
      note: 'alpha of 2',
      inputs: { prediction: [1], target: [1] },
      parameters: { alpha: 2 },
      refused: 'parameter',
    },
  ],

  'tweedie-deviance': [
    ...elementwise,
    {
      note: 'equal',
      inputs: { prediction: [2, 0.25], target: [2, 0.25] },
      value: [0, 0],
      gradients: { prediction: [0, 0] },
    },
    {
      note: 'a target of 0',
      inputs: { prediction: [4], target: [0] },
      value: [8],
      gradients: { prediction: [1] },
    },
    {
      note: 'a target of 0, power 1',
      inputs: { prediction: [4], target: [0] },
      parameters: { power: 1 },
      value: [8],
      gradients: { prediction: [2] },
    },
    {
      note: 'a target of 0, power 2',
      inputs: { prediction: [4], target: [0] },
      parameters: { power: 2 },
      refused: 'domain',
    },
    { note: 'a prediction of 0', inputs: { prediction: [0], target: [1] }, refused: 'domain' },
    { note: 'NaN', inputs: { prediction: [nan], target: [1] }, value: [nan], firstNonFinite: [0] },
    {
      note: 'a power of ½',
      inputs: { prediction: [1], target: [1] },
      parameters: { power: 0.5 },
      refused: 'parameter',
    },
  ],

  'poly-cross-entropy': [
    {
      note: 'empty, mean',
      inputs: { prediction: empty(0, 3), target: empty(0, 3) },
      reduction: 'mean',
      value: [nan],
    },
    {
      note: 'sure, right and wrong',
      inputs: {
        prediction: [
          [0, 1],
          [1, 0],
        ],
        target: [
          [0, 1],
          [0, 1],
        ],
      },
      value: [0, inf],
      firstNonFinite: [1],
    },
    {
      note: 'ε = 0 is the cross-entropy',
      inputs: { prediction: [[0.25, 0.75]], target: [[1, 0]] },
      parameters: { epsilon: 0 },
      value: [ln(4)],
    },
    {
      note: 'ε = 2, equal logits',
      inputs: { prediction: [[7, 7]], target: [[0, 1]] },
      parameters: { from: 'logit', epsilon: 2 },
      value: [ln(2) + 1],
      gradients: { prediction: [1, -1] },
    },
    { note: 'NaN probability', inputs: { prediction: [[0.5, nan]], target: [[0, 1]] }, value: [nan] },
    { note: 'above 1', inputs: { prediction: [[0.5, 1.5]], target: [[0, 1]] }, refused: 'domain' },
    {
      note: 'ε below −1',
      inputs: { prediction: [[0.5, 0.5]], target: [[0, 1]] },
      parameters: { epsilon: -1.5 },
      refused: 'parameter',
    },
    { note: 'class numbers', inputs: { prediction: [[0.5, 0.5]], target: [1] }, refused: 'shape-mismatch' },
  ],
};

function toArray(numbers: Numbers, dtype: DType): NdArray {
  if (typeof numbers === 'object' && 'dtype' in numbers) return numbers;
  return array(numbers, { dtype });
}

/** Class numbers are integers; ½ is given as it is, without a dtype. */
export function inputsOf(loss: string, { inputs }: Edge): Record<string, NdArray> {
  const kinds = new Map(losses.find(({ id }) => id === loss)?.inputs.map(({ name, kind }) => [name, kind]));
  return Object.fromEntries(
    Object.entries(inputs).map(([name, numbers]) => {
      const labels = kinds.get(name) === 'integer';
      const isArray = typeof numbers === 'object' && 'dtype' in numbers;
      const whole = isArray || [numbers].flat(3).every((x) => Number.isInteger(x));
      return [name, toArray(numbers, labels && whole ? 'int64' : 'float64')];
    }),
  );
}
