/** Rows around the current one that neighbours are read from, copied into a small memory of the thread's own as they come. */
import type { Expr, Neighbour } from '../../language/expression.ts';

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
