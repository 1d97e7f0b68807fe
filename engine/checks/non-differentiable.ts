import { t } from '@vscode/l10n';
import { none } from '../recognise/tree.ts';
import type { Check } from './check.ts';
import { argument, range, shortName } from './reading.ts';

export const nonDifferentiable: Check = {
  code: 'non-differentiable',
  severity: 'warning',
  find: (program) =>
    program.calls.flatMap((call) => {
      const { symbol, alternatives } = call.named.reported;
      if (alternatives || call.evaluates === none || !program.trained.has(call.evaluates)) return [];
      const prediction = predictionOf(symbol, call.call.arguments[0]?.name);
      const passed = prediction === undefined ? none : argument(call, prediction);
      if (passed === none) return [];
      const { stop } = program.tensors.of(passed);
      if (!stop) return [];
      // A gradient may be meant for the other argument: a target network's output is detached so.
      const others = [...call.arrays].filter(([name]) => name !== prediction);
      if (!others.every(([, node]) => program.isData(node))) return [];
      const { how, consequence } = stop;
      const unreached = program.unreached(how(), shortName(call));
      return [
        {
          ...range(program, passed),
          message: consequence ? `${unreached} ${consequence()}` : unreached,
          related: [{ ...range(program, stop.node), message: t('The gradient ends here.') }],
          fixes: [],
        },
      ];
    }),
};

/** The argument that a model gives: the first in torch, in TensorFlow.js the one that is not the labels. */
function predictionOf(symbol: string, first: string | undefined): string | undefined {
  if (symbol.startsWith('torch.')) return first;
  if (!symbol.startsWith('tf.losses.')) return undefined;
  return /\.(softmax|sigmoid)CrossEntropy$/.test(symbol) ? 'logits' : 'predictions';
}
