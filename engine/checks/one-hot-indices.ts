import { t } from '@vscode/l10n';
import { argumentsOf } from '../recognise/script/syntax.ts';
import type { Check } from './check.ts';
import { range } from './reading.ts';
import { plainNumbers } from './script/operations.ts';
import type { ScriptProgram } from './script/program.ts';

export const oneHotIndices: Check<ScriptProgram> = {
  code: 'one-hot-indices',
  severity: 'warning',
  find: (program) =>
    program.methodCalls('oneHot').flatMap((call) => {
      const { syntax } = program;
      const [indices] = argumentsOf(syntax, call);
      if (program.path(syntax.first[call]!) !== 'tf.oneHot' || !indices || indices.spread) return [];
      const { kind, stop } = program.tensors.of(indices.value);
      // Numbers that are no tensor are made into one of int32.
      const tensor = kind === 'float' || kind === 'bool';
      if (!tensor || stop?.how === plainNumbers) return [];
      return [
        {
          ...range(program, indices.value),
          message: t`oneHot takes a tensor of int32, and this is one of ${kind === 'bool' ? 'bool' : 'float32'}: TensorFlow.js refuses it.`,
          fixes: [
            { title: t`Cast to ${'int32'}`, edits: [program.edits.appendCall(indices.value, '.toInt()')] },
          ],
        },
      ];
    }),
};
