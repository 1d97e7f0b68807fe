import { t } from '@vscode/l10n';
import { argumentsOf, none } from '../recognise/python/syntax.ts';
import type { Check } from './check.ts';
import { addArgument } from './python/edits.ts';
import type { PythonProgram } from './python/program.ts';
import { range } from './reading.ts';

const functions = /^torch\.nn\.functional\.(softmax|log_softmax|softmin)$/;
const layers = /^torch\.nn\.(Softmax|LogSoftmax|Softmin)$/;

export const softmaxWithoutDim: Check<PythonProgram> = {
  code: 'softmax-without-dim',
  severity: 'information',
  find: (program) => {
    const { syntax } = program;
    const problems = [];
    for (let node = 0; node < syntax.size; node++) {
      if (syntax.name(node) !== 'CallExpression') continue;
      const callee = syntax.first[node]!;
      if (!/(soft(max|min)|Soft(max|min))$/.test(syntax.source(callee))) continue;
      const path = program.path(callee) ?? '';
      const given = argumentsOf(syntax, node);
      const positional = functions.test(path) ? 1 : layers.test(path) ? 0 : -1;
      if (positional < 0 || given.some(({ keyword }) => keyword?.startsWith('*'))) continue;
      if (positional === 1 && given.length === 0) continue;
      if (program.keyword(node, 'dim', positional) !== none) continue;
      const property = syntax.property(callee);
      const fixes = ['dim=1', 'dim=-1'].flatMap((text) => {
        const edit = addArgument(program, node, text);
        return edit ? [{ title: t`Pass ${text}`, edits: [edit] }] : [];
      });
      problems.push({
        ...range(program, property === none ? callee : property),
        message: t(
          'Without dim torch chooses the axis by the number of dimensions, 0 for three of them, else 1 as a rule, and warns. Say which axis holds the classes.',
        ),
        fixes,
      });
    }
    return problems;
  },
};
