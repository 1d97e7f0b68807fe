import { t } from '@vscode/l10n';
import type { Check } from './check.ts';
import { given, operationHere, operationName, range, shortName, withoutMaker } from './reading.ts';

export const sigmoidBeforeBceWithLogits: Check = {
  code: 'sigmoid-before-bce-with-logits',
  severity: 'warning',
  find: (program) =>
    given(program).flatMap((place) => {
      const { takes, tensor, passed, call } = place;
      const { form, maker } = tensor;
      // Keras' are the matter of from-logits.
      if (call.named.reported.symbol.startsWith('keras.')) return [];
      if (takes !== 'binary-logits' || !maker || (form !== 'sigmoid' && form !== 'softmax')) return [];
      const [name, operation] = [shortName(call), operationName(form)];
      return [
        {
          ...range(program, passed),
          message: place.compiled
            ? t`${name} takes logits and applies sigmoid itself, but the model ends in a ${operation}. After a second sigmoid no probability is below 0.5 or above 0.73.`
            : t`${name} takes logits and applies sigmoid itself, but this comes out of a ${operation}. After a second sigmoid no probability is below 0.5 or above 0.73.`,
          related: [operationHere(program, maker, form)],
          fixes: withoutMaker(program, place),
        },
      ];
    }),
};
