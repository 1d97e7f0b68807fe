/** pytorch-metric-learning 2.9.0: the losses besides the contrastive, the triplet and the NT-Xent loss. */
import type { ExplainedSymbol } from '../../catalogue.ts';
import { explain } from './declare.ts';
import { ownWeights, unmeasured } from './refusals.ts';

interface Entry {
  readonly name: string;
  readonly module: string;
  readonly arguments?: string;
  readonly call?: string;
  /** What all of them take besides. */
  readonly shared?: string;
  readonly loss?: string;
  readonly summary: string;
  readonly formula?: NonNullable<ExplainedSymbol['formula']>;
  readonly refusal?: string;
  readonly caveats?: readonly string[];
}

const common = 'distance=None, reducer=None, embedding_regularizer=None, embedding_reg_weight=1';

function entry({
  name,
  module,
  arguments: own = '',
  call,
  shared = common,
  refusal = unmeasured,
  ...rest
}: Entry): ExplainedSymbol {
  return explain({
    ...rest,
    name: `pytorch_metric_learning.losses.${name}`,
    framework: 'pytorch-metric-learning',
    paths: [`pytorch_metric_learning.losses.${name}`, `pytorch_metric_learning.losses.${module}.${name}`],
    constructor_: `${own}${own ? ', ' : ''}*, ${shared}`,
    call: call ?? 'embeddings, labels=None, indices_tuple=None, ref_emb=None, ref_labels=None',
    refusal,
  });
}

const classes = 'num_classes, embedding_size';
const angular = (target: string, words: string): NonNullable<ExplainedSymbol['formula']> => ({
  tex: `-\\log \\frac{e^{s\\,${target}}}{e^{s\\,${target}} + \\sum_{j \\ne y} e^{s \\cos\\theta_j}}`,
  alternative: `softmax cross-entropy of s·cos θ, the label's cosine replaced by ${words}`,
});
const normalised = 'Embeddings and class vectors are normalised: only angles count.';
const notZero = 'Rows whose loss is 0 do not count in the mean.';

