/** What the engine says of a request that runs: that a library does silently what few mean, and nothing where it does not. */
import assert from 'node:assert/strict';
import { array, evaluate, type NdArray, type Parameters } from '../../../engine/node.ts';

type Nested = number | readonly Nested[];
type Inputs = Readonly<Record<string, Nested | NdArray>>;

const float32 = (numbers: Nested): NdArray => array(numbers, { dtype: 'float32' });
const labels = (numbers: Nested): NdArray => array(numbers, { dtype: 'int64' });
const int32 = (numbers: Nested): NdArray => array(numbers, { dtype: 'int32' });

async function codesOf(loss: string, inputs: Inputs, parameters: Parameters): Promise<string[]> {
  const given = Object.entries(inputs).map(([name, numbers]) => [
    name,
    typeof numbers === 'number' || Array.isArray(numbers)
      ? array(numbers as Nested, { dtype: 'float64' })
      : (numbers as NdArray),
  ]);
  const { warnings } = await evaluate({
    loss,
    inputs: Object.fromEntries(given),
    parameters,
    backend: 'reference',
  });
  return warnings.map(({ code }) => code);
}

const column = [[1], [2], [3]];
const row = [1, 2, 3];
const logits = [
  [0.2, 0.7, 0.1],
  [0.1, 0.1, 0.8],
];
const frames = [[[0.3, 0.2, 0.1]], [[0.1, 0.4, 0.2]], [[0.2, 0.1, 0.6]]];
const rows = [
  [1, 0.2],
  [0.3, 1],
  [0.5, 0.5],
];

const shares = [
  [0.3, 0.7],
  [0.4, 0.6],
];
/** One sample of two channels of two pixels. */
const masks = {
  input: [
    [
      [0.2, 0.4],
      [0.1, 0.3],
    ],
  ],
  target: [
    [
      [0, 1],
      [1, 0],
    ],
  ],
};

interface Case {
  readonly loss: string;
  readonly code: string;
  /** That draws the warning, by what is different about it. */
  readonly warned: Readonly<Record<string, readonly [Inputs, Parameters?]>>;
  /** As near to it as can be, without. */
  readonly silent: Readonly<Record<string, readonly [Inputs, Parameters?]>>;
}

