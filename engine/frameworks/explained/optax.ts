/** Optax 0.2.8: what is made of a function. */
import type { ExplainedSymbol } from '../../catalogue.ts';
import { explain } from './declare.ts';
import { callable } from './refusals.ts';

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
];
