import { t } from '@vscode/l10n';
import type { Check } from './check.ts';
import { given, operationHere, range, shortName, withoutMaker } from './reading.ts';

export const logSoftmaxBeforeCrossEntropy: Check = {
  code: 'log-softmax-before-cross-entropy',
  severity: 'hint',
  find: (program) =>
    given(program).flatMap((place) => {
      const { takes, tensor, passed, call } = place;
      const { form, maker } = tensor;
      if (takes !== 'class-logits' || form !== 'log-softmax' || !maker) return [];
      const name = shortName(call);
      return [
        {
          ...range(program, passed),
          message: place.compiled
            ? t`${name} applies log-softmax itself, and the model ends in one. The value is right, since a second log-softmax changes nothing; it is computed twice.`
            : t`${name} applies log-softmax itself, and this comes out of one. The value is right, since a second log-softmax changes nothing; it is computed twice.`,
          related: [operationHere(program, maker, form)],
          fixes: withoutMaker(program, place),
        },
      ];
    }),
};
