/** TensorFlow Addons, which ended in 2024 and does not install beside TensorFlow 2.21. */
import type { ExplainedSymbol } from '../../catalogue.ts';
import { explain } from './declare.ts';

interface Entry {
  readonly class?: string;
  readonly classArguments?: string;
  readonly function?: string;
  readonly functionArguments?: string;
  readonly module: string;
  readonly loss?: string;
  readonly summary: string;
  readonly formula?: NonNullable<ExplainedSymbol['formula']>;
  readonly caveats?: readonly string[];
}

const refusal =
  'TensorFlow Addons ended in 2024 and does not install beside TensorFlow 2.21, so there are no answers of it to be held to';
const mean = "reduction='sum_over_batch_size'";
const auto = "reduction='auto'";

const entries: readonly Entry[] = [
  {
    class: 'ContrastiveLoss',
    classArguments: `margin=1.0, ${mean}, name='contrastive_loss'`,
    function: 'contrastive_loss',
    functionArguments: 'y_true, y_pred, margin=1.0',
    module: 'contrastive',
    loss: 'contrastive',
    summary: 'Squared distances of similar pairs, and squared hinges on those of dissimilar ones.',
    caveats: ['`y_pred` holds distances; a label of 1 means similar.', 'It is not halved.'],
  },
  {
    class: 'SigmoidFocalCrossEntropy',
    classArguments:
      "from_logits=False, alpha=0.25, gamma=2.0, reduction='none', name='sigmoid_focal_crossentropy'",
    function: 'sigmoid_focal_crossentropy',
    functionArguments: 'y_true, y_pred, alpha=0.25, gamma=2.0, from_logits=False',
    module: 'focal_loss',
    loss: 'focal',
    summary: 'The binary focal loss, summed over the last axis.',
    caveats: ['Takes probabilities unless `from_logits=True`.', 'The class is not reduced by default.'],
  },
  {
    class: 'GIoULoss',
    classArguments: `mode='giou', ${auto}, name='giou_loss'`,
    function: 'giou_loss',
    functionArguments: "y_true, y_pred, mode='giou'",
    module: 'giou_loss',
    summary: '1 − the generalized IoU of pairs of boxes.',
    caveats: ['Boxes are `y_min, x_min, y_max, x_max`.'],
  },
  {
    class: 'LiftedStructLoss',
    classArguments: 'margin=1.0, name=None',
    function: 'lifted_struct_loss',
    functionArguments: 'labels, embeddings, margin=1.0',
    module: 'lifted',
    summary:
      'Each positive pair’s distance against a soft minimum of the distances to all negatives of either row, squared.',
  },
  {
    class: 'NpairsLoss',
    classArguments: "name='npairs_loss'",
    function: 'npairs_loss',
    functionArguments: 'y_true, y_pred',
    module: 'npairs',
    summary:
      'Softmax cross-entropy of a matrix of similarities, the target spread over the rows of the same class.',
    caveats: ['`y_pred` is the matrix of similarities, [N, N], not the embeddings.'],
  },
  {
    class: 'NpairsMultilabelLoss',
    classArguments: "name='npairs_multilabel_loss'",
    function: 'npairs_multilabel_loss',
    functionArguments: 'y_true, y_pred',
    module: 'npairs',
    summary:
      'Softmax cross-entropy of a matrix of similarities, the target by how many labels two rows share.',
    caveats: ['`y_pred` is the matrix of similarities, [N, N], not the embeddings.'],
  },
  {
    class: 'PinballLoss',
    classArguments: `tau=0.5, ${auto}, name='pinball_loss'`,
    function: 'pinball_loss',
    functionArguments: 'y_true, y_pred, tau=0.5',
    module: 'quantiles',
    loss: 'pinball',
    summary: 'The quantile loss: an absolute error whose two sides weigh τ and 1 − τ.',
  },
  {
    class: 'SparsemaxLoss',
    classArguments: `from_logits=True, ${mean}, name='sparsemax_loss'`,
    function: 'sparsemax_loss',
    functionArguments: 'logits, sparsemax, labels, name=None',
    module: 'sparsemax_loss',
    summary: 'The loss whose gradient is the sparsemax minus the target.',
    caveats: ['The class takes logits only; the function takes the logits and their sparsemax.'],
  },
  {
    class: 'TripletSemiHardLoss',
    classArguments: "margin=1.0, distance_metric='L2', name=None",
    function: 'triplet_semihard_loss',
    functionArguments: "y_true, y_pred, margin=1.0, distance_metric='L2'",
    module: 'triplet',
    loss: 'triplet',
    summary:
      'The triplet loss of each positive pair with the nearest negative that is farther than the positive; else the farthest one.',
    caveats: [
      'Embeddings should have length 1; they are not normalised here.',
      '`L2` is the distance, `squared-L2` its square.',
    ],
  },
  {
    class: 'TripletHardLoss',
    classArguments: "margin=1.0, soft=False, distance_metric='L2', name=None",
    function: 'triplet_hard_loss',
    functionArguments: "y_true, y_pred, margin=1.0, soft=False, distance_metric='L2'",
    module: 'triplet',
    loss: 'triplet',
    summary: 'The triplet loss of each row with its farthest positive and its nearest negative.',
    caveats: [
      'Embeddings should have length 1; they are not normalised here.',
      '`soft=True` replaces the hinge by log(1 + exp(·)).',
    ],
  },
  {
    class: 'WeightedKappaLoss',
    classArguments:
      "num_classes, weightage='quadratic', name='cohen_kappa_loss', epsilon=1e-06, reduction='none'",
    module: 'kappa_loss',
    summary: 'The logarithm of 1 − κ, Cohen’s weighted kappa: for classes that have an order.',
    caveats: ['It is negative where the agreement is good, and pools the whole batch.'],
  },
];

export const tensorflowAddonsExplained: readonly ExplainedSymbol[] = entries.flatMap(
  ({ class: className, classArguments, function: functionName, functionArguments, module, ...rest }) => {
    const shared = { ...rest, framework: 'tensorflow-addons', refusal } as const;
    const paths = (name: string): string[] => [
      `tensorflow_addons.losses.${name}`,
      `tensorflow_addons.losses.${module}.${name}`,
    ];
    return [
      ...(className
        ? [
            explain({
              ...shared,
              name: `tensorflow_addons.losses.${className}`,
              paths: paths(className),
              constructor_: classArguments!,
              call: 'y_true, y_pred, sample_weight=None',
            }),
          ]
        : []),
      ...(functionName
        ? [
            explain({
              ...shared,
              name: `tensorflow_addons.losses.${functionName}`,
              // Two functions have their module's name and hide it.
              paths: functionName === module ? [paths(functionName)[0]!] : paths(functionName),
              call: functionArguments!,
            }),
          ]
        : []),
    ];
  },
);
