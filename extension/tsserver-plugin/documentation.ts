/** What is said of a loss, as Markdown without pictures: not every editor shows them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import type { SymbolInfo } from '../../engine/catalogue.ts';
import { translated } from '../../engine/words.ts';
import { signature } from '../hover/content.ts';

/** By catalogue id; the build takes it from the pages (esbuild.mjs). */
export type Summaries = Readonly<
  Record<string, { readonly title: string; readonly summary: string; readonly formula: string }>
>;

let summaries: Summaries | undefined;

export function describe([symbol, ...others]: readonly [SymbolInfo, ...SymbolInfo[]]): string {
  summaries ??= JSON.parse(readFileSync(join(__dirname, 'summaries.json'), 'utf8')) as Summaries;
  const { title, summary, formula } = summaries[symbol.loss]!;
  const notes = symbol.caveats.map((caveat) => translated(caveat));
  if (others.length > 0) {
    notes.unshift(
      t`May also be ${others.map(({ name }) => `\`${name}\``).join(t(' or '))} when the program runs.`,
    );
  }
  return [
    `**${translated(title)}** (Loss Lens)`,
    translated(summary),
    `\`${translated(formula)}\``,
    `\`${signature(symbol)}\``,
    notes.map((note) => `- ${note}`).join('\n'),
  ].join('\n\n');
}
