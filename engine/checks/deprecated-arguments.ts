import { t } from '@vscode/l10n';
import { constant } from '../recognise/python/literals.ts';
import { none } from '../recognise/python/syntax.ts';
import type { Check } from './check.ts';
import type { Edit } from './finding.ts';
import { removeItem } from './python/edits.ts';
import type { PythonProgram } from './python/program.ts';
import { keywordArgument, optionCalls } from './python/reading.ts';
import { replace, shortName } from './reading.ts';

const deprecated = ['size_average', 'reduce'] as const;

/** torch: `size_average` and `reduce`, which `reduction` has replaced. */
export const deprecatedArguments: Check<PythonProgram> = {
  code: 'deprecated-arguments',
  severity: 'information',
  find: (program) =>
    program.calls.flatMap((call) => {
      const { symbol, kind } = call.named.reported;
      if (kind === 'instance' || !symbol.startsWith('torch.')) return [];
      const made = optionCalls(call).at(-1) ?? none;
      if (made === none) return [];
      const given = deprecated.map((name) => keywordArgument(program, made, name));
      const [first, second] = given.filter((argument) => argument !== undefined);
      if (!first) return [];
      const [average, reduce] = given.map((argument) => {
        return argument === undefined ? true : constant(program.values, argument.value);
      });
      // None is "not given", which counts as True.
      const truth = (value: unknown) =>
        value === null ? true : typeof value === 'boolean' ? value : undefined;
      const [averages, reduces] = [truth(average), truth(reduce)];
      const known = averages !== undefined && reduces !== undefined;
      const reduction = !known ? undefined : !reduces ? 'none' : averages ? 'mean' : 'sum';
      const edits: (Edit | undefined)[] = [];
      if (reduction) {
        const text = `reduction='${reduction}'`;
        const written = keywordArgument(program, made, 'reduction');
        if (written) {
          edits.push(
            replace(program, written.value, `'${reduction}'`),
            removeItem(program, first.word, first.value),
          );
        } else {
          edits.push({ start: program.syntax.from[first.word]!, end: program.syntax.to[first.value]!, text });
        }
        if (second) edits.push(removeItem(program, second.word, second.value));
      }
      const complete = edits.length > 0 && edits.every((edit) => edit !== undefined);
      const last = second ?? first;
      const names = given.flatMap((argument, i) => (argument ? [deprecated[i]!] : []));
      const loss = shortName(call);
      const overruled = second
        ? t`${names[0]!} and ${names[1]!} of ${loss} are deprecated, and overrule reduction.`
        : t`${names[0]!} of ${loss} is deprecated, and overrules reduction.`;
      return [
        {
          start: Math.min(program.syntax.from[first.word]!, program.syntax.from[last.word]!),
          end: Math.max(program.syntax.to[first.value]!, program.syntax.to[last.value]!),
          message: reduction ? `${overruled} ${t`This is reduction='${reduction}'.`}` : overruled,
          fixes: complete
            ? [
                {
                  title: t`Pass ${`reduction='${reduction}'`}`,
                  edits: (edits as Edit[]).sort((left, right) => left.start - right.start),
                },
              ]
            : [],
        },
      ];
    }),
};
