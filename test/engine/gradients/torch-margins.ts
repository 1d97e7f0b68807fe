/** Margin, ranking and likelihood losses, the catalogue's and torch's; and torchvision's focal loss. */
import { RandomInputs } from '../random-inputs.ts';
import { describeLosses } from './set-ups.ts';

const random = new RandomInputs(20240303);

const shapes = [[5], [2, 3], [2, 2, 3]] as const;
const reductions = ['mean', 'sum', 'none'] as const;

describeLosses(['soft-margin'], () =>
  shapes.map((shape) => ({
    inputs: { prediction: random.prediction(...shape), target: random.sign(...shape) },
  })),
);

describeLosses(['multi-margin'], () =>
  [1, 2].flatMap((p) => [
    { inputs: { prediction: random.scores(5, 4), target: random.labels(4, 5) }, parameters: { p } },
    {
      inputs: {
        prediction: random.scores(5, 4),
        target: random.labels(4, 5),
        classWeight: random.weight(4),
      },
      parameters: { p, margin: 0.4 },
    },
    { inputs: { prediction: random.scores(3), target: random.labels(3) }, parameters: { p } },
  ]),
);

describeLosses(['multilabel-margin'], () => [
  { inputs: { prediction: random.scores(5, 4), target: random.lists(4, 5) } },
  { inputs: { prediction: random.scores(6), target: random.lists(6) } },
]);

describeLosses(['multilabel-soft-margin'], () =>
  [[5], [2, 3], [2, 2, 3]].map((shape) => ({
    inputs: {
      prediction: random.prediction(...shape),
      target: random.probability(...shape),
      classWeight: random.weight(shape.at(-1)!),
    },
  })),
);

describeLosses(['hinge-embedding'], () =>
  shapes.map((shape) => ({
    inputs: { distance: random.weight(...shape), label: random.sign(...shape) },
    parameters: { margin: 1.3 },
  })),
);

describeLosses(['cosine-embedding'], () =>
  [0, 0.3].map((margin) => ({
    inputs: { first: random.prediction(6, 3), second: random.target(6, 3), label: random.sign(6) },
    parameters: { margin },
  })),
);

describeLosses(['gaussian-nll'], () =>
  shapes.map((shape) => ({
    inputs: {
      prediction: random.prediction(...shape),
      target: random.target(...shape),
      variance: random.weight(...shape),
    },
    parameters: { full: true },
  })),
);

const torch = (className: string, functionName: string) => [
  `torch.nn.${className}`,
  `torch.nn.functional.${functionName}`,
];

describeLosses(torch('SoftMarginLoss', 'soft_margin_loss'), () =>
  reductions.flatMap((reduction) => [
    {
      inputs: { input: random.prediction(2, 3), target: random.sign(2, 3) },
      parameters: { reduction },
    },
    { inputs: { input: random.prediction(2, 3), target: random.sign(3) }, parameters: { reduction } },
  ]),
);

describeLosses(torch('MultiMarginLoss', 'multi_margin_loss'), () =>
  reductions.flatMap((reduction) => [
    { inputs: { input: random.scores(5, 4), target: random.labels(4, 5) }, parameters: { reduction } },
    {
      inputs: {
        input: random.scores(5, 4),
        target: random.labels(4, 5),
        weight: random.weight(4),
      },
      parameters: { reduction, p: 2, margin: 0.4 },
    },
    { inputs: { input: random.scores(3), target: random.labels(3, 1) }, parameters: { reduction } },
  ]),
);

describeLosses(torch('MultiLabelMarginLoss', 'multilabel_margin_loss'), () =>
  reductions.map((reduction) => ({
    inputs: { input: random.scores(5, 4), target: random.lists(4, 5) },
    parameters: { reduction },
  })),
);

describeLosses(torch('MultiLabelSoftMarginLoss', 'multilabel_soft_margin_loss'), () =>
  reductions.flatMap((reduction) => [
    {
      inputs: {
        input: random.prediction(2, 3),
        target: random.probability(2, 3),
        weight: random.weight(3),
      },
      parameters: { reduction },
    },
    { inputs: { input: random.prediction(3), target: random.probability(2, 3) }, parameters: { reduction } },
    {
      inputs: { input: random.prediction(2, 1), target: random.probability(2, 3) },
      parameters: { reduction },
    },
  ]),
);

