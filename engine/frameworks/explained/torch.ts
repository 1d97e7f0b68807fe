/** torch 2.13: the losses that hold weights of their own. */
import type { ExplainedSymbol } from '../../catalogue.ts';
import { explain } from './declare.ts';
import { ownWeights } from './refusals.ts';

const fused = {
  framework: 'torch',
  loss: 'sparse-categorical-cross-entropy',
  versions: [{ since: '2.13', text: 'The symbol is there from this version on.' }],
} as const;
const fusedSummary =
  'Cross-entropy of the logits that a linear layer makes of the input, without keeping all logits in memory: the last step of a language model and its loss in one.';
const fusedCaveats = [
  'It takes the features before the last linear layer, not logits.',
  '`options` chooses how the classes are cut into chunks; `options=None` is the plain computation.',
  '`ignore_index=None` stands for −100 where the targets are class numbers.',
];

export const torchExplained: readonly ExplainedSymbol[] = [
  explain({
    ...fused,
    name: 'torch.nn.LinearCrossEntropyLoss',
    paths: [
      'torch.nn.LinearCrossEntropyLoss',
      'torch.nn.modules.LinearCrossEntropyLoss',
      'torch.nn.modules.loss.LinearCrossEntropyLoss',
    ],
    constructor_:
      "in_features, num_classes, *, out_features=(), bias=False, device=None, dtype=None, reduction='mean', weight=None, ignore_index=None, label_smoothing=0.0, options=None",
    call: 'input, target',
    summary: fusedSummary,
    refusal: ownWeights,
    caveats: fusedCaveats,
  }),
  explain({
    ...fused,
    name: 'torch.nn.functional.linear_cross_entropy',
    paths: ['torch.nn.functional.linear_cross_entropy'],
    call: "input, linear_weight, target, *, linear_bias=None, weight=None, reduction='mean', ignore_index=None, label_smoothing=0.0, options=None",
    summary: fusedSummary,
    refusal:
      'a linear layer comes before the loss; give the logits that it makes to `torch.nn.functional.cross_entropy`',
    caveats: fusedCaveats,
  }),
  explain({
    name: 'torch.nn.AdaptiveLogSoftmaxWithLoss',
    framework: 'torch',
    loss: 'sparse-categorical-cross-entropy',
    paths: [
      'torch.nn.AdaptiveLogSoftmaxWithLoss',
      'torch.nn.modules.AdaptiveLogSoftmaxWithLoss',
      'torch.nn.modules.adaptive.AdaptiveLogSoftmaxWithLoss',
    ],
    constructor_: 'in_features, n_classes, cutoffs, div_value=4.0, head_bias=False, device=None, dtype=None',
    call: 'input_, target_',
    summary:
      'Cross-entropy over very many classes, of which the frequent ones have a softmax of their own and the rare ones share smaller ones, a cluster each.',
    refusal: ownWeights,
    caveats: [
      'Classes have to be numbered by frequency, the most frequent first: `cutoffs` cut them into clusters by their numbers.',
      'It returns a pair: `output`, the log-probability of each target, and `loss`, the mean of their negatives.',
    ],
  }),
];
