/** Edges of the losses of masks and images, and of the focal loss. */
import { type Edge, empty, emptyLabels, inf, labels, ln, nan, pairs } from './edge.ts';

/** What Dice and Jaccard have in common. */
const overlaps: readonly Edge[] = [
  {
    note: 'no overlap',
    inputs: { prediction: [1, 0], target: [0, 1] },
    value: [1],
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
    gradients: { prediction: [1, 1], target: [1, 1] },
  },
  { note: 'no pixels', inputs: { prediction: empty(0), target: empty(0) }, value: [nan], firstNonFinite: [] },
  {
    note: 'no pixels, smoothed',
    inputs: { prediction: empty(0), target: empty(0) },
    parameters: { smooth: 0.5 },
    value: [0],
  },
  {
    note: 'no samples',
    inputs: { prediction: empty(0, 3), target: empty(0, 3) },
    parameters: { over: 'sample' },
    value: [],
  },
  {
    note: 'no samples, mean',
    inputs: { prediction: empty(0, 3), target: empty(0, 3) },
    parameters: { over: 'sample' },
    reduction: 'mean',
    value: [nan],
  },
  {
    note: 'an infinite prediction is no share',
    inputs: { prediction: [inf, 0], target: [1, 0] },
    value: [nan],
    firstNonFinite: [],
  },
  {
    note: 'NaN stays in its sample',
    inputs: {
      prediction: [
        [nan, 1],
        [1, 0],
      ],
      target: [
        [1, 1],
        [1, 0],
      ],
    },
    parameters: { over: 'sample' },
    value: [nan, 0],
    firstNonFinite: [0],
  },
  {
    note: '[2] against [2, 1]',
    inputs: { prediction: [0.5, 0.5], target: [[1], [1]] },
    refused: 'shape-mismatch',
  },
  { note: 'no target', inputs: { prediction: [0.5] }, refused: 'missing-input' },
  {
    note: 'smoothed by less than nothing',
    inputs: { prediction: [1], target: [1] },
    parameters: { smooth: -1 },
    refused: 'parameter',
  },
  {
    note: 'over the classes',
    inputs: { prediction: [1], target: [1] },
    parameters: { over: 'class' },
    refused: 'parameter',
  },
];

