import { t } from '@vscode/l10n';
import type { Check } from './check.ts';
import type { Edit } from './finding.ts';
import { type Given, given, layerHere, operationName, range, replace, shortName } from './reading.ts';
import { addProperty } from './script/edits.ts';
import type { ScriptProgram } from './script/program.ts';
import type { Form, Maker } from './tensor.ts';

/** What becomes of numbers that are no probabilities, asked of TensorFlow.js 4.22. */
const consequences: Readonly<Record<string, () => string>> = {
  'tf.layers.categoricalCrossentropy': () =>
    t(
      'TensorFlow.js divides the scores by their sum and clips the quotients to [1e-7, 1 − 1e-7]: where it clips, nothing is learned.',
    ),
  'tf.layers.kullbackLeiblerDivergence': () =>
    t('TensorFlow.js clips the scores to [1e-7, 1]: where it clips, nothing is learned.'),
  'tf.layers.sparseCategoricalCrossentropy': clips,
  'tf.layers.binaryCrossentropy': clips,
};

function clips(): string {
  return t('TensorFlow.js clips the scores to [1e-7, 1 − 1e-7]: where it clips, nothing is learned.');
}

/** TensorFlow.js: its layers' cross-entropies have no `fromLogits`. */
export const crossentropyWithoutActivation: Check<ScriptProgram> = {
  code: 'crossentropy-without-activation',
  severity: 'warning',
  find: (program) =>
    given(program).flatMap((place) => {
      const { takes, call, passed } = place;
      const { form, maker } = place.tensor;
      const consequence = consequences[call.named.reported.symbol];
      if (consequence === undefined || !maker) return [];
      if (form !== 'logits' && form !== 'tanh' && form !== 'relu') return [];
      const activation = takes === 'binary-probabilities' ? 'sigmoid' : 'softmax';
      const edit = form === 'logits' ? ending(program, maker, activation) : undefined;
      return [
        {
          ...range(program, passed),
          message: `${contradiction(place, form)} ${consequence()}`,
          related: [layerHere(program, maker)],
          fixes: edit ? [{ title: t`End in activation: '${activation}'`, edits: [edit] }] : [],
        },
      ];
    }),
};

function contradiction({ call, compiled }: Given, form: Form): string {
  const name = shortName(call);
  if (form === 'logits') {
    return compiled
      ? t`${name} takes probabilities, but the model ends in a layer without an activation.`
      : t`${name} takes probabilities, but this comes out of a layer without an activation.`;
  }
  return compiled
    ? t`${name} takes probabilities, but the model ends in a ${operationName(form)}.`
    : t`${name} takes probabilities, but this comes out of a ${operationName(form)}.`;
}

function ending(program: ScriptProgram, { as, node }: Maker, activation: string): Edit | undefined {
  if (as === 'layer') return addProperty(program, node, `activation: '${activation}'`);
  const quote = /^(['"`])linear\1$/.exec(program.syntax.source(node))?.[1];
  return quote ? replace(program, node, quote + activation + quote) : undefined;
}
