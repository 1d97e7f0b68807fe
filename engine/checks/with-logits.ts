/** From `BCELoss` to `BCEWithLogitsLoss`, where the loss is made. */
import type { ReadCall } from '../recognise/python/calls.ts';
import { none } from '../recognise/python/syntax.ts';
import { renameMember } from './edits.ts';
import type { Fix } from './finding.ts';
import type { Program } from './program.ts';

const withLogits: Readonly<Record<string, string>> = {
  'torch.nn.BCELoss': 'BCEWithLogitsLoss',
  'torch.nn.functional.binary_cross_entropy': 'binary_cross_entropy_with_logits',
};

export function addSuffix(program: Program, call: ReadCall): Fix[] {
  return renamed(program, call, withLogits[call.named.reported.symbol]);
}

/** Another loss of the same module and with the same arguments. */
export function renamed(program: Program, { named, fixed, evaluates }: ReadCall, name?: string): Fix[] {
  const made = named.value.as === 'function' ? evaluates : (fixed[0]?.call ?? none);
  const edit = name && made !== none ? renameMember(program, program.syntax.first[made]!, name) : undefined;
  return edit ? [{ title: `Use ${name}`, edits: [edit] }] : [];
}
