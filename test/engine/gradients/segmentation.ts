/** segmentation-models-pytorch, MONAI and kornia: masks, labels and images, away from the kinks of |ŷ − y| and of the clamps. */
import { array } from '../../../engine/array.ts';
import { RandomInputs } from '../random-inputs.ts';
import { describeLosses } from './set-ups.ts';

const random = new RandomInputs(20240317);

describeLosses(
  ['DiceLoss', 'JaccardLoss', 'TverskyLoss'].map((name) => `segmentation_models_pytorch.losses.${name}`),
  (name) => {
    const own = name.endsWith('TverskyLoss') ? { alpha: 0.3, beta: 0.8, gamma: 1.4 } : {};
    const classes = array([2, 0, 2], { dtype: 'int64' });
    return [false, true].flatMap((log_loss) => [
      {
        inputs: { y_pred: random.prediction(2, 1, 2, 3), y_true: random.probability(2, 2, 3) },
        parameters: { ...own, mode: 'binary', log_loss, smooth: 0.3 },
      },
      {
        inputs: { y_pred: random.prediction(2, 3, 4), y_true: random.labels(3, 2, 4), classes },
        parameters: { ...own, mode: 'multiclass', log_loss, ignore_index: 1 },
      },
      {
        inputs: {
          y_pred: random.probability(2, 3, 2, 2),
          y_true: random.probability(2, 3, 2, 2),
          class_weights: random.weight(3),
        },
        parameters: { ...own, mode: 'multilabel', log_loss, from_logits: false },
      },
    ]);
  },
);

describeLosses(['monai.losses.DiceLoss', 'monai.losses.TverskyLoss'], (name) => {
  const own = name.endsWith('TverskyLoss') ? { alpha: 0.3, beta: 0.8 } : { jaccard: true };
  const dice = name.endsWith('DiceLoss');
  return ['none', 'mean', 'sum'].flatMap((reduction) => [
    {
      inputs: { input: random.probability(2, 3, 2, 2), target: random.probability(2, 3, 2, 2) },
      parameters: { reduction, smooth_nr: 0.2, smooth_dr: 0.1 },
    },
    {
      inputs: {
        input: random.prediction(2, 3, 4),
        target: random.labels(3, 2, 1, 4),
        ...(dice && { weight: random.weight(2) }),
      },
      parameters: { ...own, reduction, softmax: true, to_onehot_y: true, include_background: false },
    },
    {
      inputs: { input: random.prediction(2, 2, 3), target: random.probability(2, 2, 3) },
      parameters: { ...own, reduction, sigmoid: true, batch: true, soft_label: true },
    },
    {
      inputs: { input: random.probability(3, 2), target: random.probability(3, 2) },
      parameters: { reduction, ...(dice && { squared_pred: true }) },
    },
  ]);
});

describeLosses(['kornia.losses.TotalVariation', 'kornia.losses.total_variation'], (name) =>
  [
    [3, 4],
    [2, 2, 3],
  ].flatMap((shape) =>
    (name.includes('_') ? ['sum', 'mean'] : [undefined]).map((reduction) => ({
      inputs: { img: random.scores(...shape) },
      ...(reduction && { parameters: { reduction } }),
    })),
  ),
);

describeLosses(['kornia.losses.DiceLoss', 'kornia.losses.dice_loss'], () =>
  ['micro', 'macro'].flatMap((average) => [
    {
      inputs: { pred: random.prediction(2, 3, 2, 2), target: random.labels(3, 2, 2, 2) },
      parameters: { average },
    },
    {
      inputs: {
        pred: random.prediction(2, 3, 2, 2),
        target: random.labels(3, 2, 2, 2),
        weight: random.weight(3),
      },
      parameters: { average, ignore_index: 1, eps: 0.1 },
    },
  ]),
);

describeLosses(['kornia.losses.TverskyLoss', 'kornia.losses.tversky_loss'], () =>
  [null, 1].map((ignore_index) => ({
    inputs: { pred: random.prediction(2, 3, 2, 2), target: random.labels(3, 2, 2, 2) },
    parameters: { alpha: 0.4, beta: 0.9, ignore_index },
  })),
);

