import type { Check } from './check.ts';
import { given, origin, range, shortName, withoutMaker } from './reading.ts';

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
      return [
        {
          ...range(program, passed),
          message: `${shortName(call)} takes logits and applies sigmoid itself, but ${origin(place)} a ${form}. After a second sigmoid no probability is below 0.5 or above 0.73.`,
          related: [{ ...range(program, maker.node), message: `The ${form} is here.` }],
          fixes: withoutMaker(program, place),
        },
      ];
    }),
};
