import { t } from '@vscode/l10n';
import { constant } from '../recognise/python/literals.ts';
import { argumentsOf, type Node, none } from '../recognise/python/syntax.ts';
import type { Check } from './check.ts';
import { withoutMaker } from './python/edits.ts';
import type { PythonProgram } from './python/program.ts';
import { evaluations, range, shortName } from './reading.ts';
import { addSuffix, withLogits } from './with-logits.ts';

export const bceUnderAutocast: Check<PythonProgram> = {
  code: 'bce-under-autocast',
  severity: 'warning',
  find: (program) =>
    evaluations(program).flatMap(({ call, passed, tensor: { form, maker } }) => {
      const { symbol } = call.named.reported;
      if (!/^torch\.nn\.(BCELoss|functional\.binary_cross_entropy)$/.test(symbol)) return [];
      if (!underAutocast(program, call.node)) return [];
      const [rename] = addSuffix(program, call);
      const [remove] = form === 'sigmoid' && maker ? withoutMaker(program, maker, passed, 'sigmoid') : [];
      return [
        {
          ...range(program, program.syntax.first[call.evaluates]!),
          message: t`${shortName(call)} raises a RuntimeError under autocast on CUDA: in half precision its probabilities would round to 0 and 1. Use its form with logits, and no sigmoid before it.`,
          fixes:
            rename && remove
              ? [
                  {
                    title: t`Use ${withLogits[symbol]!}, and no sigmoid before it`,
                    edits: [...rename.edits, ...remove.edits].sort((a, b) => a.start - b.start),
                  },
                ]
              : [],
        },
      ];
    }),
};

/** Whether the innermost `with autocast(…)` around the node, in its own function, turns it on for CUDA. */
function underAutocast(program: PythonProgram, node: Node): boolean {
  const { syntax } = program;
  for (let outer = syntax.parent[node]!; outer !== none; outer = syntax.parent[outer]!) {
    const name = syntax.name(outer);
    if (/^(Function|Class)Definition$|^LambdaExpression$/.test(name)) return false;
    if (name !== 'WithStatement') continue;
    for (const item of syntax.children(outer)) {
      if (syntax.name(item) !== 'CallExpression') continue;
      const path = program.path(syntax.first[item]!);
      if (!path || !/^torch(\.cuda\.amp|\.amp|)\.autocast$/.test(path)) continue;
      const enabled = program.keyword(item, 'enabled');
      if (enabled !== none && constant(program.values, enabled) === false) return false;
      if (path === 'torch.cuda.amp.autocast') {
        const [first] = argumentsOf(syntax, item);
        return !(first && !first.keyword && constant(program.values, first.value) === false);
      }
      return constant(program.values, program.keyword(item, 'device_type', 0)) === 'cuda';
    }
  }
  return false;
}
