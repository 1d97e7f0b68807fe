/** DataFrames as pandas writes them in HTML. The markup is read as data; nothing of it is shown or run. */
import { t } from '@vscode/l10n';
import { Parser } from 'htmlparser2';
import type { LossLensError } from '../errors.ts';
import { type Column, type Table, truncated } from '../formats/table.ts';

export interface HtmlFrame {
  /** Without the index. */
  readonly table: Table;
  readonly refusal?: LossLensError;
}

interface Cell {
  readonly header: boolean;
  readonly span: number;
  text: string;
}

interface Grid {
  readonly head: Cell[][];
  readonly body: Cell[][];
  /** What stands below it: its size, if it was cut. */
  footer: string;
}

const size = /(\d+) rows × (\d+) columns/;
const dots = /^(?:\.{2,}|…)$/;

export function framesInHtml(html: string): HtmlFrame[] {
  return gridsIn(html).flatMap((grid) => frameOf(grid) ?? []);
}

function gridsIn(html: string): Grid[] {
  const grids: Grid[] = [];
  let grid: Grid | undefined;
  let inTable = false;
  let part: Cell[][] | undefined;
  let cell: Cell | undefined;
  const parser = new Parser({
    onopentag(name, { class: classes = '', colspan }) {
      if (name === 'table') {
        inTable = classes.split(/\s+/).includes('dataframe');
        grid = inTable ? { head: [], body: [], footer: '' } : undefined;
        if (grid) grids.push(grid);
      } else if (!inTable || !grid) return;
      else if (name === 'thead') part = grid.head;
      else if (name === 'tbody') part = grid.body;
      else if (name === 'tr') (part ?? grid.body).push([]);
      else if (name === 'td' || name === 'th') {
        cell = { header: name === 'th', span: Math.max(Number(colspan ?? 1) || 1, 1), text: '' };
        (part ?? grid.body).at(-1)?.push(cell);
      }
    },
    ontext(text) {
      if (cell) cell.text += text;
      else if (grid && !inTable) grid.footer += text;
    },
    onclosetag(name) {
      if (name === 'td' || name === 'th') cell = undefined;
      else if (name === 'thead' || name === 'tbody') part = undefined;
      else if (name === 'table') inTable = false;
    },
  });
  parser.end(html);
  return grids;
}

function frameOf({ head, body, footer }: Grid): HtmlFrame | undefined {
  const rows = body.map((row) => row.filter(({ header }) => !header).map(({ text }) => text.trim()));
  const width = rows[0]?.length ?? 0;
  if (width === 0 || rows.some((row) => row.length !== width)) return undefined;
  // Polars writes the dtypes of its columns below their names.
  const names = namesOf(
    head.filter((row) => row.some(({ header }) => header)),
    width,
  );
  const columns = names.map((name, index): Column => ({ name, cells: rows.map((row) => row[index]!) }));
  // Old ones write the index as an ordinary column without a name.
  const kept = columns.filter(({ name }, index) => index > 0 || name !== '');
  const [, count, across] = size.exec(footer) ?? [];
  const cut =
    kept.some(({ name }) => dots.test(name!)) ||
    rows.some((row) => row.every((cell) => dots.test(cell))) ||
    (count !== undefined && (Number(count) !== rows.length || Number(across) !== kept.length));
  if (!cut) return { table: { columns: kept } };
  const whole = count === undefined ? t('a table') : t`a table of ${count} rows and ${across!} columns`;
  return { table: { columns: kept }, refusal: truncated(t`"..." in ${whole}`, {}) };
}

/** The last `width` places of the header's rows, one above the other; the rows that name the index are empty there. */
function namesOf(head: readonly (readonly Cell[])[], width: number): string[] {
  const rows = head.map((row) =>
    row.flatMap(({ text, span }) => Array<string>(Math.min(span, 10_000)).fill(text.trim())).slice(-width),
  );
  return Array.from({ length: width }, (_, index) =>
    rows
      .map((row) => row[index - width + row.length] ?? '')
      .filter((name) => name !== '')
      .join(' '),
  );
}
