/** optax, in float64, and the losses of the catalogue that it brings. */
import { array } from '../../../engine/array.ts';
import { RandomInputs } from '../random-inputs.ts';
import { describeLosses, type SetUp } from './set-ups.ts';

const random = new RandomInputs(20240303);

const shapes = [[5], [2, 3], [2, 2, 3]] as const;
const mask = array(Uint8Array.from([1, 1, 0, 1, 0, 1, 1, 1, 0, 0, 1, 1]), { shape: [3, 4], dtype: 'bool' });

describeLosses(['perceptron'], () =>
  shapes.map((shape) => ({
    inputs: { prediction: random.prediction(...shape), target: random.sign(...shape) },
  })),
);

describeLosses(['sparsemax', 'optax.losses.multiclass_sparsemax_loss'], (name) => {
  const [scores, classes] = name.startsWith('optax') ? ['scores', 'labels'] : ['prediction', 'target'];
  return [2, 5].map((count) => ({
    inputs: {
      [scores]: random.prediction(4, count),
      [classes]: array(BigInt64Array.of(0n, 1n, 1n, 0n)),
    },
  }));
});

describeLosses(['optax.losses.sparsemax_loss'], () => [
  { inputs: { logits: random.prediction(2, 3), labels: array(BigInt64Array.of(0n, 1n, 1n)) } },
]);

describeLosses(['ranking-softmax'], () =>
  shapes.map((shape) => ({
    inputs: { prediction: random.prediction(...shape), target: random.probability(...shape) },
  })),
);

describeLosses(['optax.losses.ranking_softmax_loss'], () => {
  const inputs = { logits: random.prediction(3, 4), labels: random.probability(3, 4) };
  return [
    { inputs: { ...inputs, weights: random.probability(4) } },
    { inputs: { ...inputs, where: mask }, parameters: { reduce_fn: 'sum' } },
    { inputs: { ...inputs, where: mask }, parameters: { reduce_fn: null } },
    { inputs: { ...inputs, where: mask } },
  ];
});

describeLosses(['poly-cross-entropy'], () => [
  { inputs: { prediction: random.distribution([3, 4]), target: random.distribution([3, 4]) } },
  {
    inputs: { prediction: random.prediction(2, 3, 2), target: random.distribution([2, 3, 2], 1) },
    parameters: { from: 'logit', axis: 1, epsilon: -0.4 },
  },
  {
    inputs: { prediction: random.logDistribution([3, 4]), target: random.distribution([3, 4]) },
    parameters: { from: 'log-probability', epsilon: 2.5 },
  },
]);

describeLosses(['optax.squared_error', 'optax.l2_loss', 'optax.huber_loss', 'optax.log_cosh'], (name) => [
  ...shapes.map(
    (shape): SetUp => ({
      inputs: { predictions: random.prediction(...shape), targets: random.target(...shape) },
      ...(name.includes('huber') && { parameters: { delta: 0.6 } }),
    }),
  ),
  { inputs: { predictions: random.prediction(4) } },
]);

describeLosses(['optax.cosine_similarity', 'optax.cosine_distance'], () => {
  const pair = (...shape: number[]) => ({
    predictions: random.prediction(...shape),
    targets: random.target(...shape),
  });
  return [
    { inputs: pair(3, 4) },
    { inputs: pair(2, 3, 2), parameters: { axis: 1, epsilon: 0.01 } },
    { inputs: pair(3, 4), parameters: { axis: null } },
    { inputs: { ...pair(3, 4), where: mask } },
    { inputs: { predictions: random.prediction(2, 1, 3), targets: random.target(4, 3) } },
  ];
});

describeLosses(['optax.sigmoid_binary_cross_entropy', 'optax.sigmoid_focal_loss'], (name) => {
  const given = name.includes('focal') ? [{}, { alpha: 0.3, gamma: 1.5 }] : [{}];
  return given.flatMap((parameters) => [
    { inputs: { logits: random.prediction(2, 3), labels: random.probability(2, 3) }, parameters },
    { inputs: { logits: random.prediction(2, 3), labels: random.probability(3) }, parameters },
  ]);
});

