/** What an import statement of Python brings in. */
import { pathIn } from './modules.ts';
import { type Node, none, type Syntax } from './syntax.ts';

export interface Import {
  /** With its leading dots; absent in `import a.b`. */
  readonly module: string | undefined;
  /** `from module import *` */
  readonly star: boolean;
  readonly names: readonly ImportedName[];
  /** Words that name something elsewhere, and read nothing here. */
  readonly notRead: readonly Node[];
}

export interface ImportedName {
  /** The first word of the imported name, and the word that is bound: the alias, if there is one. */
  readonly original: Node;
  readonly word: Node;
  /** Of what is imported; undefined while it is not typed yet. */
  readonly path: string | undefined;
  /** Of what the name is bound to: `import a.b` binds `a`. */
  readonly bound: string | undefined;
}

export function importOf(syntax: Syntax, statement: Node): Import {
  const tokens = syntax.children(statement);
  const notRead: Node[] = [];
  const names: ImportedName[] = [];
  let i = 1;
  const dotted = (): Node[] => {
    const words: Node[] = [];
    while (syntax.name(tokens[i] ?? none) === 'VariableName') {
      words.push(tokens[i]!);
      notRead.push(tokens[i]!);
      i++;
      if (syntax.name(tokens[i] ?? none) !== '.') break;
      i++;
    }
    return words;
  };
  const join = (words: readonly Node[]) => words.map((word) => syntax.source(word)).join('.');
  let module: string | undefined;
  let star = false;
  const from = syntax.name(tokens[0] ?? none) === 'from';
  if (from) {
    let dots = '';
    while (i < tokens.length && !['VariableName', 'import'].includes(syntax.name(tokens[i]!))) {
      dots += syntax.source(tokens[i++]!);
    }
    module = `${dots}${join(dotted())}`;
    while (i < tokens.length && syntax.name(tokens[i]!) !== 'import') i++;
    i++;
  }
  while (i < tokens.length) {
    const token = tokens[i]!;
    if (syntax.name(token) !== 'VariableName') {
      if (from && syntax.name(token) === '*') star = true;
      i++;
      continue;
    }
    const words = dotted();
    let alias = none;
    if (syntax.name(tokens[i] ?? none) === 'as') {
      alias = tokens[i + 1] ?? none;
      i += 2;
    }
    const name = join(words);
    const path = from ? module && pathIn(module, name) : name;
    const bound = from || alias !== none ? path : syntax.source(words[0]!);
    names.push({ original: words[0]!, word: alias === none ? words[0]! : alias, path, bound });
  }
  return { module, star, names, notRead };
}
