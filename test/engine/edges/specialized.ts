/** Edges of the losses of sequences, counts, directions and distributions. */
import type { Parameters } from '../../../engine/evaluation.ts';
import { type Edge, empty, emptyLabels, inf, ln, nan, pairs } from './edge.ts';

const frame = [[0, 0]];
const one = { target: [[1]], inputLength: [1], targetLength: [1] };
const histograms: Parameters = { form: 'histograms' };

export const specializedEdges: Readonly<Record<string, readonly Edge[]>> = {
  ctc: [
    {
      note: 'one frame, one label',
      inputs: { logits: [frame], ...one },
      value: [ln(2)],
      gradients: { logits: [0.5, -0.5] },
    },
    {
      note: 'two frames, one label: three alignments of four',
      inputs: { logits: [frame, frame], ...one, inputLength: [2] },
      value: [-ln(0.75)],
      gradients: { logits: [1 / 6, -1 / 6, 1 / 6, -1 / 6] },
    },
    {
      note: 'no label: blanks only',
      inputs: { logits: [frame, frame], target: emptyLabels(1, 0), inputLength: [2], targetLength: [0] },
      value: [2 * ln(2)],
      gradients: { logits: [-0.5, 0.5, -0.5, 0.5] },
    },
    {
      note: 'a label repeated needs a blank between',
      inputs: { logits: [frame, frame, frame], target: [[1, 1]], inputLength: [3], targetLength: [2] },
      value: [3 * ln(2)],
      gradients: { logits: [0.5, -0.5, -0.5, 0.5, 0.5, -0.5] },
    },
    {
      note: 'a label repeated in too few frames',
      inputs: { logits: [frame, frame], target: [[1, 1]], inputLength: [2], targetLength: [2] },
      value: [inf],
      firstNonFinite: [0],
    },
    {
      note: 'too few frames, zeroInfinity',
      inputs: { logits: [frame, frame], target: [[1, 1]], inputLength: [2], targetLength: [2] },
      parameters: { zeroInfinity: true },
      value: [0],
      gradients: { logits: [0, 0, 0, 0] },
    },
    {
      note: 'no frame and no label',
      inputs: { logits: [frame], ...one, inputLength: [0], targetLength: [0] },
      value: [0],
      gradients: { logits: [0, 0] },
    },
    {
      note: 'no frame and a label',
      inputs: { logits: [frame], ...one, inputLength: [0] },
      value: [inf],
      firstNonFinite: [0],
    },
    {
      note: 'large logits',
      inputs: { logits: [[[1000, -1000]]], ...one },
      value: [2000],
      gradients: { logits: [1, -1] },
    },
    {
      note: 'log-probabilities of −∞ leave one alignment',
      inputs: { logProbabilities: [[[-ln(2), -ln(2)]], [[0, -inf]]], ...one, inputLength: [2] },
      value: [ln(2)],
      gradients: { logProbabilities: [0, -1, -1, 0] },
    },
    {
      note: 'log-probabilities of −∞ leave none',
      inputs: { logProbabilities: [[[0, -inf]]], ...one },
      value: [inf],
      firstNonFinite: [0],
    },
    { note: 'NaN', inputs: { logits: [[[nan, 0]]], ...one }, value: [nan], firstNonFinite: [0] },
    {
      note: 'frames and labels past their lengths do not count',
      inputs: { logits: [frame, [[nan, nan]]], target: [[1, 99]], inputLength: [1], targetLength: [1] },
      value: [ln(2)],
      gradients: { logits: [0.5, -0.5, 0, 0] },
    },
    {
      note: 'the last class is the blank',
      inputs: { logits: [[[0, ln(3)]]], target: [[0]], inputLength: [1], targetLength: [1] },
      parameters: { blank: 1 },
      value: [ln(4)],
      gradients: { logits: [-0.75, 0.75] },
    },
    {
      note: 'the mean divides by the targets’ lengths first',
      inputs: {
        logits: [
          [
            [0, 0],
            [0, 0],
          ],
          [
            [0, 0],
            [0, 0],
          ],
          [
            [0, 0],
            [0, 0],
          ],
        ],
        target: [
          [1, 0],
          [1, 1],
        ],
        inputLength: [2, 3],
        targetLength: [1, 2],
      },
      reduction: 'mean',
      value: [(-ln(0.75) + 1.5 * ln(2)) / 2],
    },
    {
      note: 'no samples',
      inputs: {
        logits: empty(2, 0, 3),
        target: emptyLabels(0, 1),
        inputLength: emptyLabels(0),
        targetLength: emptyLabels(0),
      },
      value: [],
    },
    {
      note: 'no samples, sum',
      inputs: {
        logits: empty(2, 0, 3),
        target: emptyLabels(0, 1),
        inputLength: emptyLabels(0),
        targetLength: emptyLabels(0),
      },
      reduction: 'sum',
      value: [0],
    },
    {
      note: 'no samples, mean',
      inputs: {
        logits: empty(2, 0, 3),
        target: emptyLabels(0, 1),
        inputLength: emptyLabels(0),
        targetLength: emptyLabels(0),
      },
      reduction: 'mean',
      value: [nan],
    },
    { note: 'neither kind of scores', inputs: one, refused: 'missing-input' },
    {
      note: 'both kinds of scores',
      inputs: { logits: [frame], logProbabilities: [frame], ...one },
      refused: 'missing-input',
    },
    {
      note: 'the blank as a label',
      inputs: { logits: [frame], ...one, target: [[0]] },
      refused: 'label-out-of-range',
    },
    { note: 'label C', inputs: { logits: [frame], ...one, target: [[2]] }, refused: 'label-out-of-range' },
    {
      note: 'more frames than there are',
      inputs: { logits: [frame], ...one, inputLength: [2] },
      refused: 'domain',
    },
    {
      note: 'more labels than there are',
      inputs: { logits: [frame], ...one, targetLength: [2] },
      refused: 'domain',
    },
    {
      note: 'a blank beyond the classes',
      inputs: { logits: [frame], ...one },
      parameters: { blank: 2 },
      refused: 'parameter',
    },
    { note: 'no batch', inputs: { logits: frame, ...one }, refused: 'shape-mismatch' },
    {
      note: 'lengths [N, 1]',
      inputs: { logits: [frame], ...one, inputLength: [[1]] },
      refused: 'shape-mismatch',
    },
  ],
  poisson: [
    ...pairs('prediction', 'target'),
    {
      note: 'no count: 0·log 0 = 0',
      inputs: { prediction: [0, 2], target: [0, 0] },
      value: [0, 2],
      gradients: { prediction: [1, 1] },
    },
    {
      note: 'counted where none was expected',
      inputs: { prediction: [0], target: [1] },
      value: [inf],
      firstNonFinite: [0],
    },
    {
      note: 'as many as expected',
      inputs: { prediction: [1], target: [1] },
      value: [1],
      gradients: { prediction: [0], target: [0] },
    },
    {
      note: 'infinitely many expected, none counted',
      inputs: { prediction: [inf], target: [0] },
      value: [inf],
      gradients: { prediction: [1] },
      firstNonFinite: [0],
    },
    {
      note: 'logarithm 0, and one whose rate overflows',
      inputs: { prediction: [0, 800], target: [2, 0] },
      parameters: { from: 'log-rate' },
      value: [1, inf],
      gradients: { prediction: [-1, inf] },
      firstNonFinite: [1],
    },
    {
      note: 'logarithm −∞ of a count of 1',
      inputs: { prediction: [-inf], target: [1] },
      parameters: { from: 'log-rate' },
      value: [inf],
      gradients: { prediction: [-1] },
      firstNonFinite: [0],
    },
    {
      note: 'logarithms −∞ and ∞ of no count: 0·log 0 = 0',
      inputs: { prediction: [-inf, inf], target: [0, 0] },
      parameters: { from: 'log-rate' },
      value: [0, inf],
      gradients: { prediction: [0, inf] },
      firstNonFinite: [1],
    },
    {
      note: 'full: nothing added up to 1',
      inputs: { prediction: [1, 1, 1], target: [0, 1, 2] },
      parameters: { full: true },
      value: [1, 1, 1 + 2 * ln(2) - 2 + 0.5 * ln(4 * Math.PI)],
      gradients: { prediction: [1, 0, -1] },
    },
    { note: 'a rate below 0', inputs: { prediction: [-1], target: [1] }, refused: 'domain' },
    { note: 'NaN', inputs: { prediction: [nan, 1], target: [1, 1] }, value: [nan, 1], firstNonFinite: [0] },
    {
      note: 'from nonsense',
      inputs: { prediction: [1], target: [1] },
      parameters: { from: 'logit' },
      refused: 'parameter',
    },
  ],
  'cosine-proximity': [
    {
      note: 'the same direction, the opposite, and across',
      inputs: {
        prediction: [
          [1, 0],
          [1, 0],
          [1, 0],
        ],
        target: [
          [2, 0],
          [-2, 0],
          [0, 2],
        ],
      },
      value: [-1, 1, 0],
      gradients: { prediction: [0, 0, 0, 0, 0, -1], target: [0, 0, 0, 0, -0.5, 0] },
    },
    {
      note: 'a vector of zeros has no direction',
      inputs: {
        prediction: [
          [0, 0],
          [0, 1],
        ],
        target: [
          [1, 0],
          [0, 1],
        ],
      },
      value: [nan, -1],
      firstNonFinite: [0],
    },
    {
      note: 'nor has an infinite one',
      inputs: { prediction: [[inf, 0]], target: [[1, 0]] },
      value: [nan],
      firstNonFinite: [0],
    },
    {
      note: 'NaN stays in its row',
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
      value: [nan, -1],
      firstNonFinite: [0],
    },
    { note: 'one vector', inputs: { prediction: [0, 3], target: [0, 1] }, reduction: 'mean', value: [-1] },
    {
      note: 'vectors without numbers',
      inputs: { prediction: empty(1, 0), target: empty(1, 0) },
      value: [nan],
    },
    { note: 'empty', inputs: { prediction: empty(0, 3), target: empty(0, 3) }, value: [] },
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
      note: '[1, 2] against [2, 1]',
      inputs: { prediction: [[1, 2]], target: [[1], [2]] },
      refused: 'shape-mismatch',
    },
  ],
  'earth-movers-distance': [
    {
      note: 'ties: the same samples in another order',
      inputs: { first: [1, 2, 2], second: [2, 1, 2] },
      value: [0],
      gradients: { first: [0, 0, 0], second: [0, 0, 0] },
    },
    {
      note: 'one sample each',
      inputs: { first: [0], second: [3] },
      value: [3],
      gradients: { first: [-1], second: [1] },
    },
    {
      note: 'p = 2, no root taken',
      inputs: { first: [0], second: [3] },
      parameters: { p: 2 },
      value: [9],
      gradients: { first: [-6], second: [6] },
    },
    {
      note: 'masses are shares of their sum',
      inputs: { first: [0, 1], second: [0], firstWeights: [1, 3] },
      value: [0.75],
      gradients: { firstWeights: [-0.1875, 0.0625] },
    },
    {
      note: 'a mass of 0 moves nothing',
      inputs: { first: [0, 100], second: [1], firstWeights: [1, 0] },
      value: [1],
      gradients: { first: [-1, 0] },
    },
    {
      note: 'histograms of different sums',
      inputs: { first: [2, 0, 0], second: [0, 0, 5] },
      parameters: histograms,
      value: [2],
    },
    {
      note: 'a cost for each pair',
      inputs: {
        first: [1, 1],
        second: [1, 1],
        cost: [
          [9, 1],
          [3, 9],
        ],
      },
      parameters: histograms,
      value: [2],
      gradients: { cost: [0, 0.5, 0.5, 0] },
    },
    { note: 'one number, summed or not', inputs: { first: [0], second: [3] }, reduction: 'sum', value: [3] },
    { note: 'no samples', inputs: { first: empty(0), second: [1] }, refused: 'shape-mismatch' },
    { note: 'samples [N, 1]', inputs: { first: [[1], [2]], second: [1, 2] }, refused: 'shape-mismatch' },
    { note: 'NaN', inputs: { first: [nan], second: [1] }, refused: 'domain' },
    { note: 'infinitely far', inputs: { first: [0], second: [inf] }, refused: 'domain' },
    {
      note: 'a mass below 0',
      inputs: { first: [1, 2], second: [1], firstWeights: [1, -1] },
      refused: 'domain',
    },
    { note: 'no mass', inputs: { first: [0, 0], second: [1, 0] }, parameters: histograms, refused: 'domain' },
    {
      note: 'masses of another number',
      inputs: { first: [1, 2], second: [1], firstWeights: [1] },
      refused: 'shape-mismatch',
    },
    {
      note: 'costs of another number',
      inputs: { first: [1, 2], second: [1], cost: [[1, 2]] },
      refused: 'shape-mismatch',
    },
    {
      note: 'too many columns of costs',
      inputs: { first: [1], second: [1], cost: [[1, 2]] },
      refused: 'shape-mismatch',
    },
    {
      note: 'too many rows of costs',
      inputs: { first: [1], second: [1], cost: [[1], [2]] },
      refused: 'shape-mismatch',
    },
    {
      note: 'masses of histograms',
      inputs: { first: [1], second: [1], firstWeights: [1] },
      parameters: histograms,
      refused: 'unknown-input',
    },
    { note: 'p < 1', inputs: { first: [0], second: [3] }, parameters: { p: 0.5 }, refused: 'parameter' },
  ],
};
