/** A text and its syntax tree, wherever in a source the text stands. */
import { type Parser, type PartialParse, type Tree, TreeFragment } from '@lezer/common';

/** Code units that are parsed anew without looking at what was there before: it takes a millisecond or two. */
const short = 4000;

/** Milliseconds that parsing may take; only deeply nested brackets, on which a parser may backtrack, come near. */
export interface Allowance {
  left: number;
}

export class ParsedText {
  readonly text: string;
  readonly #parser: Parser;
  readonly #fragments: readonly TreeFragment[];
  #tree: Tree | undefined;
  #parsing: PartialParse | undefined;
  #complete = true;

  /** @param before  what this text came of by an edit: what they share at both ends is not parsed again */
  constructor(text: string, parser: Parser, before?: ParsedText) {
    this.text = text;
    this.#parser = parser;
    this.#fragments = before && text.length > short ? before.#fragmentsFor(text) : [];
  }

  /** Absent before it is parsed. */
  get tree(): Tree | undefined {
    return this.#tree;
  }

  /** False when its parsing was ended before its end. */
  get complete(): boolean {
    return this.#complete;
  }

  /**
   * Parses on for about so many milliseconds.
   * @returns whether there is nothing left to parse
   */
  parse(budget: number, allowance: Allowance): boolean {
    if (this.#tree) return true;
    this.#parsing ??= this.#parser.startParse(this.text, this.#fragments);
    const parse = this.#parsing;
    const start = performance.now();
    let tree: Tree | null = null;
    for (let step = 1; !tree; step++) {
      tree = parse.advance();
      if (tree || step % 256 !== 0) continue;
      const spent = performance.now() - start;
      if (this.#complete && spent > allowance.left) {
        this.#complete = false;
        parse.stopAt(parse.parsedPos);
      } else if (spent > budget) {
        allowance.left -= spent;
        return false;
      }
    }
    allowance.left -= performance.now() - start;
    this.#tree = tree;
    this.#parsing = undefined;
    return true;
  }

  #fragmentsFor(text: string): readonly TreeFragment[] {
    const old = this.text;
    const known = this.#tree
      ? TreeFragment.addTree(this.#tree, this.#fragments, !this.#complete)
      : this.#fragments;
    if (known.length === 0) return known;
    const start = sharedStart(old, text);
    const tail = sharedEnd(old, text, Math.min(old.length, text.length) - start);
    return TreeFragment.applyChanges(known, [
      { fromA: start, toA: old.length - tail, fromB: start, toB: text.length - tail },
    ]);
  }
}

/** Whole blocks are compared at once, which takes a twentieth of the time. */
const block = 4096;

function sharedStart(one: string, other: string): number {
  const shorter = Math.min(one.length, other.length);
  let at = 0;
  while (at + block <= shorter && one.slice(at, at + block) === other.slice(at, at + block)) at += block;
  while (at < shorter && one.charCodeAt(at) === other.charCodeAt(at)) at++;
  return at;
}

/** @param most  no more than so many */
function sharedEnd(one: string, other: string, most: number): number {
  const tail = (text: string, count: number) => text.slice(text.length - count - block, text.length - count);
  let count = 0;
  while (count + block <= most && tail(one, count) === tail(other, count)) count += block;
  while (
    count < most &&
    one.charCodeAt(one.length - 1 - count) === other.charCodeAt(other.length - 1 - count)
  ) {
    count++;
  }
  return count;
}
