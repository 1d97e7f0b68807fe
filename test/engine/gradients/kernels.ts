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
