/** The parts of a loss's page that are shown on their own. */

export interface PageParts {
  readonly title: string;
  readonly summary: string;
  readonly tex: string;
  readonly alternative: string;
}

/**
 * A page opens with `# Title`, a paragraph of summary, and its formula between `$$`, followed by a blockquote
 * that says the formula in words.
 * @param name what to call the page in an error
 * @throws Error that names the part that is missing
 */
export function readPage(name: string, markdown: string): PageParts {
  const part = (what: string, pattern: RegExp) => {
    const found = pattern.exec(markdown)?.[1];
    if (found === undefined) throw new Error(`${name} has no ${what}`);
    return found;
  };
  return {
    title: part('title (`# Title`)', /^# (.+)$/m).trim(),
    summary: unwrap(part('summary (a paragraph under the title)', /^# .+\n+((?:[^\n#>$].*\n)+)/m)),
    tex: part('formula between $$', /\$\$([\s\S]+?)\$\$/).trim(),
    alternative: unwrap(
      part(
        'formula in words (a blockquote after the formula)',
        /\$\$[\s\S]+?\$\$\s*\n((?:>.*\n?)+)/,
      ).replaceAll(/^> ?/gm, ''),
    ),
  };
}

function unwrap(lines: string): string {
  return lines.replaceAll(/\s+/g, ' ').trim();
}
