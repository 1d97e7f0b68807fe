/** Keras: the classes compute in float32 unless told otherwise, the functions in their prediction's dtype. */
import { array } from '../../../engine/node.ts';
import { RandomInputs } from '../random-inputs.ts';
import { describeLosses, type SetUp } from './set-ups.ts';

const random = new RandomInputs(20240301);

const labelsOf = (...labels: number[]) => array(BigInt64Array.from(labels, BigInt));

const keras = (className: string, functionName: string) => [
  `keras.losses.${className}`,
  `keras.losses.${functionName}`,
];

/** The set-ups of the function; of the class, in float64, with reductions and sample weights over `values`. */
function kerasSetUps(
  name: string,
  make: () => readonly (SetUp & { readonly values: readonly number[] })[],
): readonly SetUp[] {
  if (name === name.toLowerCase())
    return make().map(({ inputs, parameters = {} }) => ({ inputs, parameters }));
  return ['sum', 'sum_over_batch_size', 'mean_with_sample_weight', 'none'].flatMap((reduction) =>
    make().flatMap(({ inputs, parameters, values }) => {
      const all = { ...parameters, reduction, dtype: 'float64' };
      const sample_weight = random.weight(...values);
      return [
        { inputs, parameters: all },
        { inputs: { ...inputs, sample_weight }, parameters: all },
      ];
    }),
  );
}

for (const [className, functionName, option] of [
  ['MeanSquaredError', 'mean_squared_error', {}],
  ['MeanAbsoluteError', 'mean_absolute_error', {}],
  ['Huber', 'huber', { delta: 0.6 }],
  ['MeanAbsolutePercentageError', 'mean_absolute_percentage_error', {}],
  ['LogCosh', 'log_cosh', {}],
] as const) {
  describeLosses(keras(className, functionName), (name) =>
    kerasSetUps(name, () => [
      ...[
        [2, 3],
        [2, 2, 3],
      ].map((shape) => ({
        inputs: { y_true: random.target(...shape), y_pred: random.prediction(...shape) },
        parameters: option,
        values: shape.slice(0, -1),
      })),
      {
        inputs: { y_true: random.target(4), y_pred: random.prediction(4, 1) },
        parameters: option,
        values: [4],
      },
    ]),
  );
}

describeLosses(
  [
    ...keras('MeanSquaredLogarithmicError', 'mean_squared_logarithmic_error'),
    ...keras('Poisson', 'poisson'),
    ...keras('CategoricalHinge', 'categorical_hinge'),
  ],
  (name) =>
    kerasSetUps(name, () => [
      { inputs: { y_true: random.probability(2, 3), y_pred: random.probability(2, 3) }, values: [2] },
      { inputs: { y_true: random.probability(2, 1), y_pred: random.probability(3, 2, 4) }, values: [3, 2] },
    ]),
);

describeLosses(keras('CosineSimilarity', 'cosine_similarity'), (name) =>
  kerasSetUps(name, () => [
    { inputs: { y_true: random.target(2, 3), y_pred: random.prediction(2, 3) }, values: [2] },
    {
      inputs: { y_true: random.target(2, 3, 2), y_pred: random.prediction(2, 3, 2) },
      parameters: { axis: 1 },
      values: [2, 2],
    },
    { inputs: { y_true: random.target(1, 3), y_pred: random.prediction(2, 3) }, values: [2] },
  ]),
);

describeLosses([...keras('Dice', 'dice'), ...keras('Tversky', 'tversky')], (name) => {
  const shares = name.toLowerCase().endsWith('tversky') ? { alpha: 0.3, beta: 0.8 } : {};
  return kerasSetUps(name, () => [
    {
      inputs: { y_true: random.probability(2, 3), y_pred: random.probability(2, 3) },
      parameters: shares,
      values: [2],
    },
    {
      inputs: { y_true: random.probability(2, 3, 2), y_pred: random.probability(2, 3, 2) },
      parameters: { ...shares, axis: 1 },
      values: [2, 2],
    },
    {
      inputs: { y_true: random.probability(1, 3), y_pred: random.probability(2, 3) },
      parameters: { ...shares, axis: -1 },
      values: [2],
    },
  ]);
});

describeLosses(keras('BinaryFocalCrossentropy', 'binary_focal_crossentropy'), (name) =>
  kerasSetUps(name, () => [
    {
      inputs: { y_true: random.probability(2, 3), y_pred: random.probability(2, 3) },
      parameters: { gamma: 1.7, label_smoothing: 0.13, axis: 0 },
      values: [3],
    },
    {
      inputs: { y_true: random.probability(2, 3), y_pred: random.prediction(2, 3) },
      parameters: { from_logits: true, apply_class_balancing: true, alpha: 0.3 },
      values: [2],
    },
  ]),
);

