/** A source text and its syntax tree, kept up to date by re-parsing only what an edit touched. */
import { type Parser, type PartialParse, type Tree, TreeFragment } from '@lezer/common';

/** Code units that are parsed: about 25 000 lines. */
const longestParse = 1_000_000;
/** Milliseconds; only deeply nested brackets, on which a parser may backtrack, come near. */
const parseBudget = 2500;

interface Parsing {
  readonly parse: PartialParse;
  /** Milliseconds. */
  spent: number;
  /** Before its end, for the time that it takes. */
  stopped: boolean;
}

export class SourceDocument {
  readonly languageId: string;
  readonly #parser: Parser;
  readonly #parseable: (text: string) => string;
  #text: string;
  /** The text as it is parsed: of the same length. */
  #parsed: string;
  #tree: Tree | undefined;
  #parsing: Parsing | undefined;
  #fragments: readonly TreeFragment[] = [];
  #complete = true;

  /** @param parseable  what the grammar can make something of, of the same length */
  constructor(text: string, languageId: string, parser: Parser, parseable: (text: string) => string) {
    this.languageId = languageId;
    this.#parser = parser;
    this.#parseable = parseable;
    this.#text = text;
    this.#parsed = parseable(text);
  }

  get text(): string {
    return this.#text;
  }

  /** Parsed on first use, or what `parse` has left of it. */
  get tree(): Tree {
    while (!this.#tree) this.parse(Number.POSITIVE_INFINITY);
    return this.#tree;
  }

  /**
   * Parses on for about so many milliseconds, so that it can be done in pieces before the tree is needed.
   * @returns whether there is nothing left to parse
   */
  parse(budget: number): boolean {
    if (this.#tree) return true;
    const parsing = this.#parsing ?? this.#start();
    const { parse } = parsing;
    const start = performance.now();
    let tree: Tree | null = null;
    for (let step = 1; !tree; step++) {
      tree = parse.advance();
      if (tree || step % 256 !== 0) continue;
      const spent = performance.now() - start;
      if (!parsing.stopped && parsing.spent + spent > parseBudget) {
        parsing.stopped = true;
        this.#complete = false;
        parse.stopAt(Math.min(parse.parsedPos, longestParse));
      } else if (spent > budget) {
        parsing.spent += spent;
        return false;
      }
    }
    this.#fragments = TreeFragment.addTree(tree, this.#fragments, !this.#complete);
    this.#tree = tree;
    this.#parsing = undefined;
    return true;
  }

  /** False when the file is so large, or so deeply nested, that only its beginning was read. */
  get complete(): boolean {
    return this.tree !== undefined && this.#complete;
  }

  /** Takes the text as it now is; what it shares with the old one at both ends is not parsed again. */
  update(text: string): void {
    if (text === this.#text) return;
    const old = this.#parsed;
    const parsed = this.#parseable(text);
    const shorter = Math.min(old.length, parsed.length);
    let start = 0;
    while (start < shorter && old.charCodeAt(start) === parsed.charCodeAt(start)) start++;
    let tail = 0;
    while (
      tail < shorter - start &&
      old.charCodeAt(old.length - 1 - tail) === parsed.charCodeAt(parsed.length - 1 - tail)
    ) {
      tail++;
    }
    this.#fragments = TreeFragment.applyChanges(this.#fragments, [
      { fromA: start, toA: old.length - tail, fromB: start, toB: parsed.length - tail },
    ]);
    this.#text = text;
    this.#parsed = parsed;
    this.#tree = undefined;
    this.#parsing = undefined;
  }

  #start(): Parsing {
    const parse = this.#parser.startParse(this.#parsed, this.#fragments);
    this.#complete = this.#text.length <= longestParse;
    if (!this.#complete) parse.stopAt(longestParse);
    this.#parsing = { parse, spent: 0, stopped: false };
    return this.#parsing;
  }
}

/**
 * The numbers of a long list: data, of which nothing is recognised, and most of what there would be to parse in a file
 * that holds any. Ten thousand numbers took 50 ms.
 */
const longList = /(?<=\[)[\d.eE+\-,\s]{256,}/g;

/** One number and blanks in place of many numbers; a comma at the end stays, since something follows it. */
export function withoutData(text: string): string {
  return text.replace(longList, (run) => {
    const end = run.trimEnd().length;
    const followed = run[end - 1] === ',';
    return `0${' '.repeat(end - 2)}${followed ? ',' : ' '}${' '.repeat(run.length - end)}`;
  });
}
