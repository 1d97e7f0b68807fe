/** What a snippet is, and the two texts that are made of it. */

/** By what a file imports: `optax` stands for JAX with Optax, `numpy` for plain NumPy. */
export type SnippetFramework = 'torch' | 'keras' | 'optax' | 'numpy' | 'tfjs';

/** A name that the code takes from a module, and the line that brings it. */
export interface SnippetImport {
  readonly name: string;
  /** What the name stands for: `torch.nn`. */
  readonly path: string;
  readonly line: string;
}

export interface Snippet {
  readonly framework: SnippetFramework;
  readonly language: 'python' | 'typescript';
  /** Catalogue id. */
  readonly loss: string;
  /** The framework's symbol that it calls; absent where the loss is written out. */
  readonly symbol?: string;
  readonly imports: readonly SnippetImport[];
  /** Code with what the user fills in between `«` and `»`. */
  readonly template: string;
  /** What each array holds, one line an array: `logits [N, K]: raw scores, no softmax before`. */
  readonly arrays: readonly string[];
}

const hole = /«([^»]*)»/g;

/** The code alone. */
export const plainText = ({ template }: Pick<Snippet, 'template'>): string => template.replace(hole, '$1');

/** The code in the snippet syntax of VS Code: one tab stop for each different hole, in order, and the last behind it all. */
export function snippetText({ template }: Pick<Snippet, 'template'>): string {
  const stops = new Map<string, number>();
  const escaped = (text: string): string => text.replace(/[\\$}]/g, '\\$&');
  let end = 0;
  let result = '';
  for (const match of template.matchAll(hole)) {
    const content = match[1]!;
    const first = !stops.has(content);
    if (first) stops.set(content, stops.size + 1);
    const stop = stops.get(content)!;
    result += escaped(template.slice(end, match.index));
    result += first ? `\${${stop}:${escaped(content)}}` : `$${stop}`;
    end = match.index + match[0].length;
  }
  return `${result}${escaped(template.slice(end))}$0`;
}

/** The code with some of its holes filled otherwise. */
export const filled = (
  { template }: Pick<Snippet, 'template'>,
  values: Readonly<Record<string, string>>,
): string => template.replace(hole, (_, content: string) => values[content] ?? content);
