/** Comments that silence checks: `# loss-lens: ignore` and `# loss-lens: ignore[code, code]`, and with `//` in JavaScript. */
import type { SyntaxTree } from '../recognise/tree.ts';

const comment = /^(?:#|\/\/|\/\*).*\bloss-lens:\s*ignore\b(?:\s*\[([^\]]*)\])?/;

export class Ignored {
  readonly #text: string;
  /** By the offset at which a line starts: the codes, or all. */
  readonly #lines = new Map<number, ReadonlySet<string> | 'all'>();

  constructor(syntax: SyntaxTree) {
    this.#text = syntax.text;
    for (const node of syntax.comments) {
      const found = comment.exec(syntax.source(node));
      if (!found) continue;
      const codes = found[1] === undefined ? 'all' : new Set(found[1].split(',').map((code) => code.trim()));
      const from = syntax.from[node]!;
      const start = this.#lineStart(from);
      this.#lines.set(start, codes);
      // Alone on its line it is about the next.
      if (this.#text.slice(start, from).trim() === '') this.#lines.set(this.#nextLine(from), codes);
    }
  }

  /** Whether a comment on the line where this starts or ends, or alone on the line before, names the code or none. */
  silences(code: string, start: number, end: number): boolean {
    return [start, end].some((offset) => {
      const codes = this.#lines.get(this.#lineStart(offset));
      return codes === 'all' || codes?.has(code) === true;
    });
  }

  #lineStart(offset: number): number {
    return this.#text.lastIndexOf('\n', offset - 1) + 1;
  }

  #nextLine(offset: number): number {
    const end = this.#text.indexOf('\n', offset);
    return end < 0 ? this.#text.length : end + 1;
  }
}
