import type { Check } from './check.ts';
import { withoutMaker } from './edits.ts';
import { evaluations, range, shortName } from './reading.ts';

export const logSoftmaxBeforeCrossEntropy: Check = {
  code: 'log-softmax-before-cross-entropy',
  severity: 'hint',
  find: (program) =>
    evaluations(program).flatMap(({ takes, tensor: { form, maker }, passed, call }) => {
      if (takes !== 'class-logits' || form !== 'log-softmax' || !maker) return [];
      return [
        {
          ...range(program, passed),
          message: `${shortName(call)} applies log-softmax itself, and this comes out of one. The value is right, since a second log-softmax changes nothing; it is computed twice.`,
          related: [{ ...range(program, maker.node), message: 'The log-softmax is here.' }],
          fixes: withoutMaker(program, maker, passed, 'log-softmax'),
        },
      ];
    }),
};
