/** The lines that pandas prints a table on. */
import type { LossLensError } from '../errors.ts';
import type { Table } from './table.ts';

export interface PrintedTable {
  /** UTF-16 offsets in the text. */
  readonly start: number;
  readonly end: number;
  /** The index is none of its columns; a Series is one column. */
  readonly table: Table;
  /** Why it cannot be taken as numbers. */
  readonly refusal?: LossLensError;
}

export interface Line {
  readonly start: number;
  /** Without blanks at its end, and without the backslash that announces further columns. */
  readonly text: string;
  readonly continues: boolean;
  /** Whether something else was printed before it on its line. */
  readonly behind?: boolean;
}

/** What stands for rows, columns or numbers that are left out. */
export const dots = /^(?:\.{2,}|…)$/;

export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start <= text.length; ) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end < 0 ? text.length : end).trimEnd();
    const continues = line.endsWith('  \\');
    lines.push({ start, text: continues ? line.slice(0, -1).trimEnd() : line, continues });
    if (end < 0) break;
    start = end + 1;
  }
  return lines;
}

/** Makes two lines of the one at `at`, the second from `column` on, where something stands there. */
export function splitLine(lines: Line[], at: number, column: number): void {
  const { start, text, continues } = lines[at]!;
  if (column >= text.length) return;
  lines.splice(
    at,
    1,
    { start, text: text.slice(0, column).trimEnd(), continues: false },
    { start: start + column, text: text.slice(column), continues, behind: true },
  );
}
