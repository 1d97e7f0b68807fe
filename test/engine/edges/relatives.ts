/** Edges of the losses that are relatives of the plain ones: relative and logarithmic errors, hinges, Tversky. */
import { type Edge, empty, emptyLabels, inf, ln, nan } from './edge.ts';

const misfit: Edge = {
  note: '[2] against [2, 1]',
  inputs: { prediction: [0.5, 0.5], target: [[1], [1]] },
  refused: 'shape-mismatch',
};
const nothing: readonly Edge[] = [
  { note: 'empty, sum', inputs: { prediction: empty(0), target: empty(0) }, reduction: 'sum', value: [0] },
  {
    note: 'empty, mean',
    inputs: { prediction: empty(0), target: empty(0) },
    reduction: 'mean',
    value: [nan],
  },
];

export const relativeEdges: Readonly<Record<string, readonly Edge[]>> = {
  'mean-absolute-percentage-error': [
    ...nothing,
    misfit,
    {
      note: 'a target of 0',
      inputs: { prediction: [0.5, -0.5], target: [0, 0] },
      value: [inf, inf],
      firstNonFinite: [0],
    },
    {
      note: 'a target of 0, met',
      inputs: { prediction: [0], target: [0] },
      value: [nan],
      firstNonFinite: [0],
    },
    {
      note: 'negative targets',
      inputs: { prediction: [-1, -3], target: [-2, -2] },
      value: [50, 50],
      gradients: { prediction: [50, -50], target: [-25, 75] },
    },
    {
      note: 'tie: the target met',
      inputs: { prediction: [4], target: [4] },
      value: [0],
      gradients: { prediction: [0], target: [0] },
    },
    {
      note: 'infinite prediction',
      inputs: { prediction: [inf], target: [1] },
      value: [inf],
      gradients: { prediction: [100] },
      firstNonFinite: [0],
    },
  ],
  'mean-squared-logarithmic-error': [
    ...nothing,
    misfit,
    {
      note: 'from 0',
      inputs: { prediction: [0, Math.E - 1], target: [0, 0] },
      value: [0, 1],
      gradients: { prediction: [0, 2 / Math.E], target: [0, -2] },
    },
    {
      note: 'tiny values keep their digits',
      inputs: { prediction: [1e-20], target: [0] },
      value: [1e-40],
      gradients: { prediction: [2e-20] },
    },
    {
      note: '−1 is the end',
      inputs: { prediction: [-1], target: [0] },
      value: [inf],
      firstNonFinite: [0],
    },
    { note: 'below −1', inputs: { prediction: [-1.5], target: [0] }, refused: 'domain' },
    { note: 'a target below −1', inputs: { prediction: [0], target: [-2] }, refused: 'domain' },
  ],
  'log-cosh': [
    ...nothing,
    misfit,
    {
      note: '0 and both infinities',
      inputs: { prediction: [0, inf, -inf], target: [0, 0, 0] },
      value: [0, inf, inf],
      gradients: { prediction: [0, 1, -1], target: [0, -1, 1] },
      firstNonFinite: [1],
    },
    {
      note: 'where cosh would overflow',
      inputs: { prediction: [1000, -1000], target: [0, 0] },
      value: [1000 - ln(2), 1000 - ln(2)],
      gradients: { prediction: [1, -1] },
    },
    { note: 'NaN', inputs: { prediction: [nan], target: [0] }, value: [nan], firstNonFinite: [0] },
    {
      note: 'equal infinities',
      inputs: { prediction: [inf], target: [inf] },
      value: [nan],
      firstNonFinite: [0],
    },
  ],
  'mean-pairwise-squared-error': [
    misfit,
    {
      note: 'an offset costs nothing',
      inputs: { prediction: [[6, 7, 8]], target: [[1, 2, 3]] },
      value: [0],
      gradients: { prediction: [0, 0, 0], target: [0, 0, 0] },
    },
    {
      note: 'one of two off by 1',
      inputs: { prediction: [[1, 0]], target: [[0, 0]] },
      value: [1],
      gradients: { prediction: [2, -2] },
    },
    {
      note: 'a row of one has no pair',
      inputs: { prediction: [[1]], target: [[0]] },
      value: [nan],
      firstNonFinite: [0],
    },
    { note: 'no row', inputs: { prediction: 1, target: 0 }, refused: 'shape-mismatch' },
    {
      note: 'NaN stays in its row',
      inputs: {
        prediction: [
          [nan, 1],
          [1, 0],
        ],
        target: [
          [0, 0],
          [0, 0],
        ],
      },
      value: [nan, 1],
      firstNonFinite: [0],
    },
  ],
  'squared-hinge': [
    ...nothing,
    misfit,
    {
      note: 'tie: y·ŷ = 1',
      inputs: { prediction: [1, -1], target: [1, -1] },
      value: [0, 0],
      gradients: { prediction: [0, 0] },
    },
    {
      note: 'the wrong side',
      inputs: { prediction: [-3, 0], target: [1, -1] },
      value: [16, 1],
      gradients: { prediction: [-8, 2] },
    },
    {
      note: 'infinite scores',
      inputs: { prediction: [inf, -inf], target: [1, 1] },
      value: [0, inf],
      gradients: { prediction: [0, -inf] },
      firstNonFinite: [1],
    },
    { note: 'NaN score', inputs: { prediction: [nan], target: [1] }, value: [nan], firstNonFinite: [0] },
  ],
  'categorical-hinge': [
    misfit,
    {
      note: 'no scores',
      inputs: { prediction: empty(2, 0), target: empty(2, 0) },
      refused: 'shape-mismatch',
    },
    { note: 'no axis', inputs: { prediction: 1, target: 1 }, refused: 'shape-mismatch' },
    {
      note: 'the margin kept, exactly and by far',
      inputs: {
        prediction: [
          [2, 1, -1],
          [5, 1, -1],
        ],
        target: [
          [1, 0, 0],
          [1, 0, 0],
        ],
      },
      value: [0, 0],
      gradients: { prediction: [0, 0, 0, 0, 0, 0] },
    },
    {
      note: 'two best of the others share',
      inputs: { prediction: [[1, 1.5, 1.5]], target: [[1, 0, 0]] },
      value: [1.5],
      gradients: { prediction: [-1, 0.5, 0.5] },
    },
    {
      note: 'scores below 0: the true class is the best of the others',
      inputs: { prediction: [[-3, -5, -6]], target: [[1, 0, 0]] },
      value: [4],
      gradients: { prediction: [-1, 0, 0] },
    },
    {
      note: 'one class',
      inputs: { prediction: [[0.25]], target: [[1]] },
      value: [0.75],
      gradients: { prediction: [-1] },
    },
  ],
  'generalized-cross-entropy': [
    {
      note: 'probabilities 0 and 1 at the label',
      inputs: {
        prediction: [
          [0, 1],
          [1, 0],
        ],
        target: [0, 0],
      },
      value: [2, 0],
    },
    {
      note: 'q = 1 is 1 − p',
      inputs: { prediction: [[0.25, 0.75]], target: [0] },
      parameters: { q: 1 },
      value: [0.75],
      gradients: { prediction: [-1, 0] },
    },
    {
      note: 'q = ½',
      inputs: { prediction: [[0.25, 0.75]], target: [0] },
      value: [1],
      gradients: { prediction: [-2, 0] },
    },
    {
      note: 'NaN beside the label',
      inputs: { prediction: [[0.25, nan]], target: [0] },
      value: [1],
      gradients: { prediction: [-2, 0] },
    },
    {
      note: 'q = 0',
      inputs: { prediction: [[0.5, 0.5]], target: [0] },
      parameters: { q: 0 },
      refused: 'parameter',
    },
    { note: 'label K', inputs: { prediction: [[0.5, 0.5]], target: [2] }, refused: 'label-out-of-range' },
    { note: 'above 1', inputs: { prediction: [[0.5, 1.5]], target: [0] }, refused: 'domain' },
    { note: 'labels [N, 1]', inputs: { prediction: [[0.5, 0.5]], target: [[1]] }, refused: 'shape-mismatch' },
  ],
  tversky: [
    misfit,
    {
      note: 'what is missed is weighed by β',
      inputs: { prediction: [1, 0], target: [1, 1] },
      parameters: { alpha: 0, beta: 1 },
      value: [0.5],
    },
    {
      note: 'what is invented is weighed by α',
      inputs: { prediction: [1, 1], target: [1, 0] },
      parameters: { alpha: 1, beta: 0 },
      value: [0.5],
      gradients: { prediction: [-0.25, 0.25] },
    },
    {
      note: 'two empty masks',
      inputs: { prediction: [0, 0], target: [0, 0] },
      value: [nan],
      firstNonFinite: [],
    },
    {
      note: 'two empty masks, smoothed',
      inputs: { prediction: [0, 0], target: [0, 0] },
      parameters: { smooth: 1 },
      value: [0],
    },
    {
      note: 'each sample a mask',
      inputs: {
        prediction: [
          [1, 1],
          [1, 0],
        ],
        target: [
          [1, 1],
          [0, 0],
        ],
      },
      parameters: { over: 'sample' },
      value: [0, 1],
    },
  ],
  'nt-xent': [
    {
      note: 'τ = 1, at right angles',
      inputs: {
        embedding: [
          [1, 0],
          [2, 0],
          [0, 3],
        ],
        label: [0, 0, 1],
      },
      parameters: { temperature: 1 },
      value: [0, ln(1 + Math.exp(-1)), 0, ln(1 + Math.exp(-1)), 0, 0, 0, 0, 0],
    },
    {
      note: 'the mean is over the positive pairs',
      inputs: {
        embedding: [
          [1, 0],
          [2, 0],
          [0, 3],
        ],
        label: [0, 0, 1],
      },
      parameters: { temperature: 1 },
      reduction: 'mean',
      value: [ln(1 + Math.exp(-1))],
    },
    {
      note: 'collapsed: log of 1 + negatives, and nothing that parts them',
      inputs: {
        embedding: [
          [0, 1],
          [0, 1],
          [0, 1],
          [0, 1],
        ],
        label: [0, 0, 1, 1],
      },
      reduction: 'mean',
      value: [ln(3)],
      gradients: { embedding: [0, 0, 0, 0, 0, 0, 0, 0] },
    },
    {
      note: 'one class: nothing to tell apart',
      inputs: {
        embedding: [
          [1, 0],
          [0, 1],
        ],
        label: [3, 3],
      },
      reduction: 'mean',
      value: [0],
      gradients: { embedding: [0, 0, 0, 0] },
    },
    {
      note: 'no positive pair',
      inputs: {
        embedding: [
          [1, 0],
          [0, 1],
        ],
        label: [0, 1],
      },
      reduction: 'mean',
      value: [nan],
      gradients: { embedding: [0, 0, 0, 0] },
    },
    {
      note: 'a vector of zeros has no direction',
      inputs: {
        embedding: [
          [0, 0],
          [1, 0],
          [0, 1],
        ],
        label: [0, 1, 1],
      },
      reduction: 'sum',
      value: [nan],
    },
    { note: 'no rows', inputs: { embedding: empty(0, 2), label: emptyLabels(0) }, value: [] },
    {
      note: 'labels of another number',
      inputs: { embedding: [[1, 0]], label: [0, 1] },
      refused: 'shape-mismatch',
    },
    {
      note: 'three dimensions',
      inputs: { embedding: [[[1, 0]]], label: [0] },
      refused: 'shape-mismatch',
    },
    {
      note: 'τ = 0',
      inputs: { embedding: [[1, 0]], label: [0] },
      parameters: { temperature: 0 },
      refused: 'parameter',
    },
  ],
  circle: [
    {
      note: 'no partner and no other class',
      inputs: {
        embedding: [
          [1, 0],
          [0, 1],
        ],
        label: [0, 1],
      },
      value: [0, 0],
      gradients: { embedding: [0, 0, 0, 0] },
    },
    {
      note: 'γ = 1 and margin 0, at right angles',
      inputs: {
        embedding: [
          [1, 0],
          [1, 0],
          [0, 1],
        ],
        label: [0, 0, 1],
      },
      parameters: { gamma: 1, margin: 0 },
      value: [ln(2), ln(2), 0],
    },
    {
      note: 'labels of another number',
      inputs: { embedding: [[1, 0]], label: [0, 1] },
      refused: 'shape-mismatch',
    },
    {
      note: 'γ = 0',
      inputs: { embedding: [[1, 0]], label: [0] },
      parameters: { gamma: 0 },
      refused: 'parameter',
    },
  ],
};
