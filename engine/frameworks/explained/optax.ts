/** Optax 0.2.8: what is made of a function, or needs a projection. */
import type { ExplainedSymbol } from '../../catalogue.ts';
import { explain } from './declare.ts';
import { callable, unmeasured } from './refusals.ts';

export const optaxExplained: readonly ExplainedSymbol[] = [
  explain({
    name: 'optax.losses.make_fenchel_young_loss',
    framework: 'optax',
    paths: ['optax.losses.make_fenchel_young_loss'],
    call: 'max_fun',
    summary:
      'Makes a loss of a maximum function Ω*: log Σ exp gives softmax cross-entropy, and other functions give their own.',
    formula: {
      tex: '\\ell(s, y) = \\Omega^*(s) - \\langle y, s \\rangle',
      alternative: 'loss = the max function of the scores − the inner product of targets and scores',
    },
    refusal: callable,
    caveats: [
      'What it returns is the loss: a function of `scores` and `targets`, over the last axis.',
      'It differs from a Fenchel–Young loss by Ω(y), which has no gradient by the scores: it need not be 0 at its minimum.',
    ],
  }),
  explain({
    name: 'optax.losses.multiclass_sparsemax_loss',
    framework: 'optax',
    paths: ['optax.losses.multiclass_sparsemax_loss'],
    call: 'scores, labels',
    summary:
      'The loss whose gradient is the sparsemax, the projection onto the simplex, minus the one-hot label: probabilities become exactly 0.',
    formula: {
      tex: '\\ell(s, y) = \\tfrac12 + \\Omega^*(s) - s_y, \\qquad \\Omega^*(s) = \\max_{p \\in \\Delta}\\, \\langle s, p \\rangle - \\tfrac12 \\lVert p \\rVert^2',
      alternative:
        'loss = ½ + the largest of ⟨s, p⟩ − ½‖p‖² over all distributions p − the score of the label',
    },
    refusal: unmeasured,
  }),
  explain({
    name: 'optax.losses.sparsemax_loss',
    framework: 'optax',
    paths: ['optax.losses.sparsemax_loss'],
    call: 'logits, labels',
    summary:
      'The binary loss whose gradient is a piecewise linear sigmoid minus the label: probabilities become exactly 0 and 1.',
    formula: {
      tex: '\\ell(z) = \\begin{cases} 0 & z \\le -1 \\\\ \\tfrac14 (z + 1)^2 & -1 < z < 1 \\\\ z & z \\ge 1 \\end{cases}, \\qquad z = (1 - 2y)\\, x',
      alternative:
        'with z = −x for label 1 and x for label 0: 0 up to −1, (z + 1)²/4 up to 1, z from there on',
    },
    refusal: unmeasured,
    caveats: ['Labels are 0 or 1.'],
  }),
  explain({
    name: 'optax.losses.ranking_softmax_loss',
    framework: 'optax',
    loss: 'categorical-cross-entropy',
    paths: ['optax.losses.ranking_softmax_loss'],
    call: 'logits, labels, *, where=None, weights=None, reduce_fn=jnp.mean',
    summary: 'Softmax cross-entropy over each list of scores, with the relevances of its items as targets.',
    refusal: unmeasured,
    caveats: [
      'Relevances are not normalised: a list whose labels add up to more weighs more.',
      'It is reduced by `reduce_fn`, by default the mean, unlike other losses of Optax.',
    ],
  }),
  explain({
    name: 'optax.ntxent',
    framework: 'optax',
    paths: ['optax.ntxent', 'optax.losses.ntxent'],
    call: 'embeddings, labels, temperature=0.07',
    summary:
      'The InfoNCE loss of SimCLR with labels: each positive pair against all negatives of its first row, in a softmax of cosines.',
    formula: {
      tex: '-\\log \\frac{e^{s_{ip}/\\tau}}{e^{s_{ip}/\\tau} + \\sum_{n} e^{s_{in}/\\tau}}',
      alternative: 'minus the log of the positive’s share in a softmax over it and the negatives of its row',
    },
    refusal: unmeasured,
    caveats: ['The mean is over the positive pairs; without any it is NaN.'],
  }),
];
