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
];