describeLosses(['optax.hinge_loss', 'optax.losses.perceptron_loss'], () =>
  shapes.map((shape) => ({
    inputs: { predictor_outputs: random.prediction(...shape), targets: random.target(...shape) },
  })),
);

describeLosses(['optax.losses.multiclass_hinge_loss', 'optax.losses.multiclass_perceptron_loss'], () => [
  { inputs: { scores: random.prediction(4, 3), labels: random.labels(3, 4) } },
  { inputs: { scores: random.prediction(2, 2, 5), labels: random.labels(5, 2, 2) } },
]);

describeLosses(
  ['optax.softmax_cross_entropy', 'optax.safe_softmax_cross_entropy', 'optax.losses.poly_loss_cross_entropy'],
  (name) => {
    const plain = [
      { inputs: { logits: random.prediction(3, 4), labels: random.probability(3, 4) } },
      { inputs: { logits: random.prediction(3, 4), labels: random.probability(4) } },
    ];
    if (name.includes('safe')) return plain;
    return [
      ...plain,
      {
        inputs: { logits: random.prediction(2, 3, 2), labels: random.probability(2, 3, 2) },
        parameters: { axis: 1 },
      },
      {
        inputs: { logits: random.prediction(2, 3), labels: random.probability(2, 3) },
        parameters: { axis: null },
      },
    ];
  },
);

describeLosses(['optax.softmax_cross_entropy_with_integer_labels'], () => [
  { inputs: { logits: random.prediction(3, 4), labels: random.labels(4, 3) } },
  { inputs: { logits: random.prediction(2, 3, 2), labels: random.labels(3, 2, 2) }, parameters: { axis: 1 } },
  { inputs: { logits: random.prediction(3, 4), labels: random.labels(4, 3), where: mask } },
]);

describeLosses(
  [
    'optax.kl_divergence',
    'optax.generalized_kl_divergence',
    'optax.convex_kl_divergence',
    'optax.losses.kl_divergence_with_log_targets',
  ],
  (name) => {
    const logTargets = name.includes('log_targets');
    const pair = (...shape: number[]) => ({
      log_predictions: random.logDistribution(shape),
      [logTargets ? 'log_targets' : 'targets']: logTargets
        ? random.logDistribution(shape)
        : random.distribution(shape),
    });
    return [
      { inputs: pair(3, 4) },
      { inputs: pair(2, 3, 2), parameters: { axis: 1 } },
      { inputs: { ...pair(3, 4), where: mask } },
    ];
  },
);

const maps = (...shape: number[]) => ({
  predictions: random.prediction(...shape),
  targets: random.probability(...shape),
});

describeLosses(['optax.losses.dice_loss'], () => [
  { inputs: maps(2, 3, 2, 4) },
  { inputs: maps(2, 5, 1), parameters: { reduction: 'sum' } },
  {
    inputs: { ...maps(2, 5, 3), class_weights: random.weight(3) },
    parameters: { reduction: 'none', alpha: 0.3, beta: 0.9, smooth: 0.2, ignore_background: true },
  },
  { inputs: maps(2, 5, 3), parameters: { axis: 0 } },
]);

describeLosses(['optax.losses.multiclass_generalized_dice_loss'], () => [
  { inputs: maps(2, 3, 2, 4) },
  { inputs: maps(2, 5, 3), parameters: { ignore_background: true, smooth: 0.3 } },
]);

describeLosses(['optax.losses.binary_dice_loss'], () => [
  { inputs: maps(2, 5) },
  { inputs: maps(2, 3, 1), parameters: { smooth: 0.3 } },
]);

describeLosses(['optax.losses.triplet_margin_loss'], () => {
  const triple = (offset: number, ...shape: number[]) => ({
    anchors: random.centred(shape, offset),
    positives: random.target(...shape),
    negatives: random.target(...shape),
  });
  return [
    { inputs: triple(0.0037, 4, 3), parameters: { margin: 3 } },
    { inputs: triple(0.0037, 2, 2, 3), parameters: { axis: 1, eps: 0.1, margin: 3 } },
    { inputs: triple(9, 4, 3), parameters: { norm_degree: 3, margin: 9 } },
  ];
});
