import { t } from '@vscode/l10n';
import { argumentsOf, type Node, none } from '../recognise/python/syntax.ts';
import type { Check } from './check.ts';
import type { Edit } from './finding.ts';
import { appendCall } from './python/edits.ts';
import type { PythonProgram } from './python/program.ts';
import { argument, range, replace, shortName } from './reading.ts';

const ofClasses = new Set(['CrossEntropyLoss', 'cross_entropy', 'NLLLoss', 'nll_loss']);
const ofFloats = new Set([
  'BCELoss',
  'binary_cross_entropy',
  'BCEWithLogitsLoss',
  'binary_cross_entropy_with_logits',
  'KLDivLoss',
  'kl_div',
]);

export const targetDtype: Check<PythonProgram> = {
  code: 'target-dtype',
  severity: 'warning',
  find: (program) =>
    program.calls.flatMap((call) => {
      const { reported } = call.named;
      const name = shortName(call);
      if (reported.alternatives || !reported.symbol.startsWith('torch.') || call.evaluates === none)
        return [];
      const target = argument(call, 'target');
      if (target === none) return [];
      const { kind, shape, oneHot } = program.tensors.of(target);
      if (kind === undefined) return [];
      const problem = (message: string, cast: string) => [
        {
          ...range(program, target),
          message,
          fixes: [{ title: t`Cast to ${cast}`, edits: [castTo(program, target, cast)] }],
        },
      ];
      if (ofFloats.has(name) && kind !== 'float') {
        return problem(
          t`${name} takes a floating-point target; torch refuses one of integers or booleans.`,
          'float',
        );
      }
      if (!ofClasses.has(name)) return [];
      if (kind === 'long' && oneHot && !/^n/i.test(name)) {
        return problem(
          t`${name} takes one row of probabilities an element in floating point, or the indices of the classes; one_hot makes integers, which torch refuses.`,
          'float',
        );
      }
      const indices = shape?.rank === 1 && kind === 'float';
      if (kind === 'int' || kind === 'bool' || indices) {
        return problem(
          t`${name} takes the indices of the classes as int64 (long); torch refuses this dtype.`,
          'long',
        );
      }
      return [];
    }),
};

/** In place of a cast that is there, or behind the expression. */
function castTo(program: PythonProgram, target: Node, cast: string): Edit {
  const { syntax } = program;
  const property = syntax.name(target) === 'CallExpression' ? syntax.property(syntax.first[target]!) : none;
  const casts =
    property !== none && /^(int|short|bool|long|float|double|half)$/.test(syntax.source(property));
  if (casts && argumentsOf(syntax, target).length === 0) return replace(program, property, cast);
  return appendCall(program, target, `.${cast}()`);
}
