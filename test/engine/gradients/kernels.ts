/** What hand-written kernels compute: CTC, and optimal transport. */
import { array, type NdArray } from '../../../engine/array.ts';
import { RandomInputs } from '../random-inputs.ts';
import { describeLosses, type SetUp } from './set-ups.ts';

const random = new RandomInputs(20240306);

const integers = (...values: number[]): NdArray =>
  array(BigInt64Array.from(values, BigInt), { shape: [values.length] });

// --- CTC

/** Three samples: one that fits its frames with room, one with a repeated label, one without labels. */
const target = array(BigInt64Array.from([1, 2, 1, 2, 2, 0, 0, 0, 0], BigInt), { shape: [3, 3] });
const inputLength = integers(5, 4, 3);
const targetLength = integers(3, 2, 0);

describeLosses(['ctc'], () => [
  { inputs: { logits: random.prediction(5, 3, 4), target, inputLength, targetLength } },
  { inputs: { logProbabilities: random.logDistribution([5, 3, 4]), target, inputLength, targetLength } },
]);

/** The log-probabilities that the logits of each frame give. */
function logSoftmax(logits: Float64Array, classes: number): Float64Array {
  return logits.map((x, i) => {
    const first = i - (i % classes);
    const frame = logits.subarray(first, first + classes);
    return x - Math.log(frame.reduce((sum, logit) => sum + Math.exp(logit), 0));
  });
}

/** torch sends back the gradient of the logits before the log-softmax. */
const before = { log_probs: (data: Float64Array) => logSoftmax(data, 4) };

describeLosses(['torch.nn.CTCLoss', 'torch.nn.functional.ctc_loss'], () => [
  ...['mean', 'sum', 'none'].map((reduction): SetUp => {
    const log_probs = random.logDistribution([5, 3, 4]);
    return {
      inputs: { log_probs, targets: target, input_lengths: inputLength, target_lengths: targetLength },
      parameters: { reduction },
      before,
    };
  }),
  {
    inputs: {
      log_probs: random.logDistribution([6, 2, 4]),
      targets: integers(3, 1, 1, 0, 0),
      input_lengths: integers(6, 5),
      target_lengths: integers(3, 2),
    },
    parameters: { blank: 2 },
    before,
  },
]);

/** By batch first, as the catalogue has it: by frame. */
const framesFirst = ({ data, shape }: NdArray): NdArray => {
  const [count, frames, classes] = shape as [number, number, number];
  const result = Float64Array.from({ length: data.length }, (_, i) => {
    const [t, rest] = [Math.floor(i / (count * classes)), i % (count * classes)];
    const n = Math.floor(rest / classes);
    return Number(data[(n * frames + t) * classes + (rest % classes)]);
  });
  return { dtype: 'float64', shape: [frames, count, classes], data: result };
};

/** Without a dtype: TensorFlow takes float32 only. */
const weak = (values: NdArray): NdArray => ({ ...values, weak: true });

describeLosses(['tf.nn.ctc_loss'], () =>
  [{}, { logits_time_major: false }, { blank_index: 3 }, { blank_index: -1, logits_time_major: true }].map(
    (parameters): SetUp => {
      const first = 'logits_time_major' in parameters && !parameters.logits_time_major;
      const blank = 'blank_index' in parameters ? 3 : 0;
      return {
        inputs: {
          labels: target,
          logits: weak(first ? random.prediction(3, 5, 4) : random.prediction(5, 3, 4)),
          label_length: targetLength,
          logit_length: inputLength,
        },
        parameters,
        instead: ({ labels, logits, label_length, logit_length }) => ({
          loss: 'ctc',
          inputs: {
            logits: first ? framesFirst(logits!) : logits!,
            target: labels!,
            inputLength: logit_length!,
            targetLength: label_length!,
          },
          parameters: { blank },
        }),
      };
    },
  ),
);

/** Batch first, every frame counts, the labels are what is not 0. */
const rows = array(BigInt64Array.from([1, 2, 1, 2, 2, 0, 3, 0, 0], BigInt), { shape: [3, 3] });

/** On torch in float64; on the other backends in float32, and the same where something fits. */
describeLosses(['keras.losses.CTC', 'keras.losses.ctc'], (name) =>
  ['torch', 'tensorflow', 'jax'].flatMap((kerasBackend) => {
    const inputs = { y_true: rows, y_pred: random.prediction(3, 5, 4) };
    const all: SetUp[] = name.endsWith('CTC')
      ? [
          { inputs },
          { inputs, parameters: { reduction: 'sum' } },
          { inputs: { ...inputs, sample_weight: random.weight(3) }, parameters: { reduction: 'none' } },
          {
            inputs: { ...inputs, sample_weight: random.weight(3, 1) },
            parameters: { reduction: 'mean_with_sample_weight' },
          },
        ]
      : [{ inputs }];
    return all.map(
      ({ inputs, parameters }): SetUp => ({
        inputs,
        parameters: { ...parameters, kerasBackend },
        ...(kerasBackend !== 'torch' && {
          instead: (moved) => ({
            loss: name,
            inputs: moved,
            parameters: { ...parameters, kerasBackend: 'torch' },
          }),
        }),
      }),
    );
  }),
);

/** Also where nothing fits, and the loss is made of what log_epsilon costs. */
describeLosses(['optax.ctc_loss', 'optax.ctc_loss_with_forward_probs'], () =>
  [
    { frames: 5, parameters: {} },
    { frames: 5, parameters: { blank_id: 3 } },
    { frames: 2, parameters: { log_epsilon: -30 } },
    { frames: 3, parameters: { log_epsilon: 0.5, blank_id: 2 } },
  ].map(({ frames, parameters }) => ({
    inputs: {
      logits: random.prediction(3, frames, 4),
      logit_paddings: array(
        Int32Array.from({ length: 3 * frames }, (_, i) => (i === 3 * frames - 1 ? 1 : 0)),
        {
          shape: [3, frames],
        },
      ),
      labels: rows,
      label_paddings: array(Int32Array.of(0, 0, 0, 0, 0, 1, 0, 1, 1), { shape: [3, 3] }),
    },
    parameters,
  })),
);

// --- Optimal transport

describeLosses(['earth-movers-distance'], () => [
  ...[1, 2, 3].map((p) => ({
    inputs: {
      first: random.scores(5),
      second: random.scores(4),
      firstWeights: random.weight(5),
      secondWeights: random.weight(4),
    },
    parameters: { p },
  })),
  { inputs: { first: random.scores(5), second: random.scores(3) } },
  { inputs: { first: random.weight(5), second: random.weight(4) }, parameters: { form: 'histograms' } },
  {
    inputs: { first: random.weight(5), second: random.weight(4), cost: random.weight(5, 4) },
    parameters: { form: 'histograms' },
  },
]);

describeLosses(['scipy.stats.wasserstein_distance', 'ot.wasserstein_1d'], (name) =>
  (name.startsWith('ot.') ? [1, 2, 3] : [undefined]).flatMap((p) => {
    const parameters = p === undefined ? {} : { p };
    const values = { u_values: random.scores(5), v_values: random.scores(4) };
    const weights = { u_weights: random.distribution([5]), v_weights: random.distribution([4]) };
    return [
      { inputs: values, parameters },
      { inputs: { ...values, ...weights }, parameters },
    ];
  }),
);

describeLosses(['ot.emd2'], () => [
  { inputs: { a: random.distribution([5]), b: random.distribution([4]), M: random.weight(5, 4) } },
  { inputs: { a: random.distribution([1]), b: random.distribution([3]), M: random.weight(1, 3) } },
]);
