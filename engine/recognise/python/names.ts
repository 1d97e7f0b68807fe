/** What a source says under a name: in one scope, or all through its parts, which are read when the name is asked for. */
import type { PythonDocument } from './document.ts';

export interface Names<T> {
  add(name: string, item: T): void;
  /** In source order. */
  get(name: string): readonly T[] | undefined;
}

export class OwnNames<T> implements Names<T> {
  readonly #lists = new Map<string, T[]>();

  add(name: string, item: T): void {
    const list = this.#lists.get(name);
    if (list) list.push(item);
    else this.#lists.set(name, [item]);
  }

  get(name: string): readonly T[] | undefined {
    return this.#lists.get(name);
  }
}

/** The parts of a source as they are opened. */
export interface Opening {
  readonly document: PythonDocument;
  /** Which part is being read. */
  readonly part: number;
  /** Whether every part has been opened. */
  readonly whole: boolean;
  open(part: number): void;
}

export class NamesInParts<T> implements Names<T> {
  readonly #opening: Opening;
  readonly #mentions: (text: string, name: string) => Iterable<number>;
  readonly #admits: (part: number, name: string) => boolean;
  readonly #ofPart = new Map<number, OwnNames<T>>();
  /** By name: the parts that have it, in the order in which they were read. */
  readonly #partsWith = new Map<string, Set<number>>();
  readonly #known = new Map<string, readonly T[] | undefined>();

  /**
   * @param mentions  the offsets at which the name may be added, or something else in the same part
   * @param admits  whether what the part says of the name counts
   */
  constructor(
    opening: Opening,
    mentions: (text: string, name: string) => Iterable<number>,
    admits: (part: number, name: string) => boolean = () => true,
  ) {
    this.#opening = opening;
    this.#mentions = mentions;
    this.#admits = admits;
  }

  add(name: string, item: T): void {
    const { part } = this.#opening;
    const names = this.#ofPart.get(part) ?? new OwnNames();
    const parts = this.#partsWith.get(name) ?? new Set();
    names.add(name, item);
    this.#ofPart.set(part, names);
    this.#partsWith.set(name, parts.add(part));
  }

  get(name: string): readonly T[] | undefined {
    if (this.#known.has(name)) return this.#known.get(name);
    const found: T[] = [];
    for (const part of this.#partsOf(name)) found.push(...(this.#ofPart.get(part)?.get(name) ?? []));
    const list = found.length > 0 ? found : undefined;
    this.#known.set(name, list);
    return list;
  }

  /** Opened, and in source order. */
  #partsOf(name: string): readonly number[] {
    const { document, whole } = this.#opening;
    if (whole) {
      const parts = [...(this.#partsWith.get(name) ?? [])].filter((part) => this.#admits(part, name));
      return parts.sort((left, right) => left - right);
    }
    const parts: number[] = [];
    for (const offset of this.#mentions(document.text, name)) {
      const part = document.partAt(offset);
      if (part === parts.at(-1) || !this.#admits(part, name)) continue;
      this.#opening.open(part);
      parts.push(part);
    }
    return parts;
  }
}

/** Where a word stands in a text. */
export function* wordsIn(text: string, word: string): Generator<number> {
  if (word === '') return;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isWord(text.charCodeAt(at - 1)) && !isWord(text.charCodeAt(at + word.length))) yield at;
  }
}

/** Where a word stands that may be called. A comment, or a line's end that is escaped, may stand before the bracket. */
export function* callsIn(text: string, word: string): Generator<number> {
  for (const at of wordsIn(text, word)) {
    let next = at + word.length;
    while (text.charCodeAt(next) <= 32) next++;
    if ('(#\\'.includes(text.charAt(next))) yield at;
  }
}

/** Of the first 128 characters: whether it is part of a word. What comes later may be a quotation mark. */
function isWord(code: number): boolean {
  return (
    (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122)
  );
}
