/** A syntax tree as flat arrays: parents are numbered before what is in them, so no walk needs recursion. */
import type { Tree } from '@lezer/common';
import { finish, type Steps } from '../steps.ts';
import type { SourceDocument } from './document.ts';

/** The number of a node, or `none`. */
export type Node = number;
export const none: Node = -1;

/** Of a walk through all nodes. */
export const nodesInStep = 128;

export interface Grammar {
  /** Of the node types, by their numbers. */
  readonly names: readonly string[];
  /** The types that a name in the source has: of a variable, of an attribute. */
  readonly words: ReadonlySet<string>;
  readonly comments: ReadonlySet<string>;
}

/** The nodes of one part of the source: those from `first` up to `end`. */
export interface NodeRange {
  readonly first: Node;
  readonly end: Node;
}

/** Parts of the source are read when they are opened; the nodes of each are numbered from where the last one has ended. */
export class SyntaxTree {
  readonly text: string;
  from = new Int32Array(1024);
  to = new Int32Array(1024);
  parent = new Int32Array(1024);
  first = new Int32Array(1024);
  /** Of a statement of the module: the next one that was opened. */
  next = new Int32Array(1024);
  readonly comments: Node[] = [];
  readonly #document: SourceDocument;
  readonly #grammar: Grammar;
  #types = new Int32Array(1024);
  #size = 0;
  readonly #parts: (NodeRange | undefined)[] = [];
  /** Of each part, in source order. */
  readonly #words: Node[][] = [];
  /** The last child of the root. */
  #last: Node = none;

  constructor(document: SourceDocument, grammar: Grammar) {
    this.text = document.text;
    this.#document = document;
    this.#grammar = grammar;
    this.#add(grammar.names.indexOf('Script'), 0, this.text.length, none);
  }

  /** Reads a part of the source, if that is not done yet. */
  open(part: number): NodeRange {
    return this.#parts[part] ?? finish(this.opening(part));
  }

  /** `open` in steps, between which nothing else is opened. */
  *opening(part: number): Steps<NodeRange> {
    const known = this.#parts[part];
    if (known) return known;
    const first = this.size;
    const words: Node[] = [];
    yield* this.#flatten(this.#document.tree(part), this.#document.parts[part]!.start, words);
    const range = { first, end: this.size };
    this.#words[part] = words;
    this.#parts[part] = range;
    return range;
  }

  #add(type: number, from: number, to: number, parent: Node): Node {
    const node = this.#size++;
    if (node === this.from.length) this.#grow();
    this.from[node] = from;
    this.to[node] = to;
    this.parent[node] = parent;
    this.first[node] = none;
    this.next[node] = none;
    this.#types[node] = type;
    return node;
  }

  #grow(): void {
    const twice = (values: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const larger = new Int32Array(2 * values.length);
      larger.set(values);
      return larger;
    };
    this.from = twice(this.from);
    this.to = twice(this.to);
    this.parent = twice(this.parent);
    this.first = twice(this.first);
    this.next = twice(this.next);
    this.#types = twice(this.#types);
  }

  *#flatten(tree: Tree, start: number, into: Node[]): Steps {
    const { names, words, comments } = this.#grammar;
    const cursor = tree.cursor();
    if (!cursor.firstChild()) return;
    let parent: Node = 0;
    let previous: Node = this.#last;
    for (;;) {
      const node = this.#add(cursor.type.id, start + cursor.from, start + cursor.to, parent);
      if (node % nodesInStep === 0) yield;
      if (previous !== none) this.next[previous] = node;
      else this.first[parent] = node;
      if (parent === 0) this.#last = node;
      const name = names[cursor.type.id]!;
      if (words.has(name)) into.push(node);
      else if (comments.has(name)) this.comments.push(node);
      if (cursor.firstChild()) {
        parent = node;
        previous = none;
        continue;
      }
      previous = node;
      while (!cursor.nextSibling()) {
        cursor.parent();
        if (parent === 0) return;
        previous = parent;
        parent = this.parent[parent]!;
      }
    }
  }

  get size(): number {
    return this.#size;
  }

  /** The grammar's name for the node; `''` for `none`. */
  name(node: Node): string {
    return node === none ? '' : this.#grammar.names[this.#types[node]!]!;
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
      if (name !== '⚠' && !this.#grammar.comments.has(name)) children.push(child);
    }
    return children;
  }

  child(node: Node, name: string): Node {
    if (node === none) return none;
    let child = this.first[node]!;
    while (child !== none && this.name(child) !== name) child = this.next[child]!;
    return child;
  }

  /** Whether the walk from `start` on, node by node, is still in that node when it comes to this one. */
  isStillIn(start: Node, node: Node): boolean {
    return node === start || (node < this.size && this.parent[node]! >= start);
  }

  contains(node: Node, offset: number): boolean {
    return this.from[node]! <= offset && offset < this.to[node]!;
  }

  /** The name that the offset touches: at its start, inside, or right behind it. */
  wordAt(offset: number): Node {
    const part = this.#document.partAt(offset);
    this.open(part);
    const words = this.#words[part]!;
    let low = 0;
    let high = words.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.from[words[middle]!]! <= offset) low = middle + 1;
      else high = middle;
    }
    const word = words[low - 1] ?? none;
    return word !== none && offset <= this.to[word]! ? word : none;
  }

  /** The first node of a part that begins at `offset` or behind it; `range.end` where none does. */
  firstFrom(offset: number, { first, end }: NodeRange): Node {
    let low = first;
    let high = end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.from[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The innermost node around `[start, end]`. */
  covering(start: number, end: number): Node {
    const part = this.#document.partAt(start);
    if (end > start && this.#document.partAt(end - 1) !== part) return 0;
    const range = this.open(part);
    let node: Node = 0;
    let child = range.first < range.end ? range.first : none;
    while (child !== none && child < range.end) {
      if (this.from[child]! <= start && end <= this.to[child]!) {
        node = child;
        child = this.first[node]!;
      } else child = this.next[child]!;
    }
    return node;
  }

  /**
   * Where the line of the offset begins and ends, together with what reaches over its ends: its nodes up to the first
   * that is compound.
   */
  statementsAt(offset: number, compound: RegExp): [start: number, end: number] {
    const { text } = this;
    let start = text.lastIndexOf('\n', offset - 1) + 1;
    const nextLine = text.indexOf('\n', offset);
    let end = nextLine < 0 ? text.length : nextLine;
    const firstWord = start + text.slice(start, end).search(/\S|$/);
    for (const place of [firstWord, offset, end]) {
      let node = this.covering(place, place);
      for (; node > 0 && !compound.test(this.name(node)); node = this.parent[node]!) {
        start = Math.min(start, this.from[node]!);
        end = Math.max(end, this.to[node]!);
      }
    }
    return [start, end];
  }
}
