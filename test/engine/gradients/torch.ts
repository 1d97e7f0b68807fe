/** The catalogue's elementary losses, and torch's symbols of them. */
import { array } from '../../../engine/node.ts';
import { RandomInputs } from '../random-inputs.ts';
import { describeLosses } from './set-ups.ts';

const random = new RandomInputs(20240229);

const shapes = [[5], [2, 3], [2, 2, 3]] as const;

// --- The catalogue

describeLosses(
  ['mean-squared-error', 'mean-absolute-error', 'huber', 'mean-absolute-percentage-error', 'log-cosh'],
  (id) =>
    shapes.flatMap((shape) => {
      const inputs = { prediction: random.prediction(...shape), target: random.target(...shape) };
      return id === 'huber' ? [{ inputs }, { inputs, parameters: { delta: 0.4 } }] : [{ inputs }];
    }),
);

describeLosses(['nt-xent', 'optax.ntxent'], (name) => {
  const [embedding, label] = name === 'nt-xent' ? ['embedding', 'label'] : ['embeddings', 'labels'];
  const inputs = {
    [embedding]: random.prediction(6, 3),
    [label]: array(BigInt64Array.of(0n, 1n, 0n, 1n, 0n, 2n)),
  };
  return [{ inputs }, { inputs, parameters: { temperature: 0.6 } }];
});

describeLosses(['circle'], () => [
  {
    inputs: { embedding: random.prediction(5, 2), label: array(BigInt64Array.of(0n, 1n, 0n, 1n, 0n)) },
    parameters: { gamma: 1.3, margin: 0.2 },
  },
]);

describeLosses(['mean-pairwise-squared-error'], () =>
  [
    [2, 3],
    [2, 2, 3],
  ].map((shape) => ({
    inputs: { prediction: random.prediction(...shape), target: random.target(...shape) },
  })),
);

describeLosses(['mean-squared-logarithmic-error', 'categorical-hinge', 'tversky'], (id) =>
  shapes.flatMap((shape) => {
    const inputs = { prediction: random.probability(...shape), target: random.probability(...shape) };
    return id === 'tversky'
      ? [
          { inputs, parameters: { alpha: 0.3, beta: 0.8 } },
          { inputs, parameters: { smooth: 0.5, over: 'sample' } },
        ]
      : [{ inputs }];
  }),
);

describeLosses(['generalized-cross-entropy'], () =>
  [
    [3, 4],
    [2, 2, 3],
  ].map((shape) => ({
    inputs: {
      prediction: random.distribution(shape),
      target: random.labels(shape.at(-1)!, ...shape.slice(0, -1)),
    },
    parameters: { q: 0.4 },
  })),
);

describeLosses(['hinge', 'squared-hinge'], () =>
  shapes.map((shape) => ({
    inputs: { prediction: random.prediction(...shape), target: random.sign(...shape) },
  })),
);

describeLosses(['binary-cross-entropy'], () =>
  shapes.flatMap((shape) => {
    const target = random.probability(...shape);
    return [
      { inputs: { prediction: random.probability(...shape), target } },
      { inputs: { prediction: random.prediction(...shape), target }, parameters: { from: 'logit' } },
    ];
  }),
);

describeLosses(['categorical-cross-entropy', 'sparse-categorical-cross-entropy'], (id) =>
  [
    { shape: [3, 4], axis: -1 },
    { shape: [2, 3, 2], axis: 1 },
    { shape: [4], axis: 0 },
  ].flatMap(({ shape, axis }) => {
    const at = axis < 0 ? shape.length + axis : axis;
    const classes = shape[at]!;
    const rest = shape.filter((_, d) => d !== at);
    const target = id.startsWith('sparse') ? random.labels(classes, ...rest) : random.distribution(shape, at);
    const classWeight = random.weight(classes);
    return [
      { inputs: { prediction: random.distribution(shape, at), target }, parameters: { axis } },
      {
        inputs: { prediction: random.prediction(...shape), target, classWeight },
        parameters: { axis, from: 'logit', labelSmoothing: 0.13 },
      },
      {
        inputs: { prediction: random.logDistribution(shape, at), target, classWeight },
        parameters: { axis, from: 'log-probability', ...(id.startsWith('sparse') && { ignoreIndex: 1 }) },
      },
    ];
  }),
);

