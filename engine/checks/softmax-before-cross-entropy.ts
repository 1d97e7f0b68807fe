import type { Check } from './check.ts';
import { given, origin, range, shortName, withoutMaker } from './reading.ts';

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
          ? `With ${classes} classes it cannot fall below ${floor(classes)}, and its gradients shrink.`
          : 'Scores between 0 and 1 keep it far from 0 however right they are.';
      return [
        {
          ...range(program, passed),
          message: `${shortName(call)} takes logits and applies softmax itself, but ${origin(place)} a ${form}. ${lowest}`,
          related: [{ ...range(program, maker.node), message: `The ${form} is here.` }],
          fixes: withoutMaker(program, place),
        },
      ];
    }),
};
