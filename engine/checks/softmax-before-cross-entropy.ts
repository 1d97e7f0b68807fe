import { t } from '@vscode/l10n';
import type { Check } from './check.ts';
import { given, operationHere, operationName, range, shortName, withoutMaker } from './reading.ts';

/** What a loss over classes still is when the prediction is as right as a softmax can be: ln(e + C − 1) − 1. */
function floor(classes: number): string {
  return (Math.log(Math.E + classes - 1) - 1).toFixed(2);
}

export const softmaxBeforeCrossEntropy: Check = {
  code: 'softmax-before-cross-entropy',
  severity: 'warning',
  find: (program) =>
    given(program).flatMap((place) => {
      const { takes, tensor, passed, call } = place;
      const { form, maker, shape } = tensor;
      // Keras' are the matter of from-logits.
      if (call.named.reported.symbol.startsWith('keras.')) return [];
      if (takes !== 'class-logits' || !maker || (form !== 'softmax' && form !== 'sigmoid')) return [];
      const classes = shape?.last ?? 10;
      const lowest =
        form === 'softmax'
          ? t`With ${classes} classes it cannot fall below ${floor(classes)}, and its gradients shrink.`
          : t('Scores between 0 and 1 keep it far from 0 however right they are.');
      const [name, operation] = [shortName(call), operationName(form)];
      const contradiction = place.compiled
        ? t`${name} takes logits and applies softmax itself, but the model ends in a ${operation}.`
        : t`${name} takes logits and applies softmax itself, but this comes out of a ${operation}.`;
      return [
        {
          ...range(program, passed),
          message: `${contradiction} ${lowest}`,
          related: [operationHere(program, maker, form)],
          fixes: withoutMaker(program, place),
        },
      ];
    }),
};
