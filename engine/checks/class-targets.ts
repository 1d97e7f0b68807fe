import { t } from '@vscode/l10n';
import { type Node, none } from '../recognise/tree.ts';
import type { Check } from './check.ts';
import type { Fix, Problem } from './finding.ts';
import { argument, range, replace } from './reading.ts';
import { moduleOf } from './script/edits.ts';
import { targetsOf } from './script/models.ts';
import type { ScriptProgram } from './script/program.ts';

export const classTargets: Check<ScriptProgram> = {
  code: 'class-targets',
  severity: 'warning',
  find: (program) => [...fitted(program), ...evaluated(program)],
};

/** `compile` with one of the two cross-entropies, and `fit` with the targets of the other. */
function fitted(program: ScriptProgram): Problem[] {
  const { syntax } = program;
  return program.compiled.flatMap(({ call, model, loss }): Problem[] => {
    const { symbol } = call.named.reported;
    if (!/^tf\.layers\.(sparseC|c)ategoricalCrossentropy$/.test(symbol)) return [];
    const sparse = symbol.includes('sparse');
    const other = sparse ? 'categoricalCrossentropy' : 'sparseCategoricalCrossentropy';
    // One model that is compiled twice may be fitted with either.
    if (program.compiled.filter((one) => program.same(one.model, model)).length > 1) return [];
    return targetsOf(program, model).flatMap((targets) => {
      const { oneHot, shape } = program.tensors.of(targets);
      if (sparse ? !oneHot : shape?.rank !== 1) return [];
      const quoted = /^(['"`]).*\1$/.exec(syntax.source(loss))?.[1];
      return [
        {
          ...range(program, targets),
          message: sparse
            ? t(
                'These targets are one-hot, and the model was compiled with sparseCategoricalCrossentropy, which takes the indices of the classes: TensorFlow.js refuses them.',
              )
            : t(
                'These targets have one number a sample, and the model was compiled with categoricalCrossentropy, which takes one-hot rows: TensorFlow.js refuses them.',
              ),
          related: [{ ...range(program, loss), message: t('The loss is here.') }],
          fixes: quoted
            ? [{ title: t`Use ${other}`, edits: [replace(program, loss, quoted + other + quoted)] }]
            : [],
        },
      ];
    });
  });
}

/** `tf.losses.softmaxCrossEntropy` of indices. */
function evaluated(program: ScriptProgram): Problem[] {
  return program.calls.flatMap((call): Problem[] => {
    const { symbol, alternatives } = call.named.reported;
    if (symbol !== 'tf.losses.softmaxCrossEntropy' || alternatives || call.evaluates === none) return [];
    const labels = argument(call, 'onehotLabels');
    const logits = argument(call, 'logits');
    if (labels === none || logits === none) return [];
    const scores = program.tensors.of(logits).shape;
    if (program.tensors.of(labels).shape?.rank !== 1 || scores?.rank !== 2) return [];
    return [
      {
        ...range(program, labels),
        message: t(
          'softmaxCrossEntropy takes a one-hot row for each row of logits, and this has one number a sample: TensorFlow.js refuses it.',
        ),
        fixes: oneHot(program, labels, scores.last, moduleOf(program, call)),
      },
    ];
  });
}

function oneHot(program: ScriptProgram, labels: Node, classes?: number, module?: string): Fix[] {
  if (classes === undefined || module === undefined) return [];
  const { kind } = program.tensors.of(labels);
  const indices =
    kind === 'int' ? program.syntax.source(labels) : program.edits.appendCall(labels, '.toInt()').text;
  const text = `${module}.oneHot(${indices}, ${classes})`;
  return [{ title: t('Make it one-hot'), edits: [replace(program, labels, text)] }];
}
