import { none } from '../recognise/python/syntax.ts';
import type { Check } from './check.ts';
import { appendCall } from './edits.ts';
import { argument, range, shortName } from './reading.ts';

/** What each does with `[N, 1]` against `[N]`, asked of torch 2.13. */
const broadcasting: Readonly<Record<string, 'warns' | 'silent' | 'refuses'>> = {
  MSELoss: 'warns',
  mse_loss: 'warns',
  L1Loss: 'warns',
  l1_loss: 'warns',
  SmoothL1Loss: 'warns',
  smooth_l1_loss: 'warns',
  HuberLoss: 'warns',
  huber_loss: 'warns',
  PoissonNLLLoss: 'silent',
  poisson_nll_loss: 'silent',
  BCELoss: 'refuses',
  binary_cross_entropy: 'refuses',
  BCEWithLogitsLoss: 'refuses',
  binary_cross_entropy_with_logits: 'refuses',
};

export const broadcastShapes: Check = {
  code: 'broadcast-shapes',
  severity: 'warning',
  find: (program) =>
    program.calls.flatMap((call) => {
      const name = shortName(call);
      const answer = Object.hasOwn(broadcasting, name) ? broadcasting[name]! : undefined;
      const { reported } = call.named;
      if (
        !answer ||
        reported.alternatives ||
        !reported.symbol.startsWith('torch.') ||
        call.evaluates === none
      )
        return [];
      const prediction = argument(call, name.startsWith('Poisson') ? 'log_input' : 'input');
      const target = argument(call, 'target');
      if (prediction === none || target === none) return [];
      const shapes = [prediction, target].map((node) => program.tensors.of(node).shape ?? {});
      const column = shapes.findIndex(({ rank, last }) => last === 1 && (rank ?? 2) === 2);
      const row = shapes.findIndex(({ rank, last }) => rank === 1 && last !== 1);
      if (column < 0 || row < 0) return [];
      const [long, flat] = column === 0 ? [prediction, target] : [target, prediction];
      const result =
        answer === 'refuses'
          ? 'torch refuses them.'
          : `torch broadcasts them to [N, N]${answer === 'warns' ? ' with a warning' : ' without a word'} and averages every pair: the model learns the mean of the targets.`;
      return [
        {
          ...range(program, long),
          message: `This has the shape [N, 1], and ${program.syntax.source(flat)} has [N]: ${result}`,
          fixes: [
            { title: 'Squeeze the last dimension', edits: [appendCall(program, long, '.squeeze(-1)')] },
          ],
        },
      ];
    }),
};
