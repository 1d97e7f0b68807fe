import type { Check } from './check.ts';
import { evaluations, range, shortName } from './reading.ts';
import { addSuffix } from './with-logits.ts';

const found = {
  logits: 'a layer without a sigmoid',
  tanh: 'a tanh',
  relu: 'a ReLU',
  'log-softmax': 'a log-softmax',
  'log-sigmoid': 'a log-sigmoid',
} as const;

export const bceOfLogits: Check = {
  code: 'bce-of-logits',
  severity: 'warning',
  find: (program) =>
    evaluations(program).flatMap(({ takes, tensor: { form, maker }, passed, call }) => {
      if (takes !== 'binary-probabilities' || !form || !maker) return [];
      if (!(form in found) || !/^torch\./.test(call.named.reported.symbol)) return [];
      return [
        {
          ...range(program, passed),
          message: `${shortName(call)} takes probabilities, but this comes out of ${found[form as keyof typeof found]}. torch refuses numbers outside [0, 1], on CUDA by a device-side assert that takes the process with it.`,
          related: [{ ...range(program, maker.node), message: 'The last layer is here.' }],
          fixes: form === 'logits' ? addSuffix(program, call) : [],
        },
      ];
    }),
};
