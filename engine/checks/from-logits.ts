import { t } from '@vscode/l10n';
import type { ReadCall } from '../recognise/python/calls.ts';
import { type Node, none } from '../recognise/python/syntax.ts';
import type { Check } from './check.ts';
import { contractOf } from './contracts.ts';
import type { Fix, Problem } from './finding.ts';
import { addArgument, removeItem, withoutMaker } from './python/edits.ts';
import type { PythonProgram } from './python/program.ts';
import { keywordArgument, optionCalls } from './python/reading.ts';
import { evaluations, layerHere, operationName, range, replace, shortName } from './reading.ts';
import type { Tensor } from './tensor.ts';

const classes: Readonly<Record<string, string>> = {
  binary_crossentropy: 'BinaryCrossentropy',
  categorical_crossentropy: 'CategoricalCrossentropy',
  sparse_categorical_crossentropy: 'SparseCategoricalCrossentropy',
  binary_focal_crossentropy: 'BinaryFocalCrossentropy',
};

/** Keras: `from_logits` says one thing, and the model's last layer another. */
export const fromLogits: Check<PythonProgram> = {
  code: 'from-logits',
  severity: 'warning',
  find: (program) => [
    ...program.compiled.flatMap(({ call, passed, tensor }) => compare(program, call, passed, tensor)),
    ...evaluations(program)
      .filter(({ call }) => call.named.reported.symbol.startsWith('keras.'))
      .flatMap(({ call, passed, tensor }) => compare(program, call, passed, tensor)),
  ],
};

function compare(program: PythonProgram, call: ReadCall, place: Node, { form, maker }: Tensor): Problem[] {
  if (!form || !maker || !call.named.reported.symbol.startsWith('keras.')) return [];
  const takes = contractOf(call)?.takes;
  const probabilities = form === 'softmax' || form === 'sigmoid';
  const related = [layerHere(program, maker)];
  if (probabilities && (takes === 'class-logits' || takes === 'binary-logits')) {
    return [
      {
        ...range(program, place),
        message: t`from_logits=True says that the model gives logits, but it ends in a ${operationName(form)}, which is then applied twice. (On TensorFlow Keras notices where it can, warns, and goes by the logits.)`,
        related,
        fixes: [...probably(program, call), ...withoutMaker(program, maker, place, form)],
      },
    ];
  }
  if (form === 'logits' && (takes === 'class-probabilities' || takes === 'binary-probabilities')) {
    return [
      {
        ...range(program, place),
        message: t`${shortName(call)} takes probabilities unless from_logits=True, but the model ends in a layer without an activation. Keras clips what it is given to [1e-7, 1 − 1e-7], and where it clips nothing is learned.`,
        related,
        fixes: logits(program, call, place),
      },
    ];
  }
  return [];
}

/** Takes `from_logits=True` away. */
function probably(program: PythonProgram, call: ReadCall): Fix[] {
  for (const made of optionCalls(call)) {
    const given = keywordArgument(program, made, 'from_logits');
    const edit = given && removeItem(program, given.word, given.value);
    if (edit) return [{ title: t`Remove ${'from_logits=True'}`, edits: [edit] }];
  }
  return [];
}

function logits(program: PythonProgram, call: ReadCall, place: Node): Fix[] {
  const title = t`Pass ${'from_logits=True'}`;
  const { named } = call;
  if (named.reported.context === 'compile') {
    const id = named.reported.symbol.slice(named.reported.symbol.lastIndexOf('.') + 1);
    const keras = Object.hasOwn(classes, id) ? importedKeras(program) : undefined;
    if (!keras) return [];
    return [{ title, edits: [replace(program, place, `${keras}.losses.${classes[id]}(from_logits=True)`)] }];
  }
  const made = optionCalls(call)[0] ?? none;
  if (made === none) return [];
  const given = keywordArgument(program, made, 'from_logits');
  const edit = given ? replace(program, given.value, 'True') : addArgument(program, made, 'from_logits=True');
  return edit ? [{ title, edits: [edit] }] : [];
}

/** How this source writes Keras: `keras`, or `tf.keras`. */
function importedKeras(program: PythonProgram): string | undefined {
  const { text } = program.syntax;
  if (/^\s*(import keras\b(?!\.)|from tensorflow import keras\b)/m.test(text)) return 'keras';
  return /^\s*import tensorflow as tf\b/m.test(text) ? 'tf.keras' : undefined;
}
