import { t } from '@vscode/l10n';
import { reductions } from '../recognise/script/modules.ts';
import { argumentsOf, type Node, none } from '../recognise/script/syntax.ts';
import type { Check } from './check.ts';
import type { Problem } from './finding.ts';
import type { NamedCall } from './program.ts';
import { range, replace, shortName } from './reading.ts';
import { moduleOf } from './script/edits.ts';
import type { ScriptProgram } from './script/program.ts';

/** What each does as a weight. */
const consequences: Readonly<Record<string, () => string>> = {
  NONE: () => t('This passes as a weight that is 0, and the loss is NaN.'),
  MEAN: () => t('This passes as a weight that is 1, which changes nothing.'),
  SUM: () => t('This passes as a weight that is 2, and the loss is doubled.'),
  SUM_BY_NONZERO_WEIGHTS: () => t('This passes as a weight that is 3, and the loss is tripled.'),
};

/** TensorFlow.js: `Reduction` is an enumeration of numbers, so that it passes for any of them. */
export const misplacedReduction: Check<ScriptProgram> = {
  code: 'misplaced-reduction',
  severity: 'warning',
  find: (program) =>
    program.calls.flatMap((call): Problem[] => {
      const { named, evaluates } = call;
      const { symbol, alternatives } = named.reported;
      const takes = named.info.callArguments;
      const place = takes.findIndex(({ name }) => name === 'reduction');
      if (!symbol.startsWith('tf.losses.') || alternatives || evaluates === none || place < 0) return [];
      const { syntax } = program;
      const given = argumentsOf(syntax, evaluates);
      if (given.some(({ spread }) => spread)) return [];
      const name = shortName(call);
      return given.flatMap(({ value }, index): Problem[] => {
        const member = /^tf\.Reduction\.(\w+)$/.exec(program.path(value) ?? '')?.[1];
        const argument = takes[index]?.name;
        if (index === place || argument === undefined || !member || !Object.hasOwn(consequences, member)) {
          return index === place ? written(program, call, value) : [];
        }
        const number = reductions.indexOf(member as (typeof reductions)[number]);
        const passes =
          argument === 'weights' ? consequences[member]!() : t`This passes for the number ${number}.`;
        const last = index === given.length - 1 && index < place;
        const before = 'undefined, '.repeat(place - index);
        return [
          {
            ...range(program, value),
            message: `${t`${name} takes ${argument} here, and the reduction as its argument ${place + 1}.`} ${passes}`,
            fixes: last
              ? [
                  {
                    title: t('Move it to the reduction'),
                    edits: [replace(program, value, before + syntax.source(value))],
                  },
                ]
              : [],
          },
        ];
      });
    }),
};

/** A string where the enumeration belongs: `'mean'`. */
function written(program: ScriptProgram, call: NamedCall, value: Node): Problem[] {
  const { syntax } = program;
  const text = syntax.name(value) === 'String' ? syntax.word(value) : undefined;
  if (text === undefined) return [];
  const member = reductions.find((one) => one === text.toUpperCase());
  const module = moduleOf(program, call);
  const meant = module && member ? `${module}.Reduction.${member}` : undefined;
  return [
    {
      ...range(program, value),
      message: t`${shortName(call)} takes a member of tf.Reduction; TensorFlow.js refuses the string.`,
      fixes: meant ? [{ title: t`Use ${meant}`, edits: [replace(program, value, meant)] }] : [],
    },
  ];
}
