/** Where in a text arrays are printed: the calls that libraries print, and lists of numbers. */
import type { NdArray } from '../array.ts';
import { LossLensError } from '../errors.ts';
import { parseLiteral } from '../formats/literal/index.ts';
import { makerNamed } from '../formats/literal/makers.ts';
import { decimalsOf, once, type Place } from './printed.ts';

export interface Scanned extends Place {
  readonly decimals?: number;
  read(): NdArray;
}

export interface Scan {
  readonly arrays: readonly Scanned[];
  /** In order: the arrays, and other brackets over several lines, in which there is nothing else to look for. */
  readonly closed: readonly Place[];
  /** Whether all of the text was looked through. */
  readonly complete: boolean;
}

/** A printed call, a printed object, or a list. */
const opening = /(?<![\w.])(?<name>[A-Za-z_][\w.]*)\(|<(?:tf\.)?(?:Tensor|Variable)\b|\[/g;
/** Calls whose lists are shapes: of PyTorch, TensorFlow and PyTorch Geometric. */
const shapes: ReadonlySet<string> = new Set([
  'torch.Size',
  'TensorShape',
  'Data',
  'DataBatch',
  'HeteroData',
  'Batch',
]);
/** Of one output; nobody chooses from more. */
const most = 200;
/** Arrays up to here are read to be described; a longer one is read when it is asked for. */
const readAtOnce = 1_000_000;
/** A key, a device, a word; text beside an array. */
const longestString = 200;
/** Characters that may be looked through in vain for closing brackets: time stays in proportion to the text. */
const patience = 4_000_000;

/** 1 at the codes of characters that a list of numbers is made of; `j` belongs to numbers that are refused. */
const numeric = new Uint8Array(128);
for (const character of ' \t\r\n0123456789.,+-[]()eEnaifNIyTrueFlstj') numeric[character.charCodeAt(0)] = 1;
const ellipsis = 0x2026;
const opens = 1;
const closes = 2;
const quotes = 3;
const structure = new Uint8Array(128);
for (const [characters, kind] of [
  ['([{<', opens],
  [')]}>', closes],
  ['"\'', quotes],
] as const) {
  for (const character of characters) structure[character.charCodeAt(0)] = kind;
}

/** The arrays of rank 1 and more in `text`, in order; what is not all there, too. */
export function scan(text: string): Scan {
  return new Scanner(text).scan();
}

class Scanner {
  readonly #text: string;
  readonly #arrays: Scanned[] = [];
  readonly #closed: Place[] = [];
  #patience = patience;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): Scan {
    const text = this.#text;
    const pattern = new RegExp(opening);
    pattern.lastIndex = endOfCut(text);
    for (let match = pattern.exec(text); match && this.#arrays.length < most; match = pattern.exec(text)) {
      const name = match.groups?.name;
      const end = match[0] === '[' ? this.#list(match.index) : this.#call(match.index, name);
      if (end === undefined) continue;
      pattern.lastIndex = end;
      const place = { start: match.index, end };
      const taken = this.#arrays.at(-1)?.start === place.start;
      if (taken || text.slice(place.start, end).includes('\n')) this.#closed.push(place);
    }
    return { arrays: this.#arrays, closed: this.#closed, complete: this.#arrays.length < most };
  }

  /** Its end; `undefined` when there may be arrays in it. */
  #list(start: number): number | undefined {
    const text = this.#text;
    const numbers = this.#numbersEnd(start);
    if (numbers !== undefined) {
      if (!isSomethingElse(text, start, numbers)) this.#take(start, numbers);
      return numbers;
    }
    const end = this.#closing(start);
    if (end === undefined) return undefined;
    const inside = text.slice(start + 1, end);
    // With something missing in it, its parts are no arrays that anybody has made.
    if (!holdsArrays(inside) || /\bNone\b/.test(inside)) return end;
    // A list of arrays is each of them; numbers that are written as calls are one array.
    if (inside.includes('[')) return undefined;
    this.#take(start, end);
    return end;
  }

  #call(start: number, name: string | undefined): number | undefined {
    if (name !== undefined && !makerNamed(name) && !shapes.has(name)) return undefined;
    const end = this.#closing(start + (name?.length ?? 0));
    if (end !== undefined && !(name !== undefined && shapes.has(name))) this.#take(start, end);
    return end;
  }

  /** Leaves out what is no array, single numbers, and arrays without any. */
  #take(start: number, end: number): void {
    const read = once(() => parseLiteral(this.#text.slice(start, end)));
    if (end - start > readAtOnce) {
      this.#arrays.push({ start, end, read });
      return;
    }
    try {
      const array = read();
      if (array.shape.length === 0 || array.data.length === 0) return;
      const printed = this.#text.slice(start, end);
      // Python prints its own lists, with commas, to the last digit.
      const decimals = array.weak && printed.includes(',') ? undefined : decimalsOf(printed, array);
      this.#arrays.push({ start, end, read, ...(decimals !== undefined && { decimals }) });
    } catch (error) {
      if (!(error instanceof LossLensError)) throw error;
      // What has another dtype than those of real numbers (strings, complex numbers) is no one's to offer.
      if (error.code !== 'no-array' && error.code !== 'dtype') this.#arrays.push({ start, end, read });
    }
  }

  /** After the list at `start`, when nothing but numbers is in it. */
  #numbersEnd(start: number): number | undefined {
    if (this.#patience <= 0) return undefined;
    const text = this.#text;
    let depth = 0;
    let at = start;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === ellipsis) continue;
      if (code > 127 || numeric[code] === 0) break;
      if (code === 91) depth++;
      else if (code === 93 && --depth === 0) return at + 1;
    }
    // Cut off: a notebook keeps a long output in several pieces. Its rows are no arrays of their own.
    if (at === text.length && text.slice(start + 1).includes('[')) return at;
    this.#patience -= at - start;
    return undefined;
  }

  /** After the bracket that closes the first one from `from` on. */
  #closing(from: number): number | undefined {
    if (this.#patience <= 0) return undefined;
    const text = this.#text;
    let depth = 0;
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const kind = code < 128 ? structure[code] : 0;
      if (kind === 0) continue;
      if (kind === opens) depth++;
      else if (kind === closes) {
        if (--depth === 0) return at + 1;
      } else {
        const line = text.slice(at + 1, at + 1 + longestString);
        const close = line.indexOf(text[at]!);
        // An apostrophe opens no string.
        if (close >= 0 && !line.slice(0, close).includes('\n')) at += close + 1;
      }
    }
    this.#patience -= text.length - from;
    return undefined;
  }
}

