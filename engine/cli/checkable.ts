/** A file that can be checked, and how places in it are told. */
import type { SourceDocument } from '../recognise/index.ts';

/** From 1; columns are UTF-16 code units, as the offsets of the checks are. */
export interface Point {
  readonly line: number;
  readonly column: number;
}

/** A place as people look it up: of a notebook in its cell, counted among all cells from 1. */
export interface Place extends Point {
  readonly cell?: number;
}

export interface Checkable {
  /** From the working directory, with slashes. */
  readonly path: string;
  readonly source: SourceDocument;
  /** Of an offset into the source. */
  shown(offset: number): Place;
  /** The same in the file itself: of a notebook in its JSON. */
  inFile(offset: number): Point;
  /** Source as the file writes it. */
  written(text: string): string;
}

/** A file that cannot be checked, while others can. */
export class Unreadable extends Error {
  constructor(path: string, why: string) {
    super(`${path} cannot be checked: ${why}.`);
  }
}

/** The lines of a text. */
export class Lines {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (const { index, 0: end } of text.matchAll(/\r\n?|\n/g)) this.#starts.push(index + end.length);
  }

  at(offset: number): Point {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return { line: low, column: offset - this.#starts[low - 1]! + 1 };
  }
}
