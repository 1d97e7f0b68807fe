/** What the code of a cell calls the arrays that it prints, where it surely says so. */
import { PythonCells } from '../recognise/python/cells.ts';
import { argumentsOf, isExpression, type Node, Syntax, unwrap } from '../recognise/python/syntax.ts';

/** Methods and attributes that show the same numbers. */
const sameNumbers =
  /\.(?:detach|cpu|cuda|numpy|tolist|clone|data|values|to_numpy|contiguous|block_until_ready)(?:\(\))?$/;
const longestCode = 50_000;

/** What is printed: its name (`y_hat`, `batch["x"]`) where it is one, or a string that is printed as it is. */
export interface Printed {
  readonly name?: string;
  readonly literal?: string;
}

/** The value of the cell, which the notebook shows: one, or those of a tuple. */
export function valuesOf(code: string): Printed[] | undefined {
  return read(code, (syntax, statements) => {
    const last = statements.at(-1);
    if (last === undefined || syntax.name(last) !== 'ExpressionStatement') return undefined;
    const value = unwrap(syntax, syntax.children(last)[0]!);
    if (syntax.name(value) === 'TupleExpression' || syntax.children(last).length > 1) {
      const tuple = syntax.name(value) === 'TupleExpression' ? value : last;
      return syntax
        .children(tuple)
        .filter((child) => isExpression(syntax, child))
        .map((child) => printed(syntax, child));
    }
    return [printed(syntax, value)];
  });
}

/** The arguments of all calls of `print`, when each of them surely runs once. */
export function printsOf(code: string): Printed[] | undefined {
  return read(code, (syntax, statements) => {
    const found: Printed[] = [];
    const seen = new Set<Node>();
    for (const statement of statements) {
      const call = syntax.name(statement) === 'ExpressionStatement' ? syntax.children(statement)[0]! : -1;
      if (!isPrint(syntax, call)) continue;
      seen.add(call);
      for (const { keyword, value } of argumentsOf(syntax, call)) {
        if (keyword === 'file' || keyword?.startsWith('*')) return undefined;
        if (keyword === undefined) found.push(printed(syntax, value));
      }
    }
    // One in a loop, a branch or a function prints any number of times.
    for (let node = 0; node < syntax.size; node++)
      if (isPrint(syntax, node) && !seen.has(node)) return undefined;
    return found;
  });
}

function read<T>(
  code: string,
  take: (syntax: Syntax, statements: readonly Node[]) => T | undefined,
): T | undefined {
  if (code.length > longestCode) return undefined;
  const { document } = new PythonCells([code]);
  const syntax = new Syntax(document);
  for (const part of document.parts.keys()) syntax.open(part);
  return take(syntax, syntax.children(0));
}

function isPrint(syntax: Syntax, node: Node): boolean {
  if (node < 0 || syntax.name(node) !== 'CallExpression') return false;
  const callee = syntax.children(node)[0]!;
  return syntax.name(callee) === 'VariableName' && syntax.source(callee) === 'print';
}

function printed(syntax: Syntax, expression: Node): Printed {
  const source = syntax.source(expression);
  if (syntax.name(expression) === 'String') {
    const literal = /^(['"])((?:(?!\1)[^\\\n])*)\1$/.exec(source.replaceAll(/\\[nt]/g, ' '))?.[2];
    return literal === undefined ? {} : { literal };
  }
  let name = source;
  for (let shorter = name.replace(sameNumbers, ''); shorter !== name; shorter = name.replace(sameNumbers, ''))
    name = shorter;
  return /^[A-Za-z_][\w.]*(?:\[[\w\s:,.'"-]+\])*$/.test(name) && name.length <= 60 ? { name } : {};
}
