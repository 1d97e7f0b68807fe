/** A syntax tree as flat arrays: nodes are numbered in source order, so no walk needs recursion. */
import type { Tree } from '@lezer/common';

/** The number of a node, or `none`. */
export type Node = number;
export const none: Node = -1;

export interface Grammar {
  /** Of the node types, by their numbers. */
  readonly names: readonly string[];
  /** The types that a name in the source has: of a variable, of an attribute. */
  readonly words: ReadonlySet<string>;
  readonly comments: ReadonlySet<string>;
}

export class SyntaxTree {
  readonly text: string;
  readonly from: number[] = [];
  readonly to: number[] = [];
  readonly parent: Node[] = [];
  readonly first: Node[] = [];
  readonly next: Node[] = [];
  readonly comments: Node[] = [];
  readonly #names: readonly string[];
  readonly #commentTypes: ReadonlySet<string>;
  readonly #types: number[] = [];
  /** In source order. */
  readonly #words: Node[] = [];

  constructor(text: string, tree: Tree, { names, words, comments }: Grammar) {
    this.text = text;
    this.#names = names;
    this.#commentTypes = comments;
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
      const name = names[cursor.type.id]!;
      if (words.has(name)) this.#words.push(node);
      else if (comments.has(name)) this.comments.push(node);
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
    return node === none ? '' : this.#names[this.#types[node]!]!;
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
      if (name !== '⚠' && !this.#commentTypes.has(name)) children.push(child);
    }
    return children;
  }

  child(node: Node, name: string): Node {
    if (node === none) return none;
    let child = this.first[node]!;
    while (child !== none && this.name(child) !== name) child = this.next[child]!;
    return child;
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