/** Where an array ends whose beginning stands in another output: its rows are no arrays of their own. 0 where there is none. */
function endOfCut(text: string): number {
  let [depth, end] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== ellipsis && (code > 127 || numeric[code] === 0)) break;
    if (code === 91) depth++;
    else if (code === 93 && --depth < 0) [depth, end] = [0, at + 1];
  }
  return end;
}

/** Calls that make arrays, or keys with what may be one. */
function holdsArrays(text: string): boolean {
  if (text.includes('{') || /<(?:tf\.)?(?:Tensor|Variable)\b/.test(text)) return true;
  for (const [, name] of text.matchAll(/(?<![\w.])([A-Za-z_][\w.]*)\(/g)) if (makerNamed(name!)) return true;
  return false;
}

/** An index, a shape or another call's list, a link's text, and a number in brackets in the middle of a line. */
function isSomethingElse(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(start - 2, 0), start);
  if (/[\w.)\]'"]$|\w\($/.test(before) || /[\w[(:%/]/.test(text[end] ?? '')) return true;
  if (end - start > 100) return false;
  const list = text.slice(start, end);
  const line = text
    .slice(Math.max(start - longestString, 0), start)
    .split('\n')
    .at(-1)!;
  const labelled = /[:=]\s*$/.test(line);
  // Where a log stands: `[1,  2000] loss: 2.228`.
  if (
    line.trim() === '' &&
    /^\[\s*\d+(?:\s*,\s*\d+){0,2}\s*\]$/.test(list) &&
    /^[ \t]+[A-Za-z]/.test(text.slice(end, end + 10))
  )
    return true;
  // A shape in a column of a table of layers, as torchinfo and torchsummary print them.
  if (/\S.* {2,}$/.test(line) && !labelled && /^\[(?:-1|\d+)(?:, \d+)*\]$/.test(list)) return true;
  // A single number, or shapes in a table of layers.
  if (!/^\[\s*(?:[-+.\w]+\s*,?\s*|\(.*\)\s*)\]$/.test(list)) return false;
  return !(labelled || line.trim() === '') || !/^\s*(?:\n|$)/.test(text.slice(end, end + 40));
}
