/** Markdown, printed as it comes and kept for docs/BENCHMARKS.md. */

let written: string[] = [];

export function write(text = ''): void {
  console.log(text);
  written.push(text);
}

/** What was written since the last time. */
export function take(): string {
  const text = written
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
  written = [];
  return text;
}

/** Columns but the first are numbers, aligned right; padded, so that it reads well in a terminal too. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, c) => Math.max(title.length, ...rows.map((row) => row[c]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!))).join(' | ')} |`;
  write();
  write(line(head));
  write(
    `| ${widths.map((width, c) => (c === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`,
  );
  for (const row of rows) write(line(row));
  write();
}
