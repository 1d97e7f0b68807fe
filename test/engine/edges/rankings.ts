/** Edges of the losses that compare scores and embeddings with each other. */
import { type Edge, empty, inf, nan, pairs } from './edge.ts';

export const rankingEdges: Readonly<Record<string, readonly Edge[]>> = {
  contrastive: [
    ...pairs('distance', 'label'),
    {
      note: 'distance 0, similar and not',
      inputs: { distance: [0, 0], label: [1, 0] },
      value: [0, 0.5],
      gradients: { distance: [0, -1], label: [-0.5, -0.5] },
    },
    {
      note: 'tie: a distance that is the margin, and one beyond it',
      inputs: { distance: [2, 3], label: [0, 0] },
      parameters: { margin: 2 },
      value: [0, 0],
      gradients: { distance: [0, 0], label: [2, 4.5] },
    },
    {
      note: 'beside the tie',
      inputs: { distance: [1 - 2 ** -20], label: [0] },
      value: [2 ** -41],
      gradients: { distance: [-(2 ** -20)] },
    },
    {
      note: 'infinitely far, similar',
      inputs: { distance: [1, inf], label: [1, 1] },
      value: [0.5, inf],
      gradients: { distance: [1, inf] },
      firstNonFinite: [1],
    },
    {
      note: 'NaN distance',
      inputs: { distance: [nan, 0], label: [1, 1] },
      value: [nan, 0],
      firstNonFinite: [0],
    },
    {
      note: 'embeddings 5 apart',
      inputs: {
        first: [
          [3, 4],
          [3, 4],
        ],
        second: [
          [0, 0],
          [0, 0],
        ],
        label: [1, 0],
      },
      parameters: { margin: 10 },
      value: [12.5, 12.5],
      gradients: { first: [3, 4, -3, -4], second: [-3, -4, 3, 4] },
    },
    {
      note: 'equal embeddings: no direction leads apart',
      inputs: {
        first: [
          [1, 2],
          [1, 2],
        ],
        second: [
          [1, 2],
          [1, 2],
        ],
        label: [1, 0],
      },
      value: [0, 0.5],
      gradients: { first: [0, 0, 0, 0], second: [0, 0, 0, 0] },
    },
    {
      note: 'no pairs of embeddings',
      inputs: { first: empty(0, 2), second: empty(0, 2), label: empty(0) },
      reduction: 'mean',
      value: [nan],
    },
    {
      note: 'labels [N, 1] of embeddings',
      inputs: { first: [[1, 2]], second: [[1, 2]], label: [[1]] },
      refused: 'shape-mismatch',
    },
    {
      note: 'embeddings of two lengths',
      inputs: { first: [[1, 2]], second: [[1, 2, 3]], label: [1] },
      refused: 'shape-mismatch',
    },
    { note: 'one embedding', inputs: { first: [[1, 2]], label: [1] }, refused: 'missing-input' },
    {
      note: 'distances and embeddings',
      inputs: { distance: [1], first: [[1, 2]], second: [[1, 2]], label: [1] },
      refused: 'missing-input',
    },
    {
      note: 'a margin below 0',
      inputs: { distance: [1], label: [1] },
      parameters: { margin: -1 },
      refused: 'parameter',
    },
  ],
  triplet: [
    {
      note: 'all three equal: the margin, and no way out',
      inputs: { anchor: [[1, 2]], positive: [[1, 2]], negative: [[1, 2]] },
      value: [1],
      gradients: { anchor: [0, 0], positive: [0, 0], negative: [0, 0] },
    },
    {
      note: 'all three equal, Euclidean',
      inputs: { anchor: [[1, 2]], positive: [[1, 2]], negative: [[1, 2]] },
      parameters: { distance: 'euclidean' },
      value: [1],
      gradients: { anchor: [0, 0], positive: [0, 0], negative: [0, 0] },
    },
    {
      note: 'tie: the margin kept exactly',
      inputs: { anchor: [[0]], positive: [[0]], negative: [[1]] },
      value: [0],
      gradients: { anchor: [0], positive: [0], negative: [0] },
    },
    {
      note: 'within the margin',
      inputs: { anchor: [[0]], positive: [[0]], negative: [[0.5]] },
      value: [0.75],
      gradients: { anchor: [1], positive: [0], negative: [-1] },
    },
    {
      note: 'Euclidean, 5 too near',
      inputs: { anchor: [[3, 4]], positive: [[0, 0]], negative: [[3, 4]] },
      parameters: { distance: 'euclidean' },
      value: [6],
      gradients: { anchor: [0.6, 0.8], positive: [-0.6, -0.8], negative: [0, 0] },
    },
    {
      note: 'a negative infinitely far, a positive infinitely far',
      inputs: { anchor: [[0], [0]], positive: [[0], [inf]], negative: [[-inf], [0]] },
      value: [0, inf],
      firstNonFinite: [1],
    },
    {
      note: 'both infinitely far',
      inputs: { anchor: [[0]], positive: [[inf]], negative: [[inf]] },
      value: [nan],
      firstNonFinite: [0],
    },
    {
      note: 'NaN stays in its row',
      inputs: { anchor: [[nan], [0]], positive: [[0], [0]], negative: [[0], [0]] },
      value: [nan, 1],
      firstNonFinite: [0],
    },
    {
      note: 'embeddings without numbers',
      inputs: { anchor: empty(2, 0), positive: empty(2, 0), negative: empty(2, 0) },
      value: [1, 1],
    },
    {
      note: 'empty',
      inputs: { anchor: empty(0, 2), positive: empty(0, 2), negative: empty(0, 2) },
      value: [],
    },
    {
      note: 'empty, sum',
      inputs: { anchor: empty(0, 2), positive: empty(0, 2), negative: empty(0, 2) },
      reduction: 'sum',
      value: [0],
    },
    {
      note: 'empty, mean',
      inputs: { anchor: empty(0, 2), positive: empty(0, 2), negative: empty(0, 2) },
      reduction: 'mean',
      value: [nan],
    },
    {
      note: '[1, 2] against [2, 1]',
      inputs: { anchor: [[0, 0]], positive: [[0], [0]], negative: [[0, 0]] },
      refused: 'shape-mismatch',
    },
    { note: 'no negative', inputs: { anchor: [[0]], positive: [[0]] }, refused: 'missing-input' },
    {
      note: 'a distance of another name',
      inputs: { anchor: [[0]], positive: [[0]], negative: [[0]] },
      parameters: { distance: 'cosine' },
      refused: 'parameter',
    },
    {
      note: 'a margin below 0',
      inputs: { anchor: [[0]], positive: [[0]], negative: [[0]] },
      parameters: { margin: -1 },
      refused: 'parameter',
    },
  ],
  'margin-ranking': [
    {
      note: 'tie: equal scores, margin 0',
      inputs: { positive: [1, -0], negative: [1, 0], label: [1, -1] },
      value: [0, 0],
      gradients: { positive: [0, 0], negative: [0, 0] },
    },
    {
      note: 'tie: the margin kept exactly',
      inputs: { positive: [1.5, 1], negative: [1, 1.5], label: [1, -1] },
      parameters: { margin: 0.5 },
      value: [0, 0],
      gradients: { positive: [0, 0], negative: [0, 0] },
    },
    {
      note: 'the wrong order',
      inputs: { positive: [0, 3], negative: [1, 1], label: [1, -1] },
      value: [1, 2],
      gradients: { positive: [-1, 1], negative: [1, -1] },
    },
    {
      note: 'a margin below 0 forgives',
      inputs: { positive: [0, 0], negative: [0.5, 2], label: [1, 1] },
      parameters: { margin: -1 },
      value: [0, 1],
      gradients: { positive: [0, -1] },
    },
    {
      note: 'infinite scores',
      inputs: { positive: [inf, -inf], negative: [0, 0], label: [1, 1] },
      value: [0, inf],
      gradients: { positive: [0, -1], negative: [0, 1] },
      firstNonFinite: [1],
    },
    {
      note: 'equal infinities',
      inputs: { positive: [inf], negative: [inf], label: [1] },
      value: [nan],
      firstNonFinite: [0],
    },
    {
      note: 'NaN',
      inputs: { positive: [nan, 0], negative: [0, 0], label: [1, 1] },
      value: [nan, 0],
      firstNonFinite: [0],
    },
    {
      note: 'empty, sum',
      inputs: { positive: empty(0), negative: empty(0), label: empty(0) },
      reduction: 'sum',
      value: [0],
    },
    {
      note: 'empty, mean',
      inputs: { positive: empty(0), negative: empty(0), label: empty(0) },
      reduction: 'mean',
      value: [nan],
    },
    {
      note: 'label 0',
      inputs: { positive: [1], negative: [0], label: [0] },
      refused: 'label-out-of-range',
    },
    {
      note: 'label NaN',
      inputs: { positive: [1], negative: [0], label: [nan] },
      refused: 'label-out-of-range',
    },
    {
      note: '[2] against [2, 1]',
      inputs: { positive: [1, 1], negative: [[0], [0]], label: [1, 1] },
      refused: 'shape-mismatch',
    },
    {
      note: 'one label for two',
      inputs: { positive: [1, 1], negative: [0, 0], label: 1 },
      refused: 'shape-mismatch',
    },
  ],
};