describeLosses(['kl-divergence'], () =>
  (['probability', 'log-probability'] as const).flatMap((predictionFrom) =>
    (['probability', 'log-probability'] as const).map((targetFrom) => ({
      inputs: {
        prediction:
          predictionFrom === 'probability' ? random.distribution([3, 4]) : random.logDistribution([3, 4]),
        target: targetFrom === 'probability' ? random.distribution([3, 4]) : random.logDistribution([3, 4]),
      },
      parameters: { predictionFrom, targetFrom },
    })),
  ),
);

// --- torch

const torch = (className: string, functionName: string) => [
  `torch.nn.${className}`,
  `torch.nn.functional.${functionName}`,
];
const reductions = ['mean', 'sum', 'none'] as const;

for (const [className, functionName, option] of [
  ['MSELoss', 'mse_loss', {}],
  ['L1Loss', 'l1_loss', {}],
  ['SmoothL1Loss', 'smooth_l1_loss', { beta: 0.6 }],
  ['HuberLoss', 'huber_loss', { delta: 0.6 }],
] as const) {
  describeLosses(torch(className, functionName), (name) => [
    ...shapes.flatMap((shape) =>
      reductions.map((reduction) => ({
        inputs: { input: random.prediction(...shape), target: random.target(...shape) },
        parameters: { reduction, ...option },
      })),
    ),
    { inputs: { input: random.prediction(3), target: random.target(2, 1) }, parameters: option },
    ...(name.startsWith('torch.nn.functional') && className !== 'SmoothL1Loss'
      ? reductions.map((reduction) => ({
          inputs: {
            input: random.prediction(2, 3),
            target: random.target(2, 3),
            weight: random.weight(2, 3),
          },
          parameters: { reduction, ...option },
        }))
      : []),
  ]);
}

describeLosses(torch('BCELoss', 'binary_cross_entropy'), () =>
  reductions.flatMap((reduction) => [
    {
      inputs: { input: random.probability(5), target: random.probability(5) },
      parameters: { reduction },
    },
    {
      inputs: {
        input: random.probability(2, 3),
        target: random.probability(2, 3),
        weight: random.weight(2, 1),
      },
      parameters: { reduction },
    },
  ]),
);

describeLosses(torch('BCEWithLogitsLoss', 'binary_cross_entropy_with_logits'), () =>
  reductions.flatMap((reduction) => [
    { inputs: { input: random.prediction(5), target: random.probability(5) }, parameters: { reduction } },
    {
      inputs: {
        input: random.prediction(2, 3),
        target: random.probability(2, 3),
        weight: random.weight(3),
        pos_weight: random.weight(3),
      },
      parameters: { reduction },
    },
    {
      inputs: {
        input: random.prediction(2, 2, 1, 2),
        target: random.probability(2, 2, 1, 2),
        pos_weight: random.weight(2, 1, 1),
      },
      parameters: { reduction },
    },
  ]),
);

describeLosses([...torch('CrossEntropyLoss', 'cross_entropy'), ...torch('NLLLoss', 'nll_loss')], (name) => {
  const smoothing = name.includes('ross') ? { label_smoothing: 0.17 } : {};
  return [
    ...reductions.flatMap((reduction) => [
      { inputs: { input: random.prediction(3, 4), target: random.labels(4, 3) }, parameters: { reduction } },
      {
        inputs: {
          input: random.prediction(2, 3, 4),
          target: random.labels(3, 2, 4),
          weight: random.weight(3),
        },
        parameters: { reduction, ignore_index: 1, ...smoothing },
      },
    ]),
    { inputs: { input: random.prediction(4), target: random.labels(4) }, parameters: smoothing },
    ...(name.includes('ross')
      ? reductions.map((reduction) => ({
          inputs: {
            input: random.prediction(2, 3, 2),
            target: random.distribution([2, 3, 2], 1),
            weight: random.weight(3),
          },
          parameters: { reduction, ...smoothing },
        }))
      : []),
  ];
});

describeLosses(torch('KLDivLoss', 'kl_div'), () =>
  [...reductions, 'batchmean'].flatMap((reduction) => [
    {
      inputs: { input: random.logDistribution([3, 4]), target: random.distribution([3, 4]) },
      parameters: { reduction },
    },
    {
      inputs: { input: random.logDistribution([2, 3, 2], 1), target: random.logDistribution([2, 3, 2], 1) },
      parameters: { reduction, log_target: true },
    },
    { inputs: { input: random.prediction(2, 1), target: random.probability(3) }, parameters: { reduction } },
  ]),
);