export const imageEdges: Readonly<Record<string, readonly Edge[]>> = {
  focal: [
    ...pairs('prediction', 'target'),
    {
      note: 'sure and right',
      inputs: { prediction: [1, 0], target: [1, 0] },
      value: [0, 0],
      gradients: { prediction: [0, 0] },
    },
    {
      note: 'sure and wrong',
      inputs: { prediction: [0, 1], target: [1, 0] },
      value: [inf, inf],
      firstNonFinite: [0],
    },
    {
      note: 'undecided: class 1 at α, class 0 at 1 − α',
      inputs: { prediction: [0.5, 0.5], target: [1, 0] },
      value: [ln(2) / 16, (3 * ln(2)) / 16],
    },
    {
      note: 'γ = 0 is half the cross-entropy at α = ½, at 1 too',
      inputs: { prediction: [0.25, 1], target: [1, 1] },
      parameters: { gamma: 0, alpha: 0.5 },
      value: [ln(2), 0],
      gradients: { prediction: [-2, -0.5] },
    },
    {
      note: 'α = 1 leaves class 0 out',
      inputs: { prediction: [0.5, 0.5], target: [1, 0] },
      parameters: { alpha: 1 },
      value: [ln(2) / 4, 0],
    },
    {
      note: 'logit 0',
      inputs: { prediction: [0, 0], target: [1, 0] },
      parameters: { from: 'logit' },
      value: [ln(2) / 16, (3 * ln(2)) / 16],
      gradients: { prediction: [-(ln(2) + 0.5) / 16, (3 * (ln(2) + 0.5)) / 16] },
    },
    {
      note: 'large logits, right and wrong',
      inputs: { prediction: [800, -800, 800, -800], target: [1, 0, 0, 1] },
      parameters: { from: 'logit' },
      value: [0, 0, 600, 200],
      gradients: { prediction: [0, 0, 0.75, -0.25] },
    },
    {
      note: 'infinite logits',
      inputs: { prediction: [inf, -inf], target: [1, 1] },
      parameters: { from: 'logit' },
      value: [0, inf],
      firstNonFinite: [1],
    },
    { note: 'NaN', inputs: { prediction: [nan, 1], target: [1, 1] }, value: [nan, 0], firstNonFinite: [0] },
    { note: 'label 2', inputs: { prediction: [0.5], target: [2] }, refused: 'label-out-of-range' },
    { note: 'label ½', inputs: { prediction: [0.5], target: [0.5] }, refused: 'label-out-of-range' },
    { note: 'above 1', inputs: { prediction: [1.5], target: [1] }, refused: 'domain' },
    {
      note: 'γ < 0',
      inputs: { prediction: [0.5], target: [1] },
      parameters: { gamma: -1 },
      refused: 'parameter',
    },
    {
      note: 'classes: every one at α, NaN beside the label',
      inputs: {
        prediction: [
          [0.25, 0.75],
          [nan, 0.25],
        ],
        target: labels([0, 1]),
      },
      value: [(9 * ln(4)) / 64, (9 * ln(4)) / 64],
      gradients: { prediction: [-0.375 * ln(4) - 0.5625, 0, 0, -0.375 * ln(4) - 0.5625] },
    },
    {
      note: 'classes: equal logits',
      inputs: { prediction: [[7, 7]], target: labels([1]) },
      parameters: { from: 'logit' },
      value: [ln(2) / 16],
      gradients: { prediction: [(ln(2) + 0.5) / 16, -(ln(2) + 0.5) / 16] },
    },
    {
      note: 'classes: sure and wrong',
      inputs: { prediction: [[0, 1]], target: labels([0]) },
      value: [inf],
      firstNonFinite: [0],
    },
    {
      note: 'class K',
      inputs: { prediction: [[0.5, 0.5]], target: labels([2]) },
      refused: 'label-out-of-range',
    },
    {
      note: 'class numbers [N, 1]',
      inputs: { prediction: [[0.5, 0.5]], target: labels([[1]]) },
      refused: 'shape-mismatch',
    },
  ],
  'pixelwise-cross-entropy': [
    {
      note: 'two pixels by class number',
      inputs: {
        prediction: [
          [
            [0.25, 0.5],
            [0.75, 0.5],
          ],
        ],
        target: labels([[1, 0]]),
      },
      value: [-ln(0.75), ln(2)],
      gradients: { prediction: [0, -2, -1 / 0.75, 0] },
    },
    {
      note: '0·log 0 = 0, and sure and wrong',
      inputs: {
        prediction: [
          [
            [0, 0],
            [1, 1],
          ],
        ],
        target: [
          [
            [0, 1],
            [1, 0],
          ],
        ],
      },
      value: [0, inf],
      firstNonFinite: [0, 1],
    },
    {
      note: 'large logits',
      inputs: { prediction: [[[1000], [-1000]]], target: labels([[1]]) },
      parameters: { from: 'logit' },
      value: [2000],
      gradients: { prediction: [1, -1] },
    },
    {
      note: 'the mean leaves ignored pixels out, NaN or not',
      inputs: {
        prediction: [
          [
            [0.25, nan],
            [0.75, nan],
          ],
        ],
        target: labels([[1, 255]]),
      },
      parameters: { ignoreIndex: 255 },
      reduction: 'mean',
      value: [-ln(0.75)],
      gradients: { prediction: [0, 0, -1 / 0.75, 0] },
    },
    {
      note: 'all ignored, sum',
      inputs: { prediction: [[[0.25], [0.75]]], target: labels([[255]]) },
      parameters: { ignoreIndex: 255 },
      reduction: 'sum',
      value: [0],
      gradients: { prediction: [0, 0] },
    },
    {
      note: 'all ignored, mean',
      inputs: { prediction: [[[0.25], [0.75]]], target: labels([[255]]) },
      parameters: { ignoreIndex: 255 },
      reduction: 'mean',
      value: [nan],
    },
    {
      note: 'NaN stays in its pixel',
      inputs: {
        prediction: [
          [
            [nan, 0.5],
            [0.5, 0.5],
          ],
        ],
        target: [
          [
            [1, 1],
            [0, 0],
          ],
        ],
      },
      value: [nan, ln(2)],
      firstNonFinite: [0, 0],
    },
    {
      note: 'no images',
      inputs: { prediction: empty(0, 2, 3), target: emptyLabels(0, 3) },
      value: [],
    },
    {
      note: 'no images, sum',
      inputs: { prediction: empty(0, 2, 3), target: emptyLabels(0, 3) },
      reduction: 'sum',
      value: [0],
    },
    {
      note: 'no images, mean',
      inputs: { prediction: empty(0, 2, 3), target: empty(0, 2, 3) },
      reduction: 'mean',
      value: [nan],
    },
    {
      note: 'class K',
      inputs: { prediction: [[[0.5], [0.5]]], target: labels([[2]]) },
      refused: 'label-out-of-range',
    },
    {
      note: 'class numbers [N, 1, …]',
      inputs: {
        prediction: [
          [
            [0.5, 0.5],
            [0.5, 0.5],
          ],
        ],
        target: labels([[[1, 0]]]),
      },
      refused: 'shape-mismatch',
    },
    {
      note: 'no class axis',
      inputs: { prediction: [0.5, 0.5], target: [0.5, 0.5] },
      refused: 'parameter',
    },
    { note: 'above 1', inputs: { prediction: [[[1.5]]], target: [[[1]]] }, refused: 'domain' },
  ],
  dice: [
    ...overlaps,
    {
      note: 'equal masks',
      inputs: { prediction: [1, 0], target: [1, 0] },
      value: [0],
      gradients: { prediction: [-0.5, 0.5], target: [-0.5, 0.5] },
    },
    { note: 'half sure everywhere', inputs: { prediction: [0.5, 0.5], target: [1, 0] }, value: [0.5] },
    {
      note: 'the batch is one mask, or each sample',
      inputs: {
        prediction: [
          [1, 1],
          [1, 0],
        ],
        target: [
          [1, 1],
          [0, 1],
        ],
      },
      value: [1 / 3],
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
          [0, 1],
        ],
      },
      parameters: { over: 'sample' },
      value: [0, 1],
    },
  ],
  jaccard: [
    ...overlaps,
    {
      note: 'equal masks',
      inputs: { prediction: [1, 0], target: [1, 0] },
      value: [0],
      gradients: { prediction: [-1, 1], target: [-1, 1] },
    },
    { note: 'half sure everywhere', inputs: { prediction: [0.5, 0.5], target: [1, 0] }, value: [2 / 3] },
    {
      note: 'the batch is one mask',
      inputs: {
        prediction: [
          [1, 1],
          [1, 0],
        ],
        target: [
          [1, 1],
          [0, 1],
        ],
      },
      value: [0.5],
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
          [0, 1],
        ],
      },
      parameters: { over: 'sample' },
      value: [0, 1],
    },
  ],
  'total-variation': [
    {
      note: 'one colour, ties everywhere',
      inputs: {
        image: [
          [3, 3],
          [3, 3],
        ],
      },
      parameters: { norm: 'absolute' },
      value: [0, 0, 0, 0],
      gradients: { image: [0, 0, 0, 0] },
    },
    { note: 'one pixel', inputs: { image: [[5]] }, value: [0], gradients: { image: [0] } },
    {
      note: 'one row',
      inputs: { image: [[1, 3, 2]] },
      value: [4, 1, 0],
      gradients: { image: [-4, 6, -2] },
    },
    {
      note: 'one row, absolute',
      inputs: { image: [[1, 3, 2]] },
      parameters: { norm: 'absolute' },
      value: [2, 1, 0],
      gradients: { image: [-1, 2, -1] },
    },
    { note: 'one column', inputs: { image: [[1], [3], [2]] }, value: [4, 1, 0] },
    { note: 'images of a batch are no neighbours', inputs: { image: [[[0]], [[5]]] }, value: [0, 0] },
    {
      note: 'infinite pixels',
      inputs: { image: [[inf, 0, 0, inf, inf]] },
      value: [inf, 0, inf, nan, 0],
      firstNonFinite: [0, 0],
    },
    {
      note: 'NaN reaches the pixels before it',
      inputs: {
        image: [
          [0, 0],
          [0, nan],
        ],
      },
      value: [0, nan, nan, 0],
      firstNonFinite: [0, 1],
    },
    { note: 'no images', inputs: { image: empty(0, 2, 2) }, value: [] },
    { note: 'no rows, sum', inputs: { image: empty(0, 3) }, reduction: 'sum', value: [0] },
    { note: 'no columns, mean', inputs: { image: empty(2, 0) }, reduction: 'mean', value: [nan] },
    { note: 'a line', inputs: { image: [1, 2, 3] }, refused: 'shape-mismatch' },
    {
      note: 'a norm of another name',
      inputs: { image: [[1]] },
      parameters: { norm: 'cubic' },
      refused: 'parameter',
    },
  ],
};
