/** TF-GAN (`tensorflow_gan`): each loss takes arrays under `losses.wargs`, and a GANModel under `losses`. */
import type { ExplainedSymbol } from '../../catalogue.ts';
import { explain } from './declare.ts';

interface Entry {
  readonly name: string;
  readonly loss?: string;
  readonly call: string;
  readonly summary: string;
  readonly caveats?: readonly string[];
}

const weighted = 'weighted_sum_by_nonzero_weights';
const end = `scope=None, loss_collection='losses', reduction='${weighted}', add_summaries=False`;
const fake = 'discriminator_gen_outputs';
const both = `discriminator_real_outputs, ${fake}`;
const bothWeights = 'real_weights=1.0, generated_weights=1.0';
const refusal = 'TF-GAN does not install beside TensorFlow 2.21, so there are no answers of it to be held to';

const entries: readonly Entry[] = [
  {
    name: 'minimax_discriminator_loss',
    loss: 'gan-discriminator',
    call: `${both}, label_smoothing=0.25, ${bothWeights}, ${end}`,
    summary:
      'Sigmoid cross-entropy of the discriminator’s logits: real samples against 1, generated ones against 0.',
    caveats: ['Real labels are smoothed by default: 0.25 moves the target 1 to 0.875.'],
  },
  {
    name: 'minimax_generator_loss',
    loss: 'gan-generator',
    call: `${fake}, label_smoothing=0.0, weights=1.0, ${end}`,
    summary: 'Minus the discriminator’s minimax loss: it saturates where the discriminator is sure.',
    caveats: [
      'It includes the part of real samples, as a constant: the discriminator’s outputs for them are taken to be 1.',
    ],
  },
  {
    name: 'modified_discriminator_loss',
    loss: 'gan-discriminator',
    call: `${both}, label_smoothing=0.25, ${bothWeights}, ${end}`,
    summary: 'The same as the minimax discriminator loss.',
    caveats: ['Real labels are smoothed by default: 0.25 moves the target 1 to 0.875.'],
  },
  {
    name: 'modified_generator_loss',
    loss: 'gan-generator',
    call: `${fake}, label_smoothing=0.0, weights=1.0, ${end}`,
    summary: 'The non-saturating generator loss: −log σ(D(G(z))).',
  },
  {
    name: 'least_squares_generator_loss',
    loss: 'lsgan-generator',
    call: `${fake}, real_label=1, weights=1.0, ${end}`,
    summary: 'Half the squared distance of the scores of generated samples from the real label.',
  },
  {
    name: 'least_squares_discriminator_loss',
    loss: 'lsgan-discriminator',
    call: `${both}, real_label=1, fake_label=0, ${bothWeights}, ${end}`,
    summary:
      'Half the squared distances of the scores from their labels, for real samples and generated ones.',
  },
  {
    name: 'wasserstein_generator_loss',
    loss: 'wasserstein',
    call: `${fake}, weights=1.0, ${end}`,
    summary: 'Minus the mean score of generated samples.',
  },
  {
    name: 'wasserstein_discriminator_loss',
    loss: 'wasserstein',
    call: `${both}, ${bothWeights}, ${end}`,
    summary: 'The mean score of generated samples minus that of real ones.',
    caveats: [
      'The sign is the reverse of the catalogue’s E[D(x)] − E[D(G(z))]: this is what the critic minimises.',
    ],
  },
  {
    name: 'wasserstein_hinge_discriminator_loss',
    call: `${both}, ${bothWeights}, real_hinge=1.0, generated_hinge=1.0, ${end}`,
    summary: 'Hinges on the scores: real samples should be above 1, generated ones below −1.',
  },
  {
    name: 'wasserstein_hinge_generator_loss',
    loss: 'wasserstein',
    call: `${fake}, weights=1.0, ${end}`,
    summary: 'The Wasserstein generator loss under another name: minus the mean score of generated samples.',
  },
  {
    name: 'acgan_discriminator_loss',
    loss: 'categorical-cross-entropy',
    call: `discriminator_real_classification_logits, discriminator_gen_classification_logits, one_hot_labels, label_smoothing=0.0, ${bothWeights}, ${end}`,
    summary:
      'Softmax cross-entropy of the class that the discriminator sees, in real samples and generated ones.',
  },
  {
    name: 'acgan_generator_loss',
    loss: 'categorical-cross-entropy',
    call: `discriminator_gen_classification_logits, one_hot_labels, weights=1.0, ${end}`,
    summary: 'Softmax cross-entropy of the class that the discriminator sees in generated samples.',
  },
  {
    name: 'relativistic_discriminator_loss',
    call: `${both}, scope=None`,
    summary:
      'Sigmoid cross-entropy of each score less the mean score of the other kind: real ones should be higher.',
  },
  {
    name: 'relativistic_generator_loss',
    call: `${both}, scope=None`,
    summary:
      'Sigmoid cross-entropy of each score less the mean score of the other kind: generated ones should be higher.',
  },
];

export const tensorflowGanExplained: readonly ExplainedSymbol[] = entries.map(
  ({ name, caveats = [], ...rest }) =>
    explain({
      ...rest,
      name: `tensorflow_gan.losses.wargs.${name}`,
      framework: 'tensorflow-gan',
      paths: [`tensorflow_gan.losses.wargs.${name}`, `tensorflow_gan.losses.${name}`],
      refusal,
      caveats: [
        ...caveats,
        'Under `tfgan.losses` it takes a GANModel in place of the outputs; under `tfgan.losses.wargs`, the arrays.',
      ],
    }),
);