export const metricLearningExplained: readonly ExplainedSymbol[] = [
  entry({
    name: 'ArcFaceLoss',
    module: 'arcface_loss',
    arguments: `${classes}, margin=28.6, scale=64`,
    summary:
      'Softmax cross-entropy of angles to learned class vectors, with a margin added to the angle of the label.',
    formula: angular('\\cos(\\theta_y + m)', 'cos(θ + m)'),
    refusal: ownWeights,
    caveats: [
      '`margin` is in degrees here; the paper’s 0.5 is in radians.',
      normalised,
      'Where θ + m would pass 180° the cosine is replaced by cos θ − m·sin m.',
    ],
  }),
  entry({
    name: 'SubCenterArcFaceLoss',
    module: 'subcenter_arcface_loss',
    arguments: `${classes}, margin=28.6, scale=64, sub_centers=3`,
    summary:
      'ArcFace with several vectors for each class, of which the nearest counts: for labels with noise.',
    formula: angular(
      '\\cos(\\theta_y + m)',
      'cos(θ + m), θ being the angle to the nearest of the class’s vectors',
    ),
    refusal: ownWeights,
    caveats: ['`num_classes` and `embedding_size` have to be given by keyword.', '`margin` is in degrees.'],
  }),
  entry({
    name: 'CosFaceLoss',
    module: 'cosface_loss',
    arguments: `${classes}, margin=0.35, scale=64`,
    summary:
      'Softmax cross-entropy of cosines with learned class vectors, with a margin subtracted from that of the label.',
    formula: angular('(\\cos\\theta_y - m)', 'cos θ − m'),
    refusal: ownWeights,
    caveats: [normalised],
  }),
  entry({
    name: 'SphereFaceLoss',
    module: 'sphereface_loss',
    arguments: `${classes}, margin=4, scale=1`,
    summary: 'Softmax cross-entropy in which the angle of the label is multiplied by a whole number.',
    refusal: ownWeights,
    caveats: ['The logits are scaled by the length of the embedding, and `margin` is made a whole number.'],
  }),
  entry({
    name: 'LargeMarginSoftmaxLoss',
    module: 'large_margin_softmax_loss',
    arguments: `${classes}, margin=4, scale=1`,
    summary: 'Softmax cross-entropy in which the angle of the label is multiplied by a whole number.',
    refusal: ownWeights,
    caveats: ['The logits are scaled by the lengths of the embedding and of the class vector.'],
  }),
  entry({
    name: 'NormalizedSoftmaxLoss',
    module: 'normalized_softmax_loss',
    arguments: `${classes}, temperature=0.05`,
    summary:
      'Softmax cross-entropy of similarities to learned, normalised class vectors, divided by a temperature.',
    refusal: ownWeights,
  }),
  entry({
    name: 'ProxyNCALoss',
    module: 'proxy_losses',
    arguments: `${classes}, softmax_scale=1`,
    summary: 'Cross-entropy of a softmax over squared distances to one learned proxy for each class.',
    refusal: ownWeights,
  }),
  entry({
    name: 'ProxyAnchorLoss',
    module: 'proxy_anchor_loss',
    arguments: `${classes}, margin=0.1, alpha=32`,
    summary:
      'Pulls the rows of each class to its learned proxy and pushes the others away, the hard ones more.',
    formula: {
      tex: '\\frac{1}{|P^+|} \\sum_{p \\in P^+} \\log\\Big(1 + \\sum_{x \\in X_p^+} e^{-\\alpha (s(x,p) - \\delta)}\\Big) + \\frac{1}{|P|} \\sum_{p \\in P} \\log\\Big(1 + \\sum_{x \\in X_p^-} e^{\\alpha (s(x,p) + \\delta)}\\Big)',
      alternative:
        'the mean over the proxies in the batch of log(1 + Σ e^(−α(s − δ))) over their own rows, plus the mean over all proxies of log(1 + Σ e^(α(s + δ))) over the other rows',
    },
    refusal: ownWeights,
  }),
  entry({
    name: 'SoftTripleLoss',
    module: 'soft_triple_loss',
    arguments: `${classes}, centers_per_class=10, la=20, gamma=0.1, margin=0.01`,
    summary: 'Softmax cross-entropy of similarities to classes that have several learned centers each.',
    refusal: ownWeights,
  }),
  entry({
    name: 'CircleLoss',
    module: 'circle_loss',
    arguments: 'm=0.4, gamma=80',
    loss: 'circle',
    summary: 'Pairs are weighted by how far they are from where they should be, and compared row by row.',
    caveats: [
      'Embeddings are normalised, and the weights of the pairs have no gradient, as in the paper; Keras’ circle loss does neither.',
      notZero,
    ],
  }),
  entry({
    name: 'MultiSimilarityLoss',
    module: 'multi_similarity_loss',
    arguments: 'alpha=2, beta=50, base=0.5',
    summary:
      'Soft maxima over each row’s similarities: those to its class should be above a base, the others below.',
    formula: {
      tex: '\\frac1N \\sum_i \\tfrac1\\alpha \\log\\Big(1 + \\sum_{p} e^{-\\alpha (s_{ip} - \\lambda)}\\Big) + \\tfrac1\\beta \\log\\Big(1 + \\sum_{n} e^{\\beta (s_{in} - \\lambda)}\\Big)',
      alternative:
        'the mean over the rows of log(1 + Σ e^(−α(s − λ)))/α over their class and log(1 + Σ e^(β(s − λ)))/β over the others',
    },
  }),
  entry({
    name: 'SupConLoss',
    module: 'supcon_loss',
    arguments: 'temperature=0.1',
    summary:
      'InfoNCE with labels: each row’s mean log-probability of its class in a softmax of cosines over all other rows.',
    formula: {
      tex: '-\\frac{1}{|P_i|} \\sum_{p \\in P_i} \\log \\frac{e^{s_{ip}/\\tau}}{\\sum_{a \\ne i} e^{s_{ia}/\\tau}}',
      alternative:
        'minus the mean over a row’s positives of the log of their share in a softmax over all other rows',
    },
    caveats: [notZero],
  }),
  entry({
    name: 'NCALoss',
    module: 'nca_loss',
    arguments: 'softmax_scale=1',
    summary:
      'Minus the log of the share of a row’s class in a softmax over squared distances to all other rows.',
  }),
  entry({
    name: 'NPairsLoss',
    module: 'n_pairs_loss',
    summary:
      'Softmax cross-entropy of inner products: one anchor and one positive for each class, the other classes’ positives being the negatives.',
    caveats: ['Of each class only the first pair in the batch is used.', 'References are not supported.'],
  }),
  entry({
    name: 'LiftedStructureLoss',
    module: 'lifted_structure_loss',
    arguments: 'neg_margin=1, pos_margin=0',
    summary:
      'Each positive pair’s distance against a soft minimum of the distances to all negatives of either row, squared and halved.',
  }),
  entry({
    name: 'GeneralizedLiftedStructureLoss',
    module: 'lifted_structure_loss',
    arguments: 'neg_margin=1, pos_margin=0',
    summary:
      'A hinge on each row’s soft maximum of the positive distances plus that of the negative ones’ margins.',
  }),
  entry({
    name: 'MarginLoss',
    module: 'margin_loss',
    arguments: "margin=0.2, nu=0, beta=1.2, triplets_per_anchor='all', learn_beta=False, num_classes=None",
    summary:
      'Distances of positives below β − margin, and of negatives above β + margin, for every triplet; β may be learned.',
    formula: {
      tex: '[d_{ap} - \\beta + m]_+ + [\\beta - d_{an} + m]_+',
      alternative: 'max(0, d(a, p) − β + m) + max(0, β − d(a, n) + m)',
    },
    caveats: [
      'It is not `torch.nn.MarginRankingLoss`.',
      'The sum is divided by how many of the two hinges are above 0.',
    ],
  }),
  entry({
    name: 'AngularLoss',
    module: 'angular_loss',
    arguments: 'alpha=40',
    summary: 'Bounds the angle at the negative in each triangle of anchor, positive and negative.',
    caveats: ['`alpha` is in degrees.'],
  }),
  entry({
    name: 'TupletMarginLoss',
    module: 'tuplet_margin_loss',
    arguments: 'margin=5.73, scale=64',
    summary:
      'Each positive pair, its angle made smaller by a margin, against all negatives of its row in one soft maximum.',
    caveats: ['`margin` is in degrees.'],
  }),
  entry({
    name: 'FastAPLoss',
    module: 'fast_ap_loss',
    arguments: 'num_bins=10',
    summary:
      '1 − average precision of each row’s ranking, made differentiable by soft histograms of the squared distances.',
  }),
  entry({
    name: 'SmoothAPLoss',
    module: 'smooth_ap',
    arguments: 'temperature=0.01',
    summary:
      '1 − average precision of each row’s ranking, made differentiable by sigmoids in place of ranks.',
    caveats: [
      'All classes of a batch must have equally many rows, and the rows of a class must stand together.',
    ],
  }),
  entry({
    name: 'IntraPairVarianceLoss',
    module: 'intra_pair_variance_loss',
    arguments: 'pos_eps=0.01, neg_eps=0.01',
    summary:
      'Squares of how far pairs fall behind the mean similarity of their kind: to be added to another loss.',
  }),
  entry({
    name: 'SignalToNoiseRatioContrastiveLoss',
    module: 'signal_to_noise_ratio_losses',
    arguments: 'pos_margin=0, neg_margin=1',
    loss: 'contrastive',
    summary: 'The contrastive loss on var(a − b) / var(a) in place of a distance.',
  }),
  entry({
    name: 'VICRegLoss',
    module: 'vicreg_loss',
    arguments: 'invariance_lambda=25, variance_mu=25, covariance_v=1, eps=0.0001',
    summary:
      'Two views of the same samples should agree, each feature should vary with a standard deviation of 1, and no two features together.',
    call: 'embeddings, *, ref_emb',
    shared: 'reducer=None',
    caveats: [
      'It takes two views and no labels: `loss(embeddings, ref_emb=…)`, all by keyword but the first.',
    ],
  }),
  entry({
    name: 'InstanceLoss',
    module: 'instance_loss',
    arguments: 'gamma=64',
    summary:
      'Softmax cross-entropy of the cosines between the rows of a batch, scaled by γ, with the classes as targets.',
  }),
  ...(
    [
      ['SelfSupervisedLoss', 'self_supervised_loss', 'loss, symmetric=True', 'embeddings, ref_emb'],
      [
        'CrossBatchMemory',
        'cross_batch_memory',
        'loss, embedding_size, memory_size=1024, miner=None',
        'embeddings, labels, indices_tuple=None, enqueue_mask=None',
      ],
      [
        'MultipleLosses',
        'multiple_losses',
        'losses, miners=None, weights=None',
        'embeddings, labels, indices_tuple=None',
      ],
    ] as const
  ).map(([name, module, constructor_, call]) =>
    explain({
      name: `pytorch_metric_learning.losses.${name}`,
      framework: 'pytorch-metric-learning',
      paths: [`pytorch_metric_learning.losses.${name}`, `pytorch_metric_learning.losses.${module}.${name}`],
      constructor_,
      call,
      summary: {
        SelfSupervisedLoss: 'Another loss, in which two views of a sample are the only ones of their class.',
        CrossBatchMemory: 'Another loss, in which the rows are compared with those of earlier batches too.',
        MultipleLosses: 'A weighted sum of other losses of the same embeddings.',
      }[name],
      refusal: 'it wraps another loss: evaluate that one',
    }),
  ),
];
