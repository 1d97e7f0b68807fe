import { t } from '@vscode/l10n';
import { argumentsOf, none } from '../recognise/python/syntax.ts';
import type { Check } from './check.ts';
import { appendCall } from './python/edits.ts';
import type { PythonProgram } from './python/program.ts';
import { argument, range, shortName } from './reading.ts';

export const classAxis: Check<PythonProgram> = {
  code: 'class-axis',
  severity: 'warning',
  find: (program) =>
    program.calls.flatMap((call) => {
      const { symbol, alternatives } = call.named.reported;
      if (alternatives || call.evaluates === none) return [];
      if (!/^torch\.nn\.(CrossEntropyLoss|NLLLoss|functional\.(cross_entropy|nll_loss))$/.test(symbol))
        return [];
      const passed = argument(call, 'input');
      if (passed === none) return [];
      const { shape, maker } = program.tensors.of(passed);
      // A linear layer's features are its last axis.
      if (shape?.rank !== 3 || !maker || shape.last === undefined) return [];
      const { syntax } = program;
      const made = argumentsOf(syntax, maker.node);
      if (maker.as === 'call' && made.length === 0) return [];
      return [
        {
          ...range(program, passed),
          message: t`${shortName(call)} takes the classes on axis 1, but this is [batch, time, classes]: torch refuses it, or, where there are as many steps as classes, takes one for the other.`,
          fixes: [
            {
              title: t('Move the classes to axis 1'),
              edits: [appendCall(program, passed, '.transpose(1, 2)')],
            },
          ],
        },
      ];
    }),
};
