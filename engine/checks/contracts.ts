/** What each loss takes as its prediction. */

import type { ParameterValue } from '../evaluation.ts';
import type { NamedCall } from './program.ts';

export type Takes =
  /** Scores of which it takes the softmax itself. */
  | 'class-logits'
  /** Scores of which it takes the sigmoid itself. */
  | 'binary-logits'
  | 'binary-probabilities'
  | 'class-probabilities'
  | 'log-probabilities';

interface Contract {
  /** Of the prediction. */
  readonly argument: string;
  /** From the options as they are read; `undefined` where it depends on more. */
  readonly takes: (options: Readonly<Record<string, ParameterValue>>) => Takes | undefined;
  /** Options that it depends on: one of unknown value makes it unknown. */
  readonly by?: readonly string[];
}

const always = (argument: string, takes: Takes): Contract => ({ argument, takes: () => takes });

const keras = (logits: Takes, probabilities: Takes): Contract => ({
  argument: 'y_pred',
  takes: ({ from_logits }) => (from_logits ? logits : probabilities),
  by: ['from_logits'],
});
const kerasBinary = keras('binary-logits', 'binary-probabilities');
const kerasClasses = keras('class-logits', 'class-probabilities');

const monai: Contract = {
  argument: 'input',
  takes: ({ sigmoid, softmax, other_act }) => {
    if (other_act) return undefined;
    if (softmax) return 'class-logits';
    return sigmoid ? 'binary-logits' : 'binary-probabilities';
  },
  by: ['sigmoid', 'softmax', 'other_act'],
};

const smp: Contract = {
  argument: 'y_pred',
  takes: ({ mode, from_logits = true }) => {
    if (!from_logits) return 'binary-probabilities';
    return mode === 'multiclass' ? 'class-logits' : 'binary-logits';
  },
  by: ['mode', 'from_logits'],
};

const contracts: Readonly<Record<string, Contract>> = {
  'torch.nn.CrossEntropyLoss': always('input', 'class-logits'),
  'torch.nn.functional.cross_entropy': always('input', 'class-logits'),
  'torch.nn.NLLLoss': always('input', 'log-probabilities'),
  'torch.nn.functional.nll_loss': always('input', 'log-probabilities'),
  'torch.nn.KLDivLoss': always('input', 'log-probabilities'),
  'torch.nn.functional.kl_div': always('input', 'log-probabilities'),
  'torch.nn.BCELoss': always('input', 'binary-probabilities'),
  'torch.nn.functional.binary_cross_entropy': always('input', 'binary-probabilities'),
  'torch.nn.BCEWithLogitsLoss': always('input', 'binary-logits'),
  'torch.nn.functional.binary_cross_entropy_with_logits': always('input', 'binary-logits'),
  'torch.nn.MultiLabelSoftMarginLoss': always('input', 'binary-logits'),
  'torchvision.ops.sigmoid_focal_loss': always('inputs', 'binary-logits'),
  'keras.losses.BinaryCrossentropy': kerasBinary,
  'keras.losses.binary_crossentropy': kerasBinary,
  'keras.losses.BinaryFocalCrossentropy': kerasBinary,
  'keras.losses.binary_focal_crossentropy': kerasBinary,
  'keras.losses.CategoricalCrossentropy': kerasClasses,
  'keras.losses.categorical_crossentropy': kerasClasses,
  'keras.losses.SparseCategoricalCrossentropy': kerasClasses,
  'keras.losses.sparse_categorical_crossentropy': kerasClasses,
  'tf.nn.sigmoid_cross_entropy_with_logits': always('logits', 'binary-logits'),
  'tf.nn.weighted_cross_entropy_with_logits': always('logits', 'binary-logits'),
  'tf.nn.softmax_cross_entropy_with_logits': always('logits', 'class-logits'),
  'tf.nn.sparse_softmax_cross_entropy_with_logits': always('logits', 'class-logits'),
  'optax.sigmoid_binary_cross_entropy': always('logits', 'binary-logits'),
  'optax.sigmoid_focal_loss': always('logits', 'binary-logits'),
  'optax.softmax_cross_entropy': always('logits', 'class-logits'),
  'optax.safe_softmax_cross_entropy': always('logits', 'class-logits'),
  'optax.softmax_cross_entropy_with_integer_labels': always('logits', 'class-logits'),
  'optax.losses.poly_loss_cross_entropy': always('logits', 'class-logits'),
  'optax.kl_divergence': always('log_predictions', 'log-probabilities'),
  'monai.losses.DiceLoss': monai,
  'monai.losses.TverskyLoss': monai,
  'segmentation_models_pytorch.losses.DiceLoss': smp,
  'segmentation_models_pytorch.losses.JaccardLoss': smp,
  'segmentation_models_pytorch.losses.TverskyLoss': smp,
  'kornia.losses.BinaryFocalLossWithLogits': always('pred', 'binary-logits'),
  'kornia.losses.binary_focal_loss_with_logits': always('pred', 'binary-logits'),
  'tf.losses.softmaxCrossEntropy': always('logits', 'class-logits'),
  'tf.losses.sigmoidCrossEntropy': always('logits', 'binary-logits'),
  'tf.losses.logLoss': always('predictions', 'binary-probabilities'),
  'tf.layers.binaryCrossentropy': always('yPred', 'binary-probabilities'),
  'tf.layers.categoricalCrossentropy': always('yPred', 'class-probabilities'),
  'tf.layers.sparseCategoricalCrossentropy': always('yPred', 'class-probabilities'),
  'tf.layers.kullbackLeiblerDivergence': always('yPred', 'class-probabilities'),
};

/** What a symbol takes with these options; `undefined` where that is not known. */
export function takenBy(
  symbol: string,
  options: Readonly<Record<string, ParameterValue>>,
): Takes | undefined {
  return Object.hasOwn(contracts, symbol) ? contracts[symbol]!.takes(options) : undefined;
}

export interface Contracted {
  readonly argument: string;
  readonly takes: Takes;
}

/** What this call takes; `undefined` where that is not known, or where the name may be several losses. */
export function contractOf({ named, call }: NamedCall): Contracted | undefined {
  const { symbol, alternatives } = named.reported;
  const contract = Object.hasOwn(contracts, symbol) ? contracts[symbol]! : undefined;
  if (!contract || alternatives) return undefined;
  const hidden = call.unread.some(({ name }) => name.startsWith('*') || contract.by?.includes(name));
  const takes = hidden ? undefined : contract.takes(call.options);
  return takes && { argument: contract.argument, takes };
}