describeLosses(['segmentation_models_pytorch.losses.FocalLoss'], () =>
  ['mean', 'sum', 'batchwise_mean', 'none'].flatMap((reduction) => [
    {
      inputs: { y_pred: random.prediction(2, 1, 2, 3), y_true: random.probability(2, 2, 3) },
      parameters: { reduction, mode: 'binary', alpha: 0.3, gamma: 1.4, normalized: true },
    },
    {
      inputs: {
        y_pred: random.prediction(2, 3, 4),
        y_true: random.labels(3, 2, 4),
        ...((reduction === 'mean' || reduction === 'sum') && { class_weights: random.weight(3) }),
      },
      parameters: { reduction, mode: 'multiclass', ignore_index: 1 },
    },
    {
      inputs: { y_pred: random.probability(2, 3, 2), y_true: random.probability(2, 3, 2) },
      parameters: { reduction, mode: 'multilabel', from_logits: false, reduced_threshold: 0.9 },
    },
  ]),
);

describeLosses(['monai.losses.FocalLoss'], () =>
  ['none', 'mean', 'sum'].flatMap((reduction) => [
    {
      inputs: { input: random.prediction(2, 3, 2), target: random.probability(2, 3, 2) },
      parameters: { reduction, alpha: 0.3, gamma: 1.4 },
    },
    {
      inputs: {
        input: random.prediction(2, 3, 4),
        target: random.labels(3, 2, 1, 4),
        weight: random.weight(2),
      },
      parameters: { reduction, use_softmax: true, to_onehot_y: true, include_background: false },
    },
  ]),
);

describeLosses(['kornia.losses.FocalLoss', 'kornia.losses.focal_loss'], () =>
  ['none', 'mean', 'sum'].flatMap((reduction) => [
    {
      inputs: { pred: random.prediction(2, 3, 2), target: random.labels(3, 2, 2) },
      parameters: { reduction, alpha: 0.3, gamma: 1.4 },
    },
    {
      inputs: { pred: random.prediction(4, 3), target: random.labels(3, 4), weight: random.weight(3) },
      parameters: { reduction, ignore_index: 1 },
    },
  ]),
);

describeLosses(
  ['kornia.losses.BinaryFocalLossWithLogits', 'kornia.losses.binary_focal_loss_with_logits'],
  () =>
    ['none', 'mean', 'sum'].map((reduction) => ({
      inputs: {
        pred: random.prediction(2, 3, 2),
        target: random.probability(2, 3, 2),
        weight: random.weight(3),
        pos_weight: random.weight(3),
      },
      parameters: { reduction, alpha: 0.3, gamma: 1.4 },
    })),
);

describeLosses(['monai.losses.PatchAdversarialLoss'], () =>
  ['least_squares', 'bce', 'hinge'].flatMap((criterion) =>
    ['none', 'mean', 'sum'].flatMap((reduction) =>
      [true, false].map((target_is_real) => ({
        inputs: { input: random.prediction(2, 1, 3) },
        parameters: { criterion, reduction, target_is_real },
      })),
    ),
  ),
);

describeLosses(['segmentation_models_pytorch.losses.SoftBCEWithLogitsLoss'], () =>
  ['mean', 'sum', 'none'].flatMap((reduction) => [
    {
      inputs: { y_pred: random.prediction(2, 3), y_true: random.probability(2, 3) },
      parameters: { reduction },
    },
    {
      inputs: {
        y_pred: random.prediction(2, 3, 2),
        y_true: random.probability(2, 3, 2),
        weight: random.weight(2, 3, 2),
        pos_weight: random.weight(2),
      },
      parameters: { reduction, smooth_factor: 0.15 },
    },
  ]),
);

describeLosses(['segmentation_models_pytorch.losses.SoftCrossEntropyLoss'], () =>
  ['mean', 'sum', 'none'].flatMap((reduction) => [
    {
      inputs: { y_pred: random.prediction(2, 3, 4), y_true: random.labels(3, 2, 4) },
      parameters: { reduction, smooth_factor: 0.15, ignore_index: 1 },
    },
    {
      inputs: { y_pred: random.prediction(2, 4, 3), y_true: random.labels(3, 2, 4) },
      parameters: { reduction, smooth_factor: 0, ignore_index: null, dim: -1 },
    },
  ]),
);
