import { t } from '@vscode/l10n';
import { argumentsOf, none } from '../recognise/python/syntax.ts';
import type { Check } from './check.ts';
import type { PythonProgram } from './python/program.ts';
import { keywordArgument, optionCalls } from './python/reading.ts';
import { argument, range, shortName } from './reading.ts';

export const ignoreIndexIsClass: Check<PythonProgram> = {
  code: 'ignore-index-is-class',
  severity: 'information',
  find: (program) => {
    const padded = /\bpad|_pad\b|padding_idx/i.test(program.syntax.text);
    if (padded) return [];
    const seen = new Set<number>();
    return program.calls.flatMap((call) => {
      const { symbol, alternatives } = call.named.reported;
      const { ignore_index: index } = call.call.options;
      if (alternatives || call.evaluates === none || typeof index !== 'number' || index < 0) return [];
      if (!/^torch\.nn\.(CrossEntropyLoss|NLLLoss|functional\.(cross_entropy|nll_loss))$/.test(symbol))
        return [];
      const passed = argument(call, 'input');
      const classes = passed === none ? undefined : program.tensors.of(passed).shape?.last;
      if (classes === undefined || index >= classes) return [];
      const given = optionCalls(call)
        .map((made) => keywordArgument(program, made, 'ignore_index'))
        .find((argument) => argument !== undefined);
      if (!given || seen.has(given.word) || argumentsOf(program.syntax, call.evaluates).length === 0)
        return [];
      seen.add(given.word);
      return [
        {
          start: program.syntax.from[given.word]!,
          end: range(program, given.value).end,
          message: t`${index} is one of the ${classes} classes: ${shortName(call)} leaves out every element of that class. Mark what is to be ignored with a number that is no class, such as the default −100.`,
          fixes: [],
        },
      ];
    });
  },
};