describeLosses(keras('CategoricalFocalCrossentropy', 'categorical_focal_crossentropy'), (name) =>
  kerasSetUps(name, () => [
    {
      inputs: { y_true: random.probability(2, 3), y_pred: random.probability(2, 3) },
      parameters: { gamma: 1.7, label_smoothing: 0.13 },
      values: [2],
    },
    {
      inputs: { y_true: random.probability(2, 3, 2), y_pred: random.prediction(2, 3, 2) },
      parameters: { from_logits: true, alpha: 0.6, axis: 1 },
      values: [2, 2],
    },
    {
      inputs: { y_true: random.probability(1, 3), y_pred: random.probability(2, 3) },
      parameters: { axis: 0 },
      values: [3],
    },
  ]),
);

describeLosses(keras('CategoricalGeneralizedCrossEntropy', 'categorical_generalized_cross_entropy'), (name) =>
  kerasSetUps(name, () => [
    {
      inputs: { y_true: random.labels(4, 3), y_pred: random.probability(3, 4) },
      parameters: { q: 0.4 },
      values: [3],
    },
    {
      inputs: { y_true: random.labels(4, 2, 1), y_pred: random.probability(3, 4) },
      parameters: { q: 0.7 },
      values: [2, 3],
    },
  ]),
);

describeLosses([...keras('Hinge', 'hinge'), ...keras('SquaredHinge', 'squared_hinge')], (name) =>
  kerasSetUps(name, () => [
    { inputs: { y_true: random.target(2, 3), y_pred: random.prediction(2, 3) }, values: [2] },
    { inputs: { y_true: random.target(3, 2), y_pred: random.prediction(3, 2) }, values: [3] },
  ]),
);

describeLosses(keras('KLDivergence', 'kl_divergence'), (name) =>
  kerasSetUps(name, () => [
    { inputs: { y_true: random.distribution([2, 3]), y_pred: random.distribution([2, 3]) }, values: [2] },
    { inputs: { y_true: random.probability(2, 2, 2), y_pred: random.probability(2, 2, 2) }, values: [2, 2] },
  ]),
);

describeLosses(keras('BinaryCrossentropy', 'binary_crossentropy'), (name) =>
  kerasSetUps(name, () => [
    { inputs: { y_true: random.probability(2, 3), y_pred: random.probability(2, 3) }, values: [2] },
    {
      inputs: { y_true: random.probability(2, 3), y_pred: random.prediction(2, 3) },
      parameters: { from_logits: true, label_smoothing: 0.13, axis: 0 },
      values: [3],
    },
  ]),
);

describeLosses(keras('CategoricalCrossentropy', 'categorical_crossentropy'), (name) =>
  kerasSetUps(name, () => [
    { inputs: { y_true: random.probability(2, 3), y_pred: random.probability(2, 3) }, values: [2] },
    {
      inputs: { y_true: random.distribution([2, 3, 2], 1), y_pred: random.probability(2, 3, 2) },
      parameters: { axis: 1, label_smoothing: 0.13 },
      values: [2, 2],
    },
    {
      inputs: { y_true: random.distribution([2, 3, 2], 1), y_pred: random.prediction(2, 3, 2) },
      parameters: { axis: 1, from_logits: true },
      values: [2, 2],
    },
    {
      inputs: { y_true: random.distribution([2, 4]), y_pred: random.prediction(2, 4) },
      parameters: { from_logits: true, label_smoothing: 0.13 },
      values: [2],
    },
  ]),
);

describeLosses(keras('SparseCategoricalCrossentropy', 'sparse_categorical_crossentropy'), (name) =>
  kerasSetUps(name, () => [
    { inputs: { y_true: random.labels(4, 3), y_pred: random.probability(3, 4) }, values: [3] },
    {
      inputs: { y_true: random.labels(3, 2, 2), y_pred: random.prediction(2, 2, 3) },
      parameters: { from_logits: true, ignore_class: 1 },
      values: [2, 2],
    },
  ]),
);

describeLosses(keras('Circle', 'circle'), (name) =>
  kerasSetUps(name, () => [
    {
      inputs: { y_true: labelsOf(0, 1, 0, 1, 0), y_pred: random.prediction(5, 2) },
      parameters: { gamma: 1.3, margin: 0.2 },
      values: [5],
    },
    {
      inputs: {
        y_true: labelsOf(0, 1),
        y_pred: random.prediction(2, 3),
        ...(name === name.toLowerCase() && {
          ref_labels: labelsOf(1, 0, 1),
          ref_embeddings: random.prediction(3, 3),
        }),
      },
      parameters: { gamma: 0.8, remove_diagonal: false },
      values: [2],
    },
  ]),
);
