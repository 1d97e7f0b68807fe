/** What is said of a snippet before it is inserted; all of it is ours. No `vscode` here, so that plain tests can read it. */

import type { Snippet } from '../../engine/index.ts';
import { translated } from '../../engine/words.ts';
import type { Page } from '../pages.ts';

/** Summary and formula of the loss, what the arrays hold, and the code, as Markdown. */
export function about(snippet: Snippet, page: Pick<Page, 'summary' | 'formula'> | undefined): string {
  const parts = [
    ...(page ? [translated(page.summary), translated(page.formula.alternative)] : []),
    snippet.arrays.map((array) => `- ${array.replace(/^(\S+) (\[[^\]]*\])/, '`$1` `$2`')}`).join('\n'),
    `\`\`\`${snippet.language}\n${snippet.template.replaceAll(/[«»]/g, '')}\n\`\`\``,
  ];
  return parts.join('\n\n');
}