describeLosses(torch('HingeEmbeddingLoss', 'hinge_embedding_loss'), () =>
  reductions.flatMap((reduction) => [
    { inputs: { input: random.weight(2, 3), target: random.sign(2, 3) }, parameters: { reduction } },
    {
      inputs: { input: random.weight(3), target: random.sign(2, 1) },
      parameters: { reduction, margin: 1.5 },
    },
  ]),
);

describeLosses(torch('CosineEmbeddingLoss', 'cosine_embedding_loss'), () =>
  reductions.flatMap((reduction) => [
    {
      inputs: { input1: random.prediction(6, 3), input2: random.target(6, 3), target: random.sign(6) },
      parameters: { reduction, margin: 0.2 },
    },
    {
      inputs: { input1: random.prediction(1, 3), input2: random.target(4, 3), target: random.sign(4) },
      parameters: { reduction },
    },
  ]),
);

describeLosses(torch('MarginRankingLoss', 'margin_ranking_loss'), () =>
  reductions.flatMap((reduction) => [
    {
      inputs: {
        input1: random.prediction(2, 3),
        input2: random.target(2, 3),
        target: random.sign(2, 3),
      },
      parameters: { reduction, margin: 0.4 },
    },
    {
      inputs: { input1: random.prediction(3, 1), input2: random.target(1, 3), target: random.sign(3, 1) },
      parameters: { reduction },
    },
  ]),
);

const triplets = (anchors: number) => ({
  anchor: random.prediction(anchors, 3),
  positive: random.target(4, 3),
  negative: random.centred([4, 3], 0.0081),
});

describeLosses(torch('TripletMarginLoss', 'triplet_margin_loss'), () =>
  [1, 2, 3, 1.5, 0.5, Number.POSITIVE_INFINITY].flatMap((p) => [
    { inputs: triplets(4), parameters: { p, margin: 2 } },
    { inputs: triplets(1), parameters: { p, swap: true, reduction: 'none', margin: 2, eps: 0.1 } },
  ]),
);

describeLosses(torch('TripletMarginWithDistanceLoss', 'triplet_margin_with_distance_loss'), () =>
  reductions.flatMap((reduction) => [
    { inputs: triplets(4), parameters: { reduction, margin: 2 } },
    { inputs: triplets(1), parameters: { reduction, margin: 2, swap: true } },
  ]),
);

describeLosses(torch('GaussianNLLLoss', 'gaussian_nll_loss'), () =>
  reductions.flatMap((reduction) => [
    {
      inputs: { input: random.prediction(2, 3), target: random.target(2, 3), var: random.weight(2, 3) },
      parameters: { reduction, full: true },
    },
    {
      inputs: { input: random.prediction(2, 3), target: random.target(3), var: random.weight(2) },
      parameters: { reduction },
    },
  ]),
);

describeLosses(torch('PoissonNLLLoss', 'poisson_nll_loss'), (name) => {
  const prediction = name.endsWith('Loss') ? 'log_input' : 'input';
  return reductions.flatMap((reduction) => [
    {
      inputs: { [prediction]: random.prediction(2, 3), target: random.weight(2, 3) },
      parameters: { reduction, full: true },
    },
    {
      inputs: { [prediction]: random.weight(3), target: random.weight(2, 1) },
      parameters: { reduction, log_input: false, eps: 0.01 },
    },
  ]);
});

describeLosses(['torchvision.ops.sigmoid_focal_loss'], () =>
  reductions.flatMap((reduction) => [
    {
      inputs: { inputs: random.prediction(2, 3), targets: random.probability(2, 3) },
      parameters: { reduction },
    },
    {
      inputs: { inputs: random.prediction(2, 3), targets: random.probability(2, 3) },
      parameters: { reduction, alpha: -1, gamma: 0.7 },
    },
  ]),
);
