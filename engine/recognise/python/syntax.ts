/** Python's syntax tree. */
import { parser } from '@lezer/python';
import type { SourceDocument } from '../document.ts';
import { type Node, none, SyntaxTree } from '../tree.ts';

export { type Node, none } from '../tree.ts';

const grammar = {
  names: parser.nodeSet.types.map((type) => type.name),
  words: new Set(['VariableName', 'PropertyName']),
  comments: new Set(['Comment']),
};

export class Syntax extends SyntaxTree {
  constructor(document: SourceDocument) {
    super(document, grammar);
  }

  /** The attribute's name in `base.name`; `none` for a subscript, and where it is not typed yet. */
  property(member: Node): Node {
    return this.name(member) === 'MemberExpression' ? this.child(member, 'PropertyName') : none;
  }
}

export interface Argument {
  /** `*` and `**` for unpacked ones; absent when positional. */
  readonly keyword?: string;
  readonly value: Node;
}

/** The arguments of a `CallExpression` or a `ClassDefinition`. */
export function argumentsOf(syntax: Syntax, node: Node): Argument[] {
  const found: Argument[] = [];
  const children = syntax.children(syntax.child(node, 'ArgList'));
  for (let i = 0; i < children.length; i++) {
    const child = children[i]!;
    const name = syntax.name(child);
    if (name === '*' || name === '**') {
      const value = children[++i];
      if (value !== undefined) found.push({ keyword: name, value });
    } else if (name === 'VariableName' && syntax.name(children[i + 1] ?? none) === 'AssignOp') {
      const keyword = syntax.source(child);
      const value = children[i + 2] ?? none;
      if (isExpression(syntax, value)) found.push({ keyword, value });
      i += 2;
    } else if (isExpression(syntax, child)) found.push({ value: child });
    else if (name === 'for' || name === 'async') break;
  }
  return found;
}

/** Tokens and error nodes are named by what they look like; expressions by a capitalised word. */
export function isExpression(syntax: Syntax, node: Node): boolean {
  const name = syntax.name(node);
  return /^[A-Z]/.test(name) ? !/^(AssignOp|TypeDef|Body)$/.test(name) : name === 'None' || name === '...';
}

/** What parentheses hold. */
export function unwrap(syntax: Syntax, node: Node): Node {
  let inner = node;
  while (syntax.name(inner) === 'ParenthesizedExpression') {
    const child = syntax.children(inner).find((candidate) => isExpression(syntax, candidate));
    if (child === undefined) break;
    inner = child;
  }
  return inner;
}
