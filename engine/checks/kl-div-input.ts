import { t } from '@vscode/l10n';
import { none } from '../recognise/python/syntax.ts';
import type { Check } from './check.ts';
import type { Fix, Problem } from './finding.ts';
import { inLogarithms } from './nll-of-probabilities.ts';
import { addArgument } from './python/edits.ts';
import type { PythonProgram } from './python/program.ts';
import { optionCalls } from './python/reading.ts';
import { argument, evaluations, operationName, range, shortName } from './reading.ts';

export const klDivInput: Check<PythonProgram> = {
  code: 'kl-div-input',
  severity: 'warning',
  find: (program) =>
    evaluations(program).flatMap(({ takes, tensor: { form, maker }, passed, call }): Problem[] => {
      if (takes !== 'log-probabilities' || !call.named.reported.loss?.startsWith('kl-')) return [];
      const name = shortName(call);
      const problems: Problem[] = [];
      if (maker && (form === 'softmax' || form === 'sigmoid' || form === 'logits')) {
        problems.push({
          ...range(program, passed),
          message:
            form === 'logits'
              ? t`${name} takes log-probabilities first, but this comes out of a layer without a log-softmax. The value is no divergence, and can be negative.`
              : t`${name} takes log-probabilities first, but this comes out of a ${operationName(form)}. The value is no divergence, and can be negative.`,
          related: [{ ...range(program, maker.node), message: t('The last operation is here.') }],
          fixes: form === 'softmax' ? inLogarithms(program, maker) : [],
        });
      }
      const target = argument(call, 'target');
      const unknown = call.call.unread.some((option) => option.name === 'log_target');
      if (target === none || unknown || !/^torch\./.test(call.named.reported.symbol)) return problems;
      const given = program.tensors.of(target);
      const logarithms = call.call.options.log_target === true;
      if (given.maker && given.form === (logarithms ? 'softmax' : 'log-softmax')) {
        problems.push({
          ...range(program, target),
          message: logarithms
            ? t`With log_target=True ${name} takes the target in logarithms too, but this comes out of a softmax.`
            : t`${name} takes the target as probabilities, but this comes out of a log-softmax: pass log_target=True, or the probabilities.`,
          fixes: logarithms
            ? inLogarithms(program, given.maker)
            : logTarget(program, optionCalls(call).at(-1)),
        });
      }
      return problems;
    }),
};

function logTarget(program: PythonProgram, call: number | undefined): Fix[] {
  const edit = call === undefined ? undefined : addArgument(program, call, 'log_target=True');
  return edit ? [{ title: t`Pass ${'log_target=True'}`, edits: [edit] }] : [];
}
