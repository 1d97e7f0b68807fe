import { t } from '@vscode/l10n';
import { none } from '../recognise/python/syntax.ts';
import type { Check } from './check.ts';
import { addArgument } from './python/edits.ts';
import type { PythonProgram } from './python/program.ts';
import { optionCalls } from './python/reading.ts';
import { shortName } from './reading.ts';

const kl = new Set(['torch.nn.KLDivLoss', 'torch.nn.functional.kl_div']);
const reductions = ['reduction', 'size_average', 'reduce'];

export const klDivReduction: Check<PythonProgram> = {
  code: 'kl-div-reduction',
  severity: 'information',
  find: (program) =>
    program.calls.flatMap((call) => {
      const { reported, value } = call.named;
      if (!kl.has(reported.symbol) || reported.alternatives || value.as === 'instance') return [];
      const made = optionCalls(call).at(-1) ?? none;
      const { options, unread } = call.call;
      const given = [...Object.keys(options), ...unread.map(({ name }) => name)];
      if (made === none || given.some((name) => reductions.includes(name) || /^\*|^argument /.test(name)))
        return [];
      const edit = addArgument(program, made, "reduction='batchmean'");
      return [
        {
          start: reported.start,
          end: reported.end,
          message: t`${shortName(call)} averages over all elements unless it is told otherwise, classes included. The divergence of the distributions, averaged over the batch, is reduction='batchmean'.`,
          fixes: edit ? [{ title: t`Pass ${"reduction='batchmean'"}`, edits: [edit] }] : [],
        },
      ];
    }),
};
