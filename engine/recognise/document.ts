/**
 * A source text in parts that are parsed each on its own, and only when something is asked of them. After an edit, a part
 * whose text is what it was keeps its tree.
 */
import type { Parser, Tree } from '@lezer/common';
import type { Steps } from '../steps.ts';
import { type Allowance, ParsedText } from './parsed-text.ts';

/** Code units that are read: about 25 000 lines. */
const longest = 1_000_000;
/** Milliseconds. */
const parseBudget = 2500;
const step = 0.5;

/** Where a part begins. It goes on to the next one. */
export interface Stretch {
  readonly start: number;
  /** The only name that it can bind in the module around it; absent where it may bind any. */
  readonly defines?: string | undefined;
}

interface Part extends Stretch {
  readonly parsed: ParsedText;
}

/** What a language needs to be read. */
export interface Reading {
  readonly parser: Parser;
  /** What the grammar can make something of, of the same length. */
  parseable(text: string): string;
  /** The first part begins at 0. */
  parts(text: string): readonly Stretch[];
}

export class SourceDocument {
  readonly languageId: string;
  readonly #reading: Reading;
  #text: string;
  #parts: readonly Part[];
  #allowance: Allowance = { left: parseBudget };
  /** Those before are parsed. */
  #parsedTo = 0;
  #version = 0;

  constructor(text: string, languageId: string, reading: Reading) {
    this.languageId = languageId;
    this.#reading = reading;
    this.#text = text;
    this.#parts = this.#divided(text, []);
  }

  get text(): string {
    return this.#text;
  }

  /** Another one after everything that may change what is recognised. */
  get version(): string {
    return String(this.#version);
  }

  protected changed(): void {
    this.#version++;
  }

  get parts(): readonly Stretch[] {
    return this.#parts;
  }

  /** The index of the part that the offset is in; of the last one behind them all. */
  partAt(offset: number): number {
    let low = 0;
    let high = this.#parts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#parts[middle]!.start <= offset) low = middle + 1;
      else high = middle;
    }
    return Math.max(low - 1, 0);
  }

  isParsed(part: number): boolean {
    return this.#parts[part]!.parsed.tree !== undefined;
  }

  /** Of a part; its offsets begin at the part's start. Parsed on first use, or what `parse` has left of it. */
  tree(part: number): Tree {
    const { parsed } = this.#parts[part]!;
    while (!parsed.tree) parsed.parse(Number.POSITIVE_INFINITY, this.#allowance);
    return parsed.tree;
  }

  /**
   * Parses on for about so many milliseconds, so that it can be done in pieces before the trees are needed.
   * @returns whether there is nothing left to parse
   */
  parse(budget: number): boolean {
    const end = performance.now() + budget;
    for (; this.#parsedTo < this.#parts.length; this.#parsedTo++) {
      const { parsed } = this.#parts[this.#parsedTo]!;
      if (!parsed.tree && !parsed.parse(end - performance.now(), this.#allowance)) return false;
      if (performance.now() > end) return ++this.#parsedTo === this.#parts.length;
    }
    return true;
  }

  /** `parse`, left again and again. */
  *parsing(): Steps {
    while (!this.parse(step)) yield;
  }

  /** False when the file is so large, or so deeply nested, that not all of it was read. */
  get complete(): boolean {
    this.parse(Number.POSITIVE_INFINITY);
    return this.#text.length <= longest && this.#parts.every(({ parsed }) => parsed.complete);
  }

  /** Takes the text as it now is. */
  update(text: string): void {
    if (text === this.#text) return;
    this.#parts = this.#divided(text, this.#parts);
    this.#text = text;
    this.#allowance = { left: parseBudget };
    this.#parsedTo = 0;
    this.changed();
  }

  #divided(text: string, before: readonly Part[]): readonly Part[] {
    const { parser } = this.#reading;
    const parsed = this.#reading.parseable(text.length > longest ? text.slice(0, longest) : text);
    const stretches = this.#reading.parts(parsed);
    const texts = stretches.map(({ start }, i) => parsed.slice(start, stretches[i + 1]?.start));
    const kept = new Set(texts);
    const known = new Map(before.map((part) => [part.parsed.text, part.parsed]));
    const gone = before.filter((part) => !kept.has(part.parsed.text)).values();
    return stretches.map((stretch, i): Part => {
      const own = texts[i]!;
      return { ...stretch, parsed: known.get(own) ?? new ParsedText(own, parser, gone.next().value?.parsed) };
    });
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
    // Blanks, or one digit before them.
    if (end < 2) return run;
    const followed = run[end - 1] === ',';
    return `0${' '.repeat(end - 2)}${followed ? ',' : ' '}${' '.repeat(run.length - end)}`;
  });
}
