/** The page of a symbol that is explained and has no loss of the catalogue to open. */
import type { ExplainedSymbol } from '../../engine/catalogue.ts';
import { lastName, notesOn, signature } from './content.ts';

export function explainedPage(symbol: ExplainedSymbol): string {
  const { name, summary, formula } = symbol;
  return [
    `# ${lastName(name)}`,
    summary,
    ...(formula ? [`$$\n${formula.tex}\n$$`, `> ${formula.alternative}`] : []),
    `\`\`\`python\n${signature(symbol)}\n\`\`\``,
    notesOn(symbol)
      .map((note) => `- ${note}`)
      .join('\n'),
  ].join('\n\n');
}
