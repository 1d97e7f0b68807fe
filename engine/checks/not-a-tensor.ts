import { t } from '@vscode/l10n';
import type { Check } from './check.ts';
import { range, replace, shortName } from './reading.ts';
import type { ScriptProgram } from './script/program.ts';

/** Only where a type checker says what the type is. */
export const notATensor: Check<ScriptProgram> = {
  code: 'not-a-tensor',
  severity: 'warning',
  find: (program) =>
    program.calls.flatMap((call) =>
      [...call.arrays].flatMap(([name, node]) => {
        if (!/^tf\./.test(call.named.reported.symbol) || !program.typeOf(node).promise) return [];
        const text = program.syntax.source(node);
        return [
          {
            ...range(program, node),
            message: t`${shortName(call)} takes a tensor as its ${name}, but this is a promise of one: TensorFlow.js refuses it.`,
            fixes: [{ title: t('Await it'), edits: [replace(program, node, `await ${text}`)] }],
          },
        ];
      }),
    ),
};
