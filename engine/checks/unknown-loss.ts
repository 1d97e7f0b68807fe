import { t } from '@vscode/l10n';
import type { Check } from './check.ts';
import { range, replace } from './reading.ts';
import { compiledWith } from './script/models.ts';
import type { ScriptProgram } from './script/program.ts';

/** What Keras takes besides the full names, and TensorFlow.js does not. */
const shortIds: Readonly<Record<string, string>> = {
  mse: 'meanSquaredError',
  mae: 'meanAbsoluteError',
  mape: 'meanAbsolutePercentageError',
  msle: 'meanSquaredLogarithmicError',
  bce: 'binaryCrossentropy',
  kld: 'kullbackLeiblerDivergence',
  kldivergence: 'kullbackLeiblerDivergence',
  cosinesimilarity: 'cosineProximity',
  softmaxcrossentropy: 'categoricalCrossentropy',
};

export const unknownLoss: Check<ScriptProgram> = {
  code: 'unknown-loss',
  severity: 'warning',
  find: (program) =>
    compiledWith(program).flatMap(({ model, loss, optimizer }) => {
      const { syntax } = program;
      const id = syntax.name(loss) === 'String' ? syntax.word(loss) : undefined;
      if (id === undefined || program.lossIds.includes(id)) return [];
      const ours =
        program.tensors.layers.of(model) !== undefined ||
        /^tf\.train\./.test(program.path(syntax.first[program.unwrap(optimizer)] ?? -1) ?? '');
      if (!ours) return [];
      const meant = nearest(program, id);
      const quote = syntax.source(loss)[0]!;
      const unknown = t`TensorFlow.js knows no loss ‘${id}’ and refuses it when the model is compiled.`;
      return [
        {
          ...range(program, loss),
          message: meant ? `${unknown} ${t`This one is called ‘${meant}’ here.`}` : unknown,
          fixes: meant
            ? [{ title: t`Use ‘${meant}’`, edits: [replace(program, loss, quote + meant + quote)] }]
            : [],
        },
      ];
    }),
};

/** Keras' names with underscores, in any case, and its short ones. */
function nearest({ lossIds }: ScriptProgram, id: string): string | undefined {
  const plain = id.replaceAll('_', '').toLowerCase();
  if (Object.hasOwn(shortIds, plain)) return shortIds[plain];
  return lossIds.find((known) => known.toLowerCase() === plain);
}
