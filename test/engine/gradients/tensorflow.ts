/** TensorFlow's own: tf.nn and tf.image compute in their logits' dtype, tf.compat.v1.losses in float32. */
import { array } from '../../../engine/node.ts';
import { RandomInputs } from '../random-inputs.ts';
import { describeLosses, type SetUp } from './set-ups.ts';

const random = new RandomInputs(20240302);

describeLosses(['tf.nn.sigmoid_cross_entropy_with_logits'], () =>
  [[4], [2, 3]].map((shape) => ({
    inputs: { labels: random.probability(...shape), logits: random.prediction(...shape) },
  })),
);

describeLosses(['tf.nn.weighted_cross_entropy_with_logits'], () =>
  [[], [3], [2, 1], [2, 2, 3]].map((shape) => ({
    inputs: {
      labels: random.probability(2, 3),
      logits: random.prediction(2, 3),
      pos_weight: random.weight(...shape),
    },
  })),
);

describeLosses(['tf.nn.softmax_cross_entropy_with_logits'], () => [
  { inputs: { labels: random.distribution([2, 3]), logits: random.prediction(2, 3) } },
  {
    inputs: { labels: random.distribution([2, 3, 2], 1), logits: random.prediction(2, 3, 2) },
    parameters: { axis: 1 },
  },
]);

describeLosses(['tf.nn.sparse_softmax_cross_entropy_with_logits'], () => [
  { inputs: { labels: random.labels(4, 3), logits: random.prediction(3, 4) } },
  { inputs: { labels: random.labels(3), logits: random.prediction(3) } },
]);

describeLosses(['tf.nn.log_poisson_loss'], () =>
  [true, false].map((compute_full_loss) => ({
    inputs: { targets: random.weight(2, 4), log_input: random.prediction(2, 4) },
    parameters: { compute_full_loss },
  })),
);

describeLosses(['tf.nn.l2_loss'], () => [{ inputs: { t: random.prediction(2, 3) } }]);

describeLosses(['tf.image.total_variation'], () => [
  { inputs: { images: random.prediction(3, 4, 2) } },
  { inputs: { images: random.prediction(2, 3, 2, 2) } },
]);

const reductions = [
  'none',
  'weighted_sum',
  'weighted_mean',
  'weighted_sum_over_batch_size',
  'weighted_sum_by_nonzero_weights',
];

/** The same numbers to 10 binary digits: float32 then takes every step of the difference quotient exactly. */
export const dyadic = (inputs: SetUp['inputs']): SetUp['inputs'] =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, { data, dtype, shape }]) => [
      name,
      data instanceof Float64Array
        ? { dtype, shape, data: data.map((x) => Math.round(x * 1024) / 1024) }
        : { dtype, shape, data },
    ]),
  );

/** Every reduction, without weights, with one, and with weights of some of the losses' extents. */
const weighted = (make: () => SetUp, ...weights: readonly (readonly number[])[]): readonly SetUp[] =>
  reductions.flatMap((reduction) =>
    [undefined, [], ...weights].map((shape) => {
      const { inputs, parameters } = make();
      const all = { ...inputs, ...(shape && { weights: random.weight(...shape) }) };
      return { inputs: dyadic(all), parameters: { ...parameters, reduction } };
    }),
  );

const v1 = (...names: readonly string[]): string[] => names.map((name) => `tf.compat.v1.losses.${name}`);

describeLosses(v1('mean_squared_error', 'absolute_difference', 'huber_loss'), (name) =>
  weighted(
    () => ({
      inputs: { labels: random.target(2, 3), predictions: random.prediction(2, 3) },
      parameters: name.endsWith('huber_loss') ? { delta: 0.6 } : {},
    }),
    [2, 1],
    [2, 3],
  ),
);

describeLosses(v1('log_loss'), () =>
  weighted(
    () => ({
      inputs: { labels: random.probability(2, 3), predictions: random.probability(2, 3) },
      parameters: { epsilon: 0.01 },
    }),
    [1, 3],
  ),
);

describeLosses(v1('hinge_loss'), () =>
  weighted(() => ({ inputs: { labels: random.target(2, 3), logits: random.prediction(2, 3) } }), [2, 1]),
);

describeLosses(v1('sigmoid_cross_entropy'), () =>
  weighted(
    () => ({
      inputs: { multi_class_labels: random.probability(2, 3), logits: random.prediction(2, 3) },
      parameters: { label_smoothing: 0.13 },
    }),
    [2, 1],
  ),
);

describeLosses(v1('softmax_cross_entropy'), () =>
  weighted(
    () => ({
      inputs: {
        onehot_labels: array(
          [
            [0.25, 0.5, 0.25],
            [0, 1, 0],
          ],
          { dtype: 'float64' },
        ),
        logits: random.prediction(2, 3),
      },
      parameters: { label_smoothing: 0.13 },
    }),
    [2],
  ),
);

describeLosses(v1('sparse_softmax_cross_entropy'), () =>
  weighted(() => ({ inputs: { labels: random.labels(3, 2), logits: random.prediction(2, 3) } }), [2], [2, 1]),
);

describeLosses(v1('cosine_distance'), () =>
  weighted(
    () => ({
      inputs: { labels: random.target(2, 3), predictions: random.prediction(2, 3) },
      parameters: { axis: 1 },
    }),
    [2, 1],
    [1, 1],
  ),
);

describeLosses(v1('mean_pairwise_squared_error'), () =>
  [undefined, [], [2, 1], [2, 3], [1, 3]].map((weights) => ({
    inputs: dyadic({
      labels: random.target(2, 3),
      predictions: random.prediction(2, 3),
      ...(weights && { weights: random.weight(...weights) }),
    }),
  })),
);
