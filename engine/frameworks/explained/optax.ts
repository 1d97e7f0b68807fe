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
