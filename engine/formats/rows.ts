/** CSV and TSV: rows of numbers on lines of their own, with a header or without. */
import { t } from '@vscode/l10n';
import { Source } from './source.ts';
import { type Column, isElement, type Table } from './table.ts';

/** What literals and code have and rows of numbers lack; a header may have parentheses. */
const otherwise = /[[\]{}=<>]/;
const grouped = /^\s*[+-]?\d{1,3}(?:,\d{3})+\s*$/;
const longestHeader = 10_000;
const passed = /^\s*(?:#|$)/;

/**
 * The rows of `text`, separated by commas, tabs or semicolons; `undefined` when that is not what it holds. The first
 * line is a header when it has no number. A first column whose header is empty is an index, as pandas writes it, and
 * left out.
 * @throws LossLensError `ragged` for a row of another length
 */
export function rowsIn(text: string): Table | undefined {
  if (otherwise.test(text)) return undefined;
  const lines = linesOf(text);
  const first = lines[0]?.text;
  if (first === undefined) return undefined;
  const separator = /[\t,;]/.exec(first)?.[0] ?? ',';
  const header = cellsOf(first, separator);
  const named = !header.some(isElement);
  const firstRow = named ? lines[1] && cellsOf(lines[1].text, separator) : header;
  if (!firstRow?.some(isElement) || firstRow.length !== header.length) return undefined;
  if (lines.length === 1 && header.length === 1) return undefined;
  // A title over a table that pandas prints without its index: the first number may be the name of its column.
  const isTitle =
    /\S\s{2,}\S/.test(header[0]!) || (/^\S/.test(first) && /^\s+\d+\s*$/.test(lines[1]?.text ?? ''));
  if (named && header.length === 1 && isTitle) return undefined;
  const source = new Source(text);
  if (!named && lines.every((line) => grouped.test(line.text))) {
    throw source.failure(
      'no-array',
      lines[0]!.start,
      t('These may be rows of numbers, or numbers with their thousands apart.'),
      {
        found: first.trim().slice(0, 30),
        expected: t('blanks after the commas that separate, or brackets around the numbers'),
      },
    );
  }
  const rows = named ? lines.slice(1) : lines;
  const columns = header.map((): string[] => []);
  for (const [index, line] of rows.entries()) {
    const cells = cellsOf(line.text, separator);
    if (cells.length !== header.length) {
      throw source.failure('ragged', line.start, t`Row [${index}] differs from the ones before it.`, {
        found: t`a row of ${cells.length}`,
        expected: t`a row of ${header.length}, as the ones before`,
        index: [index],
      });
    }
    for (const [column, cell] of cells.entries()) columns[column]!.push(cell);
  }
  const all = columns.map((cells, index): Column => (named ? { name: header[index]!, cells } : { cells }));
  return {
    columns: named && header[0] === '' && all.length > 1 ? all.slice(1) : all,
    place: { source, rows: rows.map(({ start }) => start) },
  };
}

/**
 * Rows of several numbers, and nothing else but a header, as the literal of an array: reading that takes a seventh of
 * the time. `undefined` for others, and where it is not sure.
 */
export function literalOf(text: string): string | undefined {
  const [first] = text.slice(0, longestHeader).trimStart().split('\n', 1);
  const separator = /[\t,;]/.exec(first!)?.[0];
  if (separator === undefined || grouped.test(first!)) return undefined;
  const named = /^[^\d.]+$/.test(first!);
  // An empty name is that of an index.
  if (named && first!.split(separator).some((name) => /^[\s"]*$/.test(name))) return undefined;
  const body = (named ? text.trimStart().slice(first!.length) : text).trim();
  if (body === '' || /[^\d\s.,;eE+-]/.test(body) || (separator !== ',' && body.includes(',')))
    return undefined;
  const rows = body.replaceAll(/[ \t\r]*\n\s*/g, '],[');
  return `[[${separator === ',' ? rows : rows.replaceAll(separator, ',')}]]`;
}

/** Without empty lines and comments. */
function linesOf(text: string): { readonly start: number; readonly text: string }[] {
  return Array.from(text.matchAll(/[^\r\n]+/g), ({ 0: line, index }) => ({
    start: index,
    text: line,
  })).filter((line) => !passed.test(line.text));
}

/** A separator at the end of a line ends its last cell. */
function cellsOf(line: string, separator: string): string[] {
  const cells = line.includes('"') ? quotedCells(line, separator) : line.split(separator);
  if (cells.length > 1 && cells.at(-1)!.trim() === '') cells.pop();
  return cells.map((cell) => cell.trim());
}

function quotedCells(line: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    if (character === '"' && quoted && line[at + 1] === '"') cell += line[++at]!;
    else if (character === '"') quoted = !quoted;
    else if (character === separator && !quoted) {
      cells.push(cell);
      cell = '';
    } else cell += character;
  }
  return [...cells, cell];
}
