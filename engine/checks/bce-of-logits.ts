import { t } from '@vscode/l10n';
import type { Check } from './check.ts';
import { evaluations, layerHere, operationName, range, shortName } from './reading.ts';
import { addSuffix } from './with-logits.ts';

function consequenceOf(symbol: string): string | undefined {
  if (symbol.startsWith('torch.')) {
    return t(
      'torch refuses numbers outside [0, 1], on CUDA by a device-side assert that takes the process with it.',
    );
  }
  return symbol === 'tf.losses.logLoss'
    ? t('TensorFlow.js takes the logarithms of it and of 1 minus it: outside [0, 1] the loss is NaN.')
    : undefined;
}

export const bceOfLogits: Check = {
  code: 'bce-of-logits',
  severity: 'warning',
  find: (program) =>
    evaluations(program).flatMap(({ takes, tensor: { form, maker }, passed, call }) => {
      if (takes !== 'binary-probabilities' || !form || !maker) return [];
      if (form === 'softmax' || form === 'sigmoid') return [];
      const consequence = consequenceOf(call.named.reported.symbol);
      if (consequence === undefined) return [];
      const name = shortName(call);
      const contradiction =
        form === 'logits'
          ? t`${name} takes probabilities, but this comes out of a layer without a sigmoid.`
          : t`${name} takes probabilities, but this comes out of a ${operationName(form)}.`;
      return [
        {
          ...range(program, passed),
          message: `${contradiction} ${consequence}`,
          related: [layerHere(program, maker)],
          fixes: form === 'logits' ? addSuffix(program, call) : [],
        },
      ];
    }),
};
