/** A Python source and its syntax tree, kept up to date by re-parsing only what an edit touched. */
import { type Tree, TreeFragment } from '@lezer/common';
import { parser } from '@lezer/python';

/** Code units that are parsed: about 25 000 lines. */
const longestParse = 1_000_000;
/** Milliseconds; only deeply nested brackets, on which any parser of Python may backtrack, come near. */
const parseBudget = 2500;

/** A float without digits behind its point, which the grammar does not know: `1.`, `1.e-3`. */
const bareFloat =
  /(?<![\w.\u0080-\uffff])(?<digits>\d[\d_]*)\.(?=[eE][+-]?\d|[jJ]\b|(?![\w.\u0080-\uffff]))/g;

export class PythonDocument {
  #text: string;
  /** The text as it is parsed: of the same length, see `parseable`. */
  #parsed: string;
  #tree: Tree | undefined;
  #fragments: readonly TreeFragment[] = [];
  #complete = true;

  constructor(text: string) {
    this.#text = text;
    this.#parsed = parseable(text);
  }

  get text(): string {
    return this.#text;
  }

  /** Parsed on first use. */
  get tree(): Tree {
    this.#tree ??= this.#parse();
    return this.#tree;
  }

  /** False when the file is so large, or so deeply nested, that only its beginning was read. */
  get complete(): boolean {
    return this.tree !== undefined && this.#complete;
  }

  /** Takes the text as it now is; what it shares with the old one at both ends is not parsed again. */
  update(text: string): void {
    if (text === this.#text) return;
    const old = this.#parsed;
    const parsed = parseable(text);
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
  }

  #parse(): Tree {
    const parse = parser.startParse(this.#parsed, this.#fragments);
    this.#complete = this.#text.length <= longestParse;
    if (!this.#complete) parse.stopAt(longestParse);
    const deadline = performance.now() + parseBudget;
    let late = false;
    let tree: Tree | null = null;
    for (let step = 1; !tree; step++) {
      tree = parse.advance();
      if (!late && step % 256 === 0 && performance.now() > deadline) {
        late = true;
        this.#complete = false;
        parse.stopAt(Math.min(parse.parsedPos, longestParse));
      }
    }
    this.#fragments = TreeFragment.addTree(tree, this.#fragments, !this.#complete);
    return tree;
  }
}

function withoutBareFloats(text: string): string {
  return text.replace(bareFloat, '$<digits>0');
}

/**
 * The numbers of a long list: data, of which nothing is recognised, and most of what there would be to parse in a file
 * that holds any. Ten thousand numbers took 50 ms.
 */
const longList = /(?<=\[)[\d.eE+\-,\s]{256,}/g;

/** One number and blanks in place of many numbers; a comma at the end stays, since something follows it. */
function withoutData(text: string): string {
  return text.replace(longList, (run) => {
    const end = run.trimEnd().length;
    const followed = run[end - 1] === ',';
    return `0${' '.repeat(end - 2)}${followed ? ',' : ' '}${' '.repeat(run.length - end)}`;
  });
}

/** The text as the parser gets it: of the same length, so that every place is where it was. */
const parseable = (text: string): string => withoutBareFloats(withoutData(text));
