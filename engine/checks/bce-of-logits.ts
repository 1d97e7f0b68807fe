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

const consequences: readonly (readonly [symbol: RegExp, consequence: string])[] = [
  [
    /^torch\./,
    'torch refuses numbers outside [0, 1], on CUDA by a device-side assert that takes the process with it.',
  ],
  [
    /^tf\.losses\.logLoss$/,
    'TensorFlow.js takes the logarithms of it and of 1 minus it: outside [0, 1] the loss is NaN.',
  ],
];

export const bceOfLogits: Check = {
  code: 'bce-of-logits',
  severity: 'warning',
  find: (program) =>
    evaluations(program).flatMap(({ takes, tensor: { form, maker }, passed, call }) => {
      if (takes !== 'binary-probabilities' || !form || !maker || !(form in found)) return [];
      const { symbol } = call.named.reported;
      const consequence = consequences.find(([symbols]) => symbols.test(symbol))?.[1];
      if (consequence === undefined) return [];
      return [
        {
          ...range(program, passed),
          message: `${shortName(call)} takes probabilities, but this comes out of ${found[form as keyof typeof found]}. ${consequence}`,
          related: [{ ...range(program, maker.node), message: 'The last layer is here.' }],
          fixes: form === 'logits' ? addSuffix(program, call) : [],
        },
      ];
    }),
};
