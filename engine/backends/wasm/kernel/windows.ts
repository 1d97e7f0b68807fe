/** Rows around the current one that neighbours are read from, copied into a small memory of the thread's own as they come. */
import type { Expr, Neighbour } from '../../../language/expression.ts';
import type { Block } from './block.ts';
import type { Place } from './place.ts';
import { get, i32, type Text } from './text.ts';

/** What is kept of one input. */
export interface Window {
  readonly input: string;
  /** The dimension along which rows follow each other, and the one along a row. */
  readonly dim: number;
  readonly lane: number;
  /** How far from the current row those are that are kept, in order. */
  readonly rows: readonly number[];
  /** The row that comes, read where it lies: it is kept in the place of the one that goes. */
  readonly first: Neighbour;
}

/** The windows of inputs of which a row ahead of the current one is read. */
export function windowsOf(nodes: readonly Expr[], dim: number, lane: number): Window[] {
  const along = 1 << dim;
  const neighbours = nodes.filter((node) => node.kind === 'neighbour' && node.along === along) as Neighbour[];
  return [...new Set(neighbours.map(({ input }) => input.name))].flatMap((input) => {
    const own = neighbours.filter((node) => node.input.name === input);
    const first = own.reduce((a, b) => (b.offset > a.offset ? b : a));
    if (first.offset <= 0) return [];
    // The row that goes is not the current one: of that, neighbours along the row are read as well.
    const before = Math.max(1, ...own.map(({ offset }) => -offset));
    const rows = Array.from({ length: before + first.offset }, (_, i) => i - before);
    return [{ input, dim, lane, rows, first }];
  });
}

/** The windows of a kernel, and which of them are open in the code being written. */
export class Windows {
  readonly all: readonly Window[];
  readonly #text: Text;
  readonly #block: Block;
  readonly #place: Place;
  #open: readonly Window[] = [];

  constructor(text: Text, block: Block, place: Place, all: readonly Window[]) {
    this.#text = text;
    this.#block = block;
    this.#place = place;
    this.all = all;
  }

  /** Points at the rows of what nodes read, and fills them where the row before was another's: `isFirst`. */
  open(nodes: readonly Expr[], isFirst: string): void {
    const [text, block, place] = [this.#text, this.#block, this.#place];
    const pointers = new Map<string, string>();
    this.#open = this.all.filter(({ first }) => nodes.includes(first));
    for (const { input, dim, rows } of this.#open) {
      const [from, window] = [`input:${input}`, `window:${input}`];
      const position = get(place.positions.get(dim)!);
      const length = `(i32.mul ${block.size(place.lane)} ${i32(text.bytes)})`;
      const fill = rows.map((offset) => {
        const slot = `(i32.rem_u (i32.add ${position} ${i32(offset + rows.length)}) ${i32(rows.length)})`;
        const row = text.set(
          'i32',
          `(i32.add ${block.address(window)} (i32.mul ${slot} ${block.stride(window, dim)}))`,
        );
        pointers.set(`${window} ${offset}`, row);
        const there = `(i32.add ${get(place.pointer(from))} ${place.distance(from, dim, offset)})`;
        return `(memory.copy ${get(row)} ${there} ${length})`;
      });
      text.emit(`(if (i32.or (i32.eqz ${position}) ${isFirst}) (then ${fill.join('\n')}))`);
    }
    place.enter(pointers);
  }

  close(): void {
    this.#place.leave();
    this.#open = [];
  }

  /** The names of what points at the rows of open windows. */
  get rows(): string[] {
    return this.#open.flatMap(({ input, rows }) => rows.map((offset) => `window:${input} ${offset}`));
  }

  /** Puts what comes first of a row where the row that goes has been read for the last time. */
  keep(value: (node: Expr) => string): void {
    for (const { input, rows, first } of this.#open) {
      const came = get(value(first));
      const row = get(this.#place.pointer(`window:${input} ${rows[0]}`));
      this.#text.emit(`(v128.store offset=${this.#text.bytes * this.#place.ahead(0)} ${row} ${came})`);
    }
  }

  /** The name of where a row is read that is `offset` from the current one. */
  rowOf(input: string, offset = 0): string {
    return this.#of(input) ? `window:${input} ${offset}` : `input:${input}`;
  }

  holds(node: Neighbour): boolean {
    const window = this.#of(node.input.name);
    return window !== undefined && node.along === window.first.along && node.offset < window.first.offset;
  }

  #of(input: string): Window | undefined {
    return this.#open.find((window) => window.input === input);
  }
}
