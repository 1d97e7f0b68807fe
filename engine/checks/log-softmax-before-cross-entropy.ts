import type { Check } from './check.ts';
import { given, origin, range, shortName, withoutMaker } from './reading.ts';

export const logSoftmaxBeforeCrossEntropy: Check = {
  code: 'log-softmax-before-cross-entropy',
  severity: 'hint',
  find: (program) =>
    given(program).flatMap((place) => {
      const { takes, tensor, passed, call } = place;
      const { form, maker } = tensor;
      if (takes !== 'class-logits' || form !== 'log-softmax' || !maker) return [];
      return [
        {
          ...range(program, passed),
          message: `${shortName(call)} applies log-softmax itself, and ${origin(place)} one. The value is right, since a second log-softmax changes nothing; it is computed twice.`,
          related: [{ ...range(program, maker.node), message: 'The log-softmax is here.' }],
          fixes: withoutMaker(program, place),
        },
      ];
    }),
};
