import { t } from '@vscode/l10n';
import type { ReadCall } from '../recognise/python/calls.ts';
import type { Check } from './check.ts';
import type { Fix } from './finding.ts';
import type { PythonProgram } from './python/program.ts';
import { evaluations, operationName, range, replace, shortName } from './reading.ts';
import type { Maker } from './tensor.ts';

export const nllOfProbabilities: Check<PythonProgram> = {
  code: 'nll-of-probabilities',
  severity: 'warning',
  find: (program) =>
    evaluations(program).flatMap(({ takes, tensor: { form, maker }, passed, call }) => {
      if (
        takes !== 'log-probabilities' ||
        !maker ||
        !/\.(NLLLoss|nll_loss)$/.test(call.named.reported.symbol)
      )
        return [];
      if (form !== 'softmax' && form !== 'sigmoid' && form !== 'logits') return [];
      const name = shortName(call);
      return [
        {
          ...range(program, passed),
          message:
            form === 'logits'
              ? t`${name} takes log-probabilities, but this comes out of a layer without a log-softmax: the loss falls without bound.`
              : t`${name} takes log-probabilities, but this comes out of a ${operationName(form)}, without a logarithm: the loss lies between −1 and 0.`,
          related: [{ ...range(program, maker.node), message: t('The last operation is here.') }],
          fixes: form === 'logits' ? useCrossEntropy(program, call) : inLogarithms(program, maker),
        },
      ];
    }),
};

function useCrossEntropy(program: PythonProgram, call: ReadCall): Fix[] {
  return program.edits.renamed(call, shortName(call) === 'NLLLoss' ? 'CrossEntropyLoss' : 'cross_entropy');
}

/** `log_softmax` in place of `softmax`, `LogSoftmax` in place of `Softmax`. */
export function inLogarithms(program: PythonProgram, { node, operand, as }: Maker): Fix[] {
  const { syntax } = program;
  if (as === 'argument' || (as === 'call' && operand === -1)) return [];
  const callee = syntax.first[node]!;
  const property = syntax.property(callee);
  const word = property < 0 ? callee : property;
  const name = syntax.source(word);
  const logarithm = { softmax: 'log_softmax', Softmax: 'LogSoftmax' }[name];
  if (!logarithm || property < 0) return [];
  return [{ title: t`Use ${logarithm}`, edits: [replace(program, word, logarithm)] }];
}
