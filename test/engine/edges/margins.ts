/** Edges of the margin and embedding losses, and of the Gaussian likelihood. */
import { type Edge, empty, emptyLabels, inf, ln, nan } from './edge.ts';

const third = 1 / 3;
const half = Math.sqrt(0.5);
const scores = [
  [2, 1, 0.1],
  [0, 3, 0],
];
const ranked = [[0.1, 0.2, 0.4, 0.8]];
const pair = {
  first: [
    [1, 0],
    [1, 0],
  ],
  second: [
    [1, 1],
    [1, 1],
  ],
};

export const marginEdges: Readonly<Record<string, readonly Edge[]>> = {
  'soft-margin': [
    {
      note: 'score 0',
      inputs: { prediction: [0, 0], target: [1, -1] },
      value: [ln(2), ln(2)],
      gradients: { prediction: [-0.5, 0.5] },
    },
    {
      note: 'scores whose exponential would overflow',
      inputs: { prediction: [-800, 800], target: [1, 1] },
      value: [800, 0],
      gradients: { prediction: [-1, 0] },
    },
    {
      note: 'infinite scores',
      inputs: { prediction: [inf, -inf, -inf], target: [1, 1, -1] },
      value: [0, inf, 0],
      gradients: { prediction: [0, -1, 0] },
      firstNonFinite: [1],
    },
    { note: 'NaN', inputs: { prediction: [1, nan], target: [1, 1] }, value: [Math.log1p(Math.exp(-1)), nan] },
    { note: 'label 0', inputs: { prediction: [1], target: [0] }, refused: 'label-out-of-range' },
    {
      note: '[2] against [2, 1]',
      inputs: { prediction: [1, 1], target: [[1], [1]] },
      refused: 'shape-mismatch',
    },
    {
      note: 'empty, mean',
      inputs: { prediction: empty(0), target: empty(0) },
      reduction: 'mean',
      value: [nan],
    },
    { note: 'empty', inputs: { prediction: empty(0, 3), target: empty(0, 3) }, value: [] },
  ],
  sparsemax: [
    {
      note: 'all tied, two tied, none',
      inputs: {
        prediction: [
          [1, 1, 1, 1],
          [2, 2, 0, 0],
          [0.5, 0.25, 0.125, -9],
        ],
        target: [0, 2, 0],
      },
      value: [0.375, 2.25, 31 / 192],
      gradients: { prediction: [-0.75, 0.25, 0.25, 0.25, 0.5, 0.5, -1, 0, -11 / 24, 7 / 24, 1 / 6, 0] },
    },
    {
      note: 'ahead by exactly 1, and behind by exactly 1',
      inputs: {
        prediction: [
          [1, 0],
          [0, 1],
        ],
        target: [0, 0],
      },
      value: [0, 1],
      gradients: { prediction: [0, 0, -1, 1] },
    },
    {
      note: 'scores beside which 1 vanishes',
      inputs: { prediction: [[1e30, 1e30, 0]], target: [0] },
      value: [0.25],
      gradients: { prediction: [-0.5, 0.5, 0] },
    },
    {
      note: 'minus infinity, of another class and of the true one',
      inputs: {
        prediction: [
          [-inf, 0, 2],
          [-inf, 0, 2],
        ],
        target: [1, 0],
      },
      value: [2, inf],
      gradients: { prediction: [0, -1, 1, -1, 0, 1] },
      firstNonFinite: [1],
    },
    {
      note: 'infinity, NaN, and nothing but minus infinity',
      inputs: {
        prediction: [
          [inf, 0],
          [nan, 0],
          [-inf, -inf],
        ],
        target: [0, 1, 0],
      },
      value: [nan, nan, nan],
      gradients: { prediction: [nan, nan, nan, nan, nan, nan] },
    },
    { note: 'label 2 of two', inputs: { prediction: [[1, 0]], target: [2] }, refused: 'label-out-of-range' },
    {
      note: 'labels of another number',
      inputs: { prediction: [[1, 0]], target: [0, 1] },
      refused: 'shape-mismatch',
    },
    { note: 'empty', inputs: { prediction: empty(0, 3), target: emptyLabels(0) }, value: [] },
  ],
  'ranking-softmax': [
    {
      note: 'tied items, and a list without a relevant one',
      inputs: {
        prediction: [
          [5, 5],
          [0, 0],
        ],
        target: [
          [1, 1],
          [0, 0],
        ],
      },
      value: [2 * ln(2), 0],
      gradients: { prediction: [0, 0, 0, 0] },
    },
    {
      note: 'one item',
      inputs: { prediction: [[7]], target: [[3]] },
      value: [0],
      gradients: { prediction: [0] },
    },
    {
      note: 'scores whose exponential would overflow',
      inputs: { prediction: [[800, 0]], target: [[0, 1]] },
      value: [800],
      gradients: { prediction: [1, -1], target: [0, 800] },
    },
    {
      note: 'NaN, and minus infinity without relevance',
      inputs: {
        prediction: [
          [nan, 0],
          [-inf, 0],
        ],
        target: [
          [0, 1],
          [0, 1],
        ],
      },
      value: [nan, nan],
    },
    {
      note: '[1, 2] against [2]',
      inputs: { prediction: [[1, 2]], target: [1, 0] },
      refused: 'shape-mismatch',
    },
    { note: 'empty', inputs: { prediction: empty(0, 3), target: empty(0, 3) }, value: [] },
  ],
  'multi-margin': [
    {
      note: 'one class exactly at the margin, two within it',
      inputs: { prediction: scores, target: [0, 2] },
      value: [0, 5 * third],
      gradients: { prediction: [0, 0, 0, third, third, -2 * third] },
    },
    {
      note: 'squared',
      inputs: { prediction: scores, target: [0, 2] },
      parameters: { p: 2 },
      value: [0, 17 * third],
      gradients: { prediction: [0, 0, 0, 2 * third, 8 * third, -10 * third] },
    },
    {
      note: 'weights, mean over samples',
      inputs: { prediction: scores, target: [0, 2], classWeight: [1, 2, 3] },
      reduction: 'mean',
      value: [2.5],
      gradients: { classWeight: [0, 0, 5 / 6] },
    },
    {
      note: 'a NaN score violates nothing',
      inputs: { prediction: [[nan, 0, 1]], target: [0] },
      value: [0],
      gradients: { prediction: [0, 0, 0] },
    },
    {
      note: 'an infinite wrong score',
      inputs: { prediction: [[0, inf, -5]], target: [0] },
      value: [inf],
      gradients: { prediction: [-third, third, 0] },
      firstNonFinite: [0],
    },
    { note: 'one class', inputs: { prediction: [[3], [nan]], target: [0, 0] }, value: [0, 0] },
    { note: 'one sample', inputs: { prediction: [0, 3, 0], target: 2 }, value: [5 * third] },
    {
      note: 'margin 0',
      inputs: { prediction: scores, target: [0, 2] },
      parameters: { margin: 0 },
      value: [0, 1],
    },
    { note: 'label 3 of 3', inputs: { prediction: scores, target: [0, 3] }, refused: 'label-out-of-range' },
    { note: 'label −1', inputs: { prediction: scores, target: [0, -1] }, refused: 'label-out-of-range' },
    {
      note: 'labels that are no integers',
      inputs: { prediction: scores, target: [0, 0.5] },
      refused: 'dtype',
    },
    {
      note: 'p 3',
      inputs: { prediction: scores, target: [0, 2] },
      parameters: { p: 3 },
      refused: 'parameter',
    },
    { note: 'three labels', inputs: { prediction: scores, target: [0, 2, 1] }, refused: 'shape-mismatch' },
    {
      note: 'empty, mean',
      inputs: { prediction: empty(0, 3), target: emptyLabels(0) },
      reduction: 'mean',
      value: [nan],
    },
  ],
  'multilabel-margin': [
    {
      note: 'the list ends at the first −1',
      inputs: { prediction: ranked, target: [[3, 0, -1, 1]] },
      value: [0.85],
      gradients: { prediction: [-0.5, 0.5, 0.5, -0.5] },
    },
    {
      note: 'no label, and every label',
      inputs: {
        prediction: [
          [1, 2],
          [1, 2],
        ],
        target: [
          [-1, 0],
          [1, 0],
        ],
      },
      value: [0, 0],
      gradients: { prediction: [0, 0, 0, 0] },
    },
    {
      note: 'a label twice',
      inputs: { prediction: ranked, target: [[3, 3, -1, -1]] },
      value: [0.65],
      gradients: { prediction: [0.5, 0.5, 0.5, -1.5] },
    },
    {
      note: 'exactly 1 apart',
      inputs: { prediction: [[1, 0]], target: [[0, -1]] },
      value: [0],
      gradients: { prediction: [0, 0] },
    },
    {
      note: 'a NaN score violates nothing',
      inputs: { prediction: [[nan, 0, 1]], target: [[0, -1, -1]] },
      value: [0],
    },
    { note: 'one row', inputs: { prediction: ranked[0]!, target: [3, 0, -1, 1] }, value: [0.85] },
    {
      note: 'label 4 of 4',
      inputs: { prediction: ranked, target: [[4, -1, -1, -1]] },
      refused: 'label-out-of-range',
    },
    {
      note: 'label −2',
      inputs: { prediction: ranked, target: [[0, -2, 1, 1]] },
      refused: 'label-out-of-range',
    },
    {
      note: 'a list that is shorter',
      inputs: { prediction: ranked, target: [[3, -1]] },
      refused: 'shape-mismatch',
    },
    { note: 'empty', inputs: { prediction: empty(0, 3), target: emptyLabels(0, 3) }, value: [] },
  ],
  'multilabel-soft-margin': [
    {
      note: 'logits 0',
      inputs: { prediction: [[0, 0]], target: [[1, 0]] },
      value: [ln(2)],
      gradients: { prediction: [-0.25, 0.25] },
    },
    {
      note: 'weights do not divide',
      inputs: { prediction: [[0, 0]], target: [[1, 0]], classWeight: [3, 0] },
      value: [1.5 * ln(2)],
    },
    {
      note: 'large logits',
      inputs: { prediction: [[800, -800]], target: [[0, 1]] },
      value: [800],
      gradients: { prediction: [0.5, -0.5] },
    },
    {
      note: 'an infinite logit',
      inputs: { prediction: [[inf]], target: [[0]] },
      value: [inf],
      firstNonFinite: [0],
    },
    {
      note: 'NaN',
      inputs: {
        prediction: [
          [0, nan],
          [0, 0],
        ],
        target: [
          [0, 0],
          [1, 1],
        ],
      },
      value: [nan, ln(2)],
    },
    { note: 'label 2', inputs: { prediction: [[0, 0]], target: [[1, 2]] }, refused: 'domain' },
    {
      note: 'weights of another number of classes',
      inputs: { prediction: [[0, 0]], target: [[1, 0]], classWeight: [1, 1, 1] },
      refused: 'shape-mismatch',
    },
    { note: '[2, 1] labels', inputs: { prediction: [[0, 0]], target: [[1]] }, refused: 'shape-mismatch' },
    {
      note: 'empty, sum',
      inputs: { prediction: empty(0, 3), target: empty(0, 3) },
      reduction: 'sum',
      value: [0],
    },
  ],
  'hinge-embedding': [
    {
      note: 'within and beyond the margin',
      inputs: { distance: [0.25, 0.25, 1.75, 1.75], label: [1, -1, 1, -1] },
      value: [0.25, 0.75, 1.75, 0],
      gradients: { distance: [1, -1, 1, 0] },
    },
    {
      note: 'at the margin, and at 0',
      inputs: { distance: [1, 0, 0], label: [-1, -1, 1] },
      value: [0, 1, 0],
      gradients: { distance: [0, -1, 1] },
    },
    {
      note: 'infinite distances',
      inputs: { distance: [inf, inf], label: [1, -1] },
      value: [inf, 0],
      gradients: { distance: [1, 0] },
      firstNonFinite: [0],
    },
    { note: 'NaN', inputs: { distance: [nan, nan], label: [1, -1] }, value: [nan, nan] },
    {
      note: 'margin 0',
      inputs: { distance: [0.5, 0.5], label: [1, -1] },
      parameters: { margin: 0 },
      value: [0.5, 0],
    },
    { note: 'label 0', inputs: { distance: [0.5], label: [0] }, refused: 'label-out-of-range' },
    { note: '[2] against [3]', inputs: { distance: [1, 1], label: [1, 1, 1] }, refused: 'shape-mismatch' },
    { note: 'empty, mean', inputs: { distance: empty(0), label: empty(0) }, reduction: 'mean', value: [nan] },
  ],
  'cosine-embedding': [
    {
      note: '45 degrees',
      inputs: { ...pair, label: [1, -1] },
      value: [1 - half, half],
      gradients: { first: [0, -half, 0, half] },
    },
    {
      note: 'margin ½',
      inputs: { ...pair, label: [1, -1] },
      parameters: { margin: 0.5 },
      value: [1 - half, half - 0.5],
    },
    {
      note: 'at the margin',
      inputs: { first: [[1, 0]], second: [[0, 2]], label: [-1] },
      value: [0],
      gradients: { first: [0, 0], second: [0, 0] },
    },
    {
      note: 'opposite',
      inputs: {
        first: [
          [3, 0],
          [3, 0],
        ],
        second: [
          [-2, 0],
          [-2, 0],
        ],
        label: [1, -1],
      },
      value: [2, 0],
    },
    {
      note: 'a zero vector',
      inputs: { first: [[0, 0]], second: [[1, 1]], label: [1] },
      value: [nan],
      firstNonFinite: [0],
    },
    { note: 'label 0', inputs: { ...pair, label: [1, 0] }, refused: 'label-out-of-range' },
    { note: 'margin 2', inputs: { ...pair, label: [1, 1] }, parameters: { margin: 2 }, refused: 'parameter' },
    { note: 'three labels', inputs: { ...pair, label: [1, 1, 1] }, refused: 'shape-mismatch' },
    {
      note: 'vectors of other lengths',
      inputs: { first: [[1, 0]], second: [[1, 0, 0]], label: [1] },
      refused: 'shape-mismatch',
    },
    { note: 'empty', inputs: { first: empty(0, 3), second: empty(0, 3), label: empty(0) }, value: [] },
  ],
  'gaussian-nll': [
    {
      note: 'sure, unsure',
      inputs: { prediction: [0, 0, 0], target: [0, 1, 1], variance: [0.01, 1, 4] },
      value: [ln(0.01) / 2, 0.5, (ln(4) + 0.25) / 2],
      gradients: { prediction: [0, -1, -0.25], target: [0, 1, 0.25], variance: [50, 0, 0.09375] },
    },
    {
      note: 'full',
      inputs: { prediction: [0], target: [1], variance: [1] },
      parameters: { full: true },
      value: [0.5 + ln(2 * Math.PI) / 2],
    },
    {
      note: 'infinite residuals and variances',
      inputs: { prediction: [inf, 1], target: [0, 0], variance: [1, inf] },
      value: [inf, inf],
      gradients: { prediction: [inf, 0] },
      firstNonFinite: [0],
    },
    { note: 'NaN', inputs: { prediction: [nan, 0], target: [0, 0], variance: [1, nan] }, value: [nan, nan] },
    { note: 'variance 0', inputs: { prediction: [0], target: [1], variance: [0] }, refused: 'domain' },
    {
      note: 'a negative variance',
      inputs: { prediction: [0], target: [1], variance: [-1] },
      refused: 'domain',
    },
    {
      note: 'one variance for two',
      inputs: { prediction: [0, 0], target: [1, 1], variance: [1] },
      refused: 'shape-mismatch',
    },
    { note: 'no variance', inputs: { prediction: [0], target: [1] }, refused: 'missing-input' },
    {
      note: 'empty, mean',
      inputs: { prediction: empty(0), target: empty(0), variance: empty(0) },
      reduction: 'mean',
      value: [nan],
    },
  ],
};
