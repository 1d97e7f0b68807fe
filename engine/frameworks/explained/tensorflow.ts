/** TensorFlow 2.21: the losses that sample classes. */
import type { ExplainedSymbol } from '../../catalogue.ts';
import { explain } from './declare.ts';

const refusal =
  'it draws other classes at random at each call, and the layer’s weights are among its arguments';
const sampled = (name: string): string[] => [
  `tf.nn.${name}`,
  `tf.compat.v1.nn.${name}`,
  `tf.compat.v2.nn.${name}`,
];

export const tensorflowExplained: readonly ExplainedSymbol[] = [
  explain({
    name: 'tf.nn.nce_loss',
    framework: 'tensorflow',
    loss: 'binary-cross-entropy',
    paths: sampled('nce_loss'),
    call: "weights, biases, labels, inputs, num_sampled, num_classes, num_true=1, sampled_values=None, remove_accidental_hits=False, name='nce_loss'",
    summary:
      'Noise-contrastive estimation: binary cross-entropy that tells each true class from `num_sampled` drawn ones, in place of a softmax over all of them.',
    refusal,
    caveats: [
      'For training alone: measure with the full softmax or sigmoid cross-entropy.',
      'The default sampler is log-uniform, so classes should be numbered by falling frequency.',
      'It sums over the classes and returns one value a sample.',
    ],
  }),
  explain({
    name: 'tf.nn.sampled_softmax_loss',
    framework: 'tensorflow',
    loss: 'sparse-categorical-cross-entropy',
    paths: sampled('sampled_softmax_loss'),
    call: "weights, biases, labels, inputs, num_sampled, num_classes, num_true=1, sampled_values=None, remove_accidental_hits=True, seed=None, name='sampled_softmax_loss'",
    summary:
      'Softmax cross-entropy over the true classes and `num_sampled` drawn ones, whose logits are corrected by how likely they were to be drawn.',
    refusal,
    caveats: [
      'For training alone: it underestimates the full softmax cross-entropy.',
      'The default sampler is log-uniform, so classes should be numbered by falling frequency.',
    ],
  }),
];
