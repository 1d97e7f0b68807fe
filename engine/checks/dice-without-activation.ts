import { t } from '@vscode/l10n';
import type { Check } from './check.ts';
import { addArgument } from './python/edits.ts';
import type { PythonProgram } from './python/program.ts';
import { optionCalls } from './python/reading.ts';
import { evaluations, layerHere, range, shortName } from './reading.ts';

export const diceWithoutActivation: Check<PythonProgram> = {
  code: 'dice-without-activation',
  severity: 'warning',
  find: (program) =>
    evaluations(program).flatMap(({ takes, tensor: { form, maker }, passed, call }) => {
      const { symbol } = call.named.reported;
      if (takes !== 'binary-probabilities' || form !== 'logits' || !maker || symbol.startsWith('torch.'))
        return [];
      if (symbol.startsWith('keras.')) return [];
      const made = optionCalls(call)[0];
      const fixes = symbol.startsWith('monai.') && made !== undefined ? ['sigmoid=True', 'softmax=True'] : [];
      return [
        {
          ...range(program, passed),
          message: t`This ${shortName(call)} takes probabilities, but this comes out of a layer without an activation. On logits the overlap has no meaning: it can be negative, or above 1.`,
          related: [layerHere(program, maker)],
          fixes: fixes.flatMap((text) => {
            const edit = addArgument(program, made!, text);
            return edit ? [{ title: t`Pass ${text}`, edits: [edit] }] : [];
          }),
        },
      ];
    }),
};
