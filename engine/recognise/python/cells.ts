/** The code cells of a notebook as one source: they share one namespace, and are read in the order of the notebook. */
import { PythonDocument } from './document.ts';

/** Cell magics whose body is Python that runs in the notebook's own namespace. */
const ownNamespace = /^\s*%%(?:time|timeit|capture|prun)\b/;
const bracket: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

export interface CellPlace {
  /** The cell's index among those given. */
  readonly cell: number;
  /** In the cell's own text. */
  readonly offset: number;
}

export class PythonCells {
  readonly document = new PythonDocument('');
  #cells: readonly { readonly start: number; readonly length: number }[] = [];

  constructor(cells: readonly string[] = []) {
    this.update(cells);
  }

  /** Takes the cells as they now are; what did not change is not parsed again. */
  update(cells: readonly string[]): void {
    let text = '';
    this.#cells = cells.map((cell) => {
      const start = text.length;
      text += readable(cell);
      return { start, length: cell.length };
    });
    this.document.update(text);
  }

  /** The offset in `document` at which a cell begins; offsets within the cell are the same from there on. */
  start(cell: number): number {
    return this.#cells[cell]!.start;
  }

  /** Where an offset in `document` is: in what was closed behind a cell, at the cell's end. */
  place(offset: number): CellPlace {
    const cell = this.#cells.findLastIndex(({ start }) => start <= offset);
    const { start, length } = this.#cells[cell]!;
    return { cell, offset: Math.min(offset - start, length) };
  }
}

/**
 * The cell as Python, every place where it was: IPython's own lines are blanked, and what it leaves open is closed
 * behind it, so that a cell that is being typed takes none of the next one in.
 */
function readable(cell: string): string {
  if (/^\s*%%/.test(cell) && !ownNamespace.test(cell)) return `${blank(cell)}\n`;
  const open: string[] = [];
  let text = '';
  let at = 0;
  // A string, a comment, a bracket, the start of a continued line, or a line that IPython reads itself.
  const token =
    /(?<triple>"""|''')|(["'])(?:\\[\s\S]|(?!\2)[^\\\n])*\2?|#.*|[([{]|[)\]}]|\\\r?\n[ \t]*[%!?]?|^[ \t]*[%!?](?:.*\\\r?\n)*.*$/gm;
  for (let match = token.exec(cell); match; match = token.exec(cell)) {
    const [found] = match;
    const { triple } = match.groups!;
    if (triple) {
      const end = cell.indexOf(triple, token.lastIndex);
      if (end < 0) return `${text}${cell.slice(at)}\n${triple}${open.reverse().join('')}\n`;
      token.lastIndex = end + triple.length;
    } else if (bracket[found]) open.push(bracket[found]);
    else if (found === open.at(-1)) open.pop();
    else if (/^[ \t]*[%!?]/.test(found) && open.length === 0) {
      text += cell.slice(at, match.index) + blank(found);
      at = token.lastIndex;
    }
  }
  return `${text}${cell.slice(at)}\n${open.reverse().join('')}\n`;
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
