/** TensorFlow 2.21: the losses that sample classes, and CTC of sparse labels. */
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
  explain({
    name: 'tf.compat.v1.nn.ctc_loss',
    framework: 'tensorflow',
    loss: 'ctc',
    paths: ['tf.compat.v1.nn.ctc_loss'],
    call: 'labels, inputs=None, sequence_length=None, preprocess_collapse_repeated=False, ctc_merge_repeated=True, ignore_longer_outputs_than_inputs=False, time_major=True, logits=None',
    summary: 'CTC of logits and sparse labels, one value a sample; the last class is the blank.',
    refusal: 'its labels are a `SparseTensor`, which is no array',
    caveats: [
      'More labels than frames are an error, or with `ignore_longer_outputs_than_inputs` a loss of 0 without a gradient.',
      'A repeated label without room for the blank between gives an infinite loss, and the softmax as its gradient. `tf.nn.ctc_loss` of dense labels gives about 707 there.',
      'With `ctc_merge_repeated=False` repeated labels need no blank between them, which is no longer CTC.',
    ],
  }),
];
