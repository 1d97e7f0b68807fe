/** Python's syntax tree as flat arrays: nodes are numbered in source order, so no walk needs recursion. */
import type { Tree } from '@lezer/common';
import { parser } from '@lezer/python';

const typeNames = parser.nodeSet.types.map((type) => type.name);

/** The number of a node, or `none`. */
export type Node = number;
export const none: Node = -1;

export class Syntax {
  readonly text: string;
  readonly from: number[] = [];
  readonly to: number[] = [];
  readonly parent: Node[] = [];
  readonly first: Node[] = [];
  readonly next: Node[] = [];
  readonly comments: Node[] = [];
  readonly #types: number[] = [];
  /** Names and attribute names, in source order. */
  readonly #words: Node[] = [];

  constructor(text: string, tree: Tree) {
    this.text = text;
    const cursor = tree.cursor();
    let parent: Node = none;
    let previous: Node = none;
    for (;;) {
      const node = this.#types.length;
      this.#types.push(cursor.type.id);
      this.from.push(cursor.from);
      this.to.push(cursor.to);
      this.parent.push(parent);
      this.first.push(none);
      this.next.push(none);
      if (previous !== none) this.next[previous] = node;
      else if (parent !== none) this.first[parent] = node;
      const name = typeNames[cursor.type.id];
      if (name === 'VariableName' || name === 'PropertyName') this.#words.push(node);
      else if (name === 'Comment') this.comments.push(node);
      if (cursor.firstChild()) {
        parent = node;
        previous = none;
        continue;
      }
      previous = node;
      while (!cursor.nextSibling()) {
        if (!cursor.parent()) return;
        previous = parent;
        parent = this.parent[parent]!;
      }
    }
  }

  get size(): number {
    return this.#types.length;
  }

  /** The grammar's name for the node; `''` for `none`. */
  name(node: Node): string {
    return node === none ? '' : typeNames[this.#types[node]!]!;
  }

  source(node: Node): string {
    return this.text.slice(this.from[node], this.to[node]);
  }

  /** Without comments, and without what the parser could not fit in. */
  children(node: Node): Node[] {
    const children: Node[] = [];
    if (node === none) return children;
    for (let child = this.first[node]!; child !== none; child = this.next[child]!) {
      const name = this.name(child);
      if (name !== 'Comment' && name !== '⚠') children.push(child);
    }
    return children;
  }

  child(node: Node, name: string): Node {
    if (node === none) return none;
    let child = this.first[node]!;
    while (child !== none && this.name(child) !== name) child = this.next[child]!;
    return child;
  }

  /** The attribute's name in `base.name`; `none` for a subscript, and where it is not typed yet. */
  property(member: Node): Node {
    return this.name(member) === 'MemberExpression' ? this.child(member, 'PropertyName') : none;
  }

  contains(node: Node, offset: number): boolean {
    return this.from[node]! <= offset && offset < this.to[node]!;
  }

  /** The name that the offset touches: at its start, inside, or right behind it. */
  wordAt(offset: number): Node {
    let low = 0;
    let high = this.#words.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.from[this.#words[middle]!]! <= offset) low = middle + 1;
      else high = middle;
    }
    const word = this.#words[low - 1] ?? none;
    return word !== none && offset <= this.to[word]! ? word : none;
  }

  /** The innermost node around `[start, end]`. */
  covering(start: number, end: number): Node {
    let node: Node = 0;
    for (let child = this.first[node]!; child !== none; ) {
      if (this.from[child]! <= start && end <= this.to[child]!) {
        node = child;
        child = this.first[node]!;
      } else child = this.next[child]!;
    }
    return node;
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
