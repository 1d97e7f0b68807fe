import { t } from '@vscode/l10n';
import type { Check } from './check.ts';
import { range } from './reading.ts';

export const singleClass: Check = {
  code: 'single-class',
  severity: 'warning',
  find: (program) => {
    const seen = new Set<number>();
    return program.compiled.flatMap(({ tensor: { form, maker, shape } }) => {
      if (form !== 'softmax' || shape?.last !== 1 || !maker || seen.has(maker.node)) return [];
      seen.add(maker.node);
      const { syntax } = program;
      const quote = /^(['"`])softmax\1$/.exec(syntax.source(maker.node))?.[1];
      return [
        {
          ...range(program, maker.node),
          message: t(
            'The softmax of one number is always 1, whatever the number is: nothing is learned. One output for two classes takes a sigmoid, and a binary cross-entropy.',
          ),
          fixes:
            quote === undefined
              ? []
              : [
                  {
                    title: t('Use a sigmoid'),
                    edits: [{ ...range(program, maker.node), text: `${quote}sigmoid${quote}` }],
                  },
                ],
        },
      ];
    });
  },
};
