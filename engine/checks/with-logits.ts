/** From `BCELoss` to `BCEWithLogitsLoss`, where the loss is made. */
import type { Fix } from './finding.ts';
import type { NamedCall, Program } from './program.ts';

/** What the loss with a sigmoid of its own is called, by the symbol of the one without. */
export const withLogits: Readonly<Record<string, string>> = {
  'torch.nn.BCELoss': 'BCEWithLogitsLoss',
  'torch.nn.functional.binary_cross_entropy': 'binary_cross_entropy_with_logits',
  'tf.losses.logLoss': 'sigmoidCrossEntropy',
};

export function addSuffix(program: Program, call: NamedCall): Fix[] {
  const { symbol } = call.named.reported;
  const name = withLogits[symbol];
  // Behind the weights, `logLoss` takes an epsilon where the other takes a smoothing.
  const elsewhere = symbol.startsWith('tf.') && Object.keys(call.call.options).length > 0;
  return name === undefined || elsewhere ? [] : program.edits.renamed(call, name);
}