const cases: readonly Case[] = [
  ...['torch.nn.MSELoss', 'torch.nn.L1Loss', 'torch.nn.HuberLoss', 'torch.nn.PoissonNLLLoss'].map((loss) => {
    const first = loss.includes('Poisson') ? 'log_input' : 'input';
    return {
      loss,
      code: 'broadcast',
      warned: { '[3, 1] against [3]': [{ [first]: column, target: row }] as const },
      silent: { 'one shape': [{ [first]: column, target: column }] as const },
    };
  }),
  ...['keras.losses.MeanSquaredError', 'keras.losses.Poisson'].map((loss) => ({
    loss,
    code: 'broadcast',
    warned: { '[3, 2] against [1, 2]': [{ y_true: [[1, 2]], y_pred: rows }] as const },
    silent: {
      'one shape': [{ y_true: rows, y_pred: rows }] as const,
      'a last axis of 1, which Keras takes away': [{ y_true: row, y_pred: column }] as const,
    },
  })),
  {
    loss: 'optax.huber_loss',
    code: 'broadcast',
    warned: { '[3, 1] against [3]': [{ predictions: column, targets: row }] },
    silent: { 'one shape': [{ predictions: row, targets: row }] },
  },
  {
    loss: 'optax.softmax_cross_entropy_with_integer_labels',
    code: 'broadcast',
    warned: { 'labels [1] for two rows': [{ logits, labels: labels([1]) }] },
    silent: { 'a label for each row': [{ logits, labels: labels([1, 2]) }] },
  },
  {
    loss: 'optax.softmax_cross_entropy_with_integer_labels',
    code: 'labels',
    warned: { 'a label that is no class': [{ logits, labels: labels([1, 3]) }] },
    silent: { 'the last class, counted from the end': [{ logits, labels: labels([1, 2]) }] },
  },
  {
    loss: 'optax.losses.multiclass_hinge_loss',
    code: 'labels',
    warned: { 'a label that is no class': [{ scores: logits, labels: labels([1, 3]) }] },
    silent: { 'labels that are classes': [{ scores: logits, labels: labels([0, 2]) }] },
  },
  {
    loss: 'tf.layers.meanSquaredError',
    code: 'broadcast',
    warned: { '[3, 1] against [3]': [{ yTrue: row, yPred: column }] },
    silent: { 'one shape': [{ yTrue: column, yPred: column }] },
  },
  {
    loss: 'tf.losses.meanSquaredError',
    code: 'broadcast',
    warned: {
      'weights [2] for losses [3, 2]': [{ labels: rows, predictions: rows, weights: [1, 2] }],
    },
    silent: {
      'a single weight': [{ labels: rows, predictions: rows, weights: 2 }],
      'weights of the rank of the losses': [{ labels: rows, predictions: rows, weights: [[1, 2]] }],
    },
  },
  {
    loss: 'torch.nn.KLDivLoss',
    code: 'mean-over-elements',
    warned: { 'the mean, which is the default': [{ input: logits, target: logits }] },
    silent: {
      'the mean over the batch': [{ input: logits, target: logits }, { reduction: 'batchmean' }],
      'the sum': [{ input: logits, target: logits }, { reduction: 'sum' }],
    },
  },
  {
    loss: 'torch.nn.MSELoss',
    code: 'deprecated',
    warned: {
      size_average: [{ input: row, target: row }, { size_average: false }],
      reduce: [{ input: row, target: row }, { reduce: false }],
      'the old name of the mean': [{ input: row, target: row }, { reduction: 'elementwise_mean' }],
    },
    silent: { 'today’s reduction': [{ input: row, target: row }, { reduction: 'sum' }] },
  },
  {
    loss: 'optax.convex_kl_divergence',
    code: 'deprecated',
    warned: { 'its name': [{ log_predictions: logits, targets: logits }] },
    silent: {},
  },
  {
    loss: 'tf.compat.v1.losses.cosine_distance',
    code: 'deprecated',
    warned: { dim: [{ labels: float32(rows), predictions: float32(rows) }, { dim: 1 }] },
    silent: { axis: [{ labels: float32(rows), predictions: float32(rows) }, { axis: 1 }] },
  },
  {
    loss: 'optax.losses.multiclass_perceptron_loss',
    code: 'deprecated',
    warned: { 'class numbers in floating point': [{ scores: logits, labels: [0, 2] }] },
    silent: { integers: [{ scores: logits, labels: labels([0, 2]) }] },
  },
  ...['keras.losses.Hinge', 'keras.losses.SquaredHinge'].map((loss) => ({
    loss,
    code: 'labels',
    warned: { 'labels 0 and 1': [{ y_true: [0, 1, 1], y_pred: row }] as const },
    silent: {
      'labels −1 and 1': [{ y_true: [-1, 1, 1], y_pred: row }] as const,
      'labels 0, 1 and −1': [{ y_true: [0, 1, -1], y_pred: row }] as const,
    },
  })),
  {
    loss: 'keras.losses.CategoricalCrossentropy',
    code: 'one-class',
    warned: { 'one column': [{ y_true: column, y_pred: [[0.2], [0.7], [0.4]] }] },
    silent: { 'two columns': [{ y_true: [[0, 1]], y_pred: [[0.2, 0.8]] }] },
  },
  {
    loss: 'keras.losses.SparseCategoricalCrossentropy',
    code: 'label-out-of-range',
    warned: {
      'a label that is no class, on JAX': [
        { y_true: labels([0, 3]), y_pred: logits },
        { kerasBackend: 'jax' },
      ],
    },
    silent: {
      'labels that are classes': [{ y_true: labels([0, 2]), y_pred: logits }, { kerasBackend: 'jax' }],
      'one that is ignored': [
        { y_true: labels([0, 3]), y_pred: logits },
        { kerasBackend: 'jax', ignore_class: 3 },
      ],
    },
  },
  {
    loss: 'keras.losses.CTC',
    code: 'blank-in-target',
    warned: {
      'a 0 before other labels': [{ y_true: int32([[1, 0, 2]]), y_pred: float32([[...logits, ...logits]]) }],
    },
    silent: { 'a 0 after them': [{ y_true: int32([[1, 2, 0]]), y_pred: float32([[...logits, ...logits]]) }] },
  },
  {
    loss: 'torch.nn.CTCLoss',
    code: 'blank-in-target',
    warned: {
      'the blank among the labels': [
        {
          log_probs: frames,
          targets: labels([[0]]),
          input_lengths: labels([3]),
          target_lengths: labels([1]),
        },
      ],
    },
    silent: {
      'the blank beyond the length': [
        {
          log_probs: frames,
          targets: labels([[1, 0]]),
          input_lengths: labels([3]),
          target_lengths: labels([1]),
        },
      ],
    },
  },
  ...(
    [
      ['blank-in-target', int32([[0]]), int32([[2, 0]])],
      ['label-out-of-range', int32([[3]]), int32([[2, 3]])],
    ] as const
  ).map(([code, wrong, right]) => ({
    loss: 'tf.nn.ctc_loss',
    code,
    warned: {
      'such a label': [
        { labels: wrong, logits: float32(frames), label_length: int32([1]), logit_length: int32([3]) },
        { blank_index: 0 },
      ] as const,
    },
    silent: {
      'one beyond the length': [
        { labels: right, logits: float32(frames), label_length: int32([1]), logit_length: int32([3]) },
        { blank_index: 0 },
      ] as const,
    },
  })),
  {
    loss: 'tf.nn.ctc_loss',
    code: 'length',
    warned: {
      'more labels than there are': [
        { labels: int32([[1]]), logits: float32(frames), label_length: int32([2]), logit_length: int32([3]) },
        { blank_index: 0 },
      ],
      'more frames than there are': [
        { labels: int32([[1]]), logits: float32(frames), label_length: int32([1]), logit_length: int32([4]) },
        { blank_index: 0 },
      ],
    },
    silent: {
      'as many of both': [
        { labels: int32([[1]]), logits: float32(frames), label_length: int32([1]), logit_length: int32([3]) },
        { blank_index: 0 },
      ],
    },
  },
  {
    loss: 'optax.ctc_loss',
    code: 'padding',
    warned: {
      'padding before a label': [
        { logits: [logits], logit_paddings: [[0, 0]], labels: int32([[2, 1]]), label_paddings: [[1, 0]] },
      ],
    },
    silent: {
      'padding after it': [
        { logits: [logits], logit_paddings: [[0, 0]], labels: int32([[1, 0]]), label_paddings: [[0, 1]] },
      ],
    },
  },
  {
    loss: 'sklearn.metrics.log_loss',
    code: 'deprecated',
    warned: { y_pred: [{ y_true: labels([0, 1]), y_pred: [0.3, 0.6] }] },
    silent: { y_proba: [{ y_true: labels([0, 1]), y_proba: [0.3, 0.6] }] },
  },
  {
    loss: 'sklearn.metrics.log_loss',
    code: 'probabilities',
    warned: {
      'a row that adds up to 1.1': [
        {
          y_true: labels([0, 1]),
          y_proba: [
            [0.3, 0.7],
            [0.4, 0.7],
          ],
        },
      ],
    },
    silent: {
      'rows that add up to 1': [
        {
          y_true: labels([0, 1]),
          y_proba: shares,
        },
      ],
    },
  },
  {
    loss: 'sklearn.metrics.log_loss',
    code: 'labels',
    warned: {
      'labels in another order': [
        {
          y_true: labels([0, 1]),
          y_proba: shares,
          labels: labels([1, 0]),
        },
      ],
    },
    silent: {
      'labels in their order': [
        {
          y_true: labels([0, 1]),
          y_proba: shares,
          labels: labels([0, 1]),
        },
      ],
    },
  },
  {
    loss: 'monai.losses.DiceLoss',
    code: 'ignored',
    warned: {
      'a softmax of one channel': [{ input: [[[0.2, 0.4]]], target: [[[0, 1]]] }, { softmax: true }],
    },
    silent: {
      'a softmax of two channels': [masks, { softmax: true }],
    },
  },
  {
    loss: 'monai.losses.FocalLoss',
    code: 'ignored',
    warned: {
      'alpha without the background': [masks, { alpha: 0.3, use_softmax: true, include_background: false }],
    },
    silent: {
      'alpha with the background': [masks, { alpha: 0.3, use_softmax: true }],
    },
  },
  {
    loss: 'monai.losses.PatchAdversarialLoss',
    code: 'ignored',
    warned: {
      'a generator that is to look generated': [
        { input: rows },
        { target_is_real: false, for_discriminator: false },
      ],
    },
    silent: {
      'a discriminator of generated ones': [
        { input: rows },
        { target_is_real: false, for_discriminator: true },
      ],
    },
  },
  {
    loss: 'pytorch_metric_learning.losses.ContrastiveLoss',
    code: 'ignored',
    warned: {
      'labels of no references': [{ embeddings: rows, labels: labels([0, 0, 1]), ref_labels: labels([1]) }],
    },
    silent: { 'no references': [{ embeddings: rows, labels: labels([0, 0, 1]) }] },
  },
];

describe('warnings', () => {
  for (const { loss, code, warned, silent } of cases) {
    for (const [what, [inputs, parameters = {}]] of Object.entries(warned)) {
      it(`${code} of ${loss}: ${what}`, async () => {
        assert.deepEqual(await codesOf(loss, inputs, parameters), [code]);
      });
    }
    for (const [what, [inputs, parameters = {}]] of Object.entries(silent)) {
      it(`no ${code} of ${loss}: ${what}`, async () => {
        assert.equal((await codesOf(loss, inputs, parameters)).includes(code), false);
      });
    }
  }
});
