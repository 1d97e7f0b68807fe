/** The catalogue's losses of rankings, images, generators, counts and directions; and the focal loss. */
import { RandomInputs } from '../random-inputs.ts';
import { describeLosses } from './set-ups.ts';

const random = new RandomInputs(20240305);

const shapes = [[5], [2, 3], [2, 2, 3]] as const;

describeLosses(['focal'], () => [
  ...shapes.flatMap((shape) => {
    const target = random.labels(2, ...shape);
    return [
      { inputs: { prediction: random.probability(...shape), target } },
      {
        inputs: { prediction: random.prediction(...shape), target },
        parameters: { from: 'logit', gamma: 1.3, alpha: 0.6 },
      },
    ];
  }),
  { inputs: { prediction: random.distribution([3, 4]), target: random.labels(4, 3) } },
  {
    inputs: { prediction: random.prediction(2, 2, 3), target: random.labels(3, 2, 2) },
    parameters: { from: 'logit', gamma: 0.7 },
  },
]);

describeLosses(['contrastive'], () => [
  ...shapes.map((shape) => ({
    inputs: { distance: random.weight(...shape), label: random.probability(...shape) },
    parameters: { margin: 1.3 },
  })),
  {
    inputs: { first: random.scores(6, 3), second: random.scores(6, 3), label: random.probability(6) },
    parameters: { margin: 3 },
  },
]);

describeLosses(['triplet'], () =>
  ['squared-euclidean', 'euclidean'].map((distance) => ({
    inputs: {
      anchor: random.scores(6, 3),
      positive: random.scores(6, 3),
      negative: random.scores(6, 3),
    },
    parameters: { distance, margin: 0.7 },
  })),
);

describeLosses(['margin-ranking'], () =>
  shapes.map((shape) => ({
    inputs: {
      positive: random.scores(...shape),
      negative: random.scores(...shape),
      label: random.sign(...shape),
    },
    parameters: { margin: 0.4 },
  })),
);

describeLosses(['pixelwise-cross-entropy'], () => [
  { inputs: { prediction: random.distribution([2, 3, 2], 1), target: random.labels(3, 2, 2) } },
  { inputs: { prediction: random.distribution([2, 3, 2], 1), target: random.distribution([2, 3, 2], 1) } },
  {
    inputs: {
      prediction: random.prediction(2, 3, 2, 2),
      target: random.labels(3, 2, 2, 2),
      classWeight: random.weight(3),
    },
    parameters: { from: 'logit', ignoreIndex: 1, labelSmoothing: 0.13 },
  },
]);

describeLosses(['dice', 'jaccard'], () =>
  shapes.flatMap((shape) => {
    const inputs = { prediction: random.probability(...shape), target: random.probability(...shape) };
    return [{ inputs }, { inputs, parameters: { smooth: 0.5, over: 'sample' } }];
  }),
);

describeLosses(['perceptual'], () =>
  shapes.map((shape) => ({
    inputs: { prediction: random.prediction(...shape), target: random.target(...shape) },
  })),
);

describeLosses(['total-variation'], () =>
  ['squared', 'absolute'].flatMap((norm) =>
    [
      [3, 4],
      [2, 2, 3],
    ].map((shape) => ({ inputs: { image: random.scores(...shape) }, parameters: { norm } })),
  ),
);

describeLosses(['gan-discriminator'], () => [
  { inputs: { real: random.probability(5), fake: random.probability(3, 2) } },
  { inputs: { real: random.prediction(2, 2), fake: random.prediction(3) }, parameters: { from: 'logit' } },
]);

describeLosses(['gan-generator'], () =>
  ['minimax', 'non-saturating'].flatMap((form) => [
    { inputs: { fake: random.probability(5) }, parameters: { form } },
    { inputs: { fake: random.prediction(2, 3) }, parameters: { form, from: 'logit' } },
  ]),
);

describeLosses(['lsgan-discriminator', 'wasserstein'], () => [
  { inputs: { real: random.prediction(5), fake: random.prediction(3, 2) } },
]);

describeLosses(['lsgan-generator'], () =>
  shapes.map((shape) => ({ inputs: { fake: random.prediction(...shape) } })),
);

describeLosses(['poisson'], () =>
  [false, true].flatMap((full) => [
    { inputs: { prediction: random.weight(2, 4), target: random.weight(2, 4) }, parameters: { full } },
    {
      inputs: { prediction: random.prediction(2, 4), target: random.weight(2, 4) },
      parameters: { from: 'log-rate', full },
    },
  ]),
);

describeLosses(['cosine-proximity'], () =>
  shapes.map((shape) => ({
    inputs: { prediction: random.prediction(...shape), target: random.scores(...shape) },
  })),
);
