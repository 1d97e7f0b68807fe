import type { Check } from './check.ts';
import type { Edit } from './finding.ts';
import { given, origin, range, replace, shortName } from './reading.ts';
import { addProperty } from './script/edits.ts';
import type { ScriptProgram } from './script/program.ts';
import type { Maker } from './tensor.ts';

const found = {
  logits: 'a layer without an activation',
  tanh: 'a tanh',
  relu: 'a ReLU',
} as const;

/** What becomes of numbers that are no probabilities, asked of TensorFlow.js 4.22. */
const consequences: Readonly<Record<string, string>> = {
  'tf.layers.categoricalCrossentropy':
    'TensorFlow.js divides the scores by their sum and takes the logarithm: below 0 the loss is NaN.',
  'tf.layers.kullbackLeiblerDivergence':
    'TensorFlow.js takes the logarithm of the scores: below 0 the loss is NaN.',
  'tf.layers.sparseCategoricalCrossentropy':
    'TensorFlow.js clips the scores to [1e-7, 1 − 1e-7]: where it clips, nothing is learned.',
  'tf.layers.binaryCrossentropy':
    'TensorFlow.js clips the scores to [1e-7, 1 − 1e-7]: where it clips, nothing is learned.',
};

/** TensorFlow.js: its layers' cross-entropies have no `fromLogits`. */
export const crossentropyWithoutActivation: Check<ScriptProgram> = {
  code: 'crossentropy-without-activation',
  severity: 'warning',
  find: (program) =>
    given(program).flatMap((place) => {
      const { takes, call, passed } = place;
      const { form, maker } = place.tensor;
      const consequence = consequences[call.named.reported.symbol];
      if (consequence === undefined || !maker || !form || !(form in found)) return [];
      const activation = takes === 'binary-probabilities' ? 'sigmoid' : 'softmax';
      const edit = form === 'logits' ? ending(program, maker, activation) : undefined;
      return [
        {
          ...range(program, passed),
          message: `${shortName(call)} takes probabilities, but ${origin(place)} ${found[form as keyof typeof found]}. ${consequence}`,
          related: [{ ...range(program, maker.node), message: 'The last layer is here.' }],
          fixes: edit ? [{ title: `End in activation: '${activation}'`, edits: [edit] }] : [],
        },
      ];
    }),
};

function ending(program: ScriptProgram, { as, node }: Maker, activation: string): Edit | undefined {
  if (as === 'layer') return addProperty(program, node, `activation: '${activation}'`);
  const quote = /^(['"`])linear\1$/.exec(program.syntax.source(node))?.[1];
  return quote ? replace(program, node, quote + activation + quote) : undefined;
}
