/** The code cells of a notebook as one source: they share one namespace, and are read in the order of the notebook. */
import { PythonDocument } from './document.ts';

/** Cell magics whose body is Python that runs in the notebook's own namespace. */
const ownNamespace = /^%%(?:time|timeit|capture|prun)\b/;
const bracket: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

export class PythonCells {
  readonly document = new PythonDocument('');
  #starts: readonly number[] = [];

  constructor(cells: readonly string[] = []) {
    this.update(cells);
  }

  /** Takes the cells as they now are; what did not change is not parsed again. */
  update(cells: readonly string[]): void {
    const starts: number[] = [];
    let text = '';
    for (const cell of cells) {
      starts.push(text.length);
      text += readable(cell);
    }
    this.#starts = starts;
    this.document.update(text);
  }

  /** The offset in `document` at which a cell begins; offsets within the cell are the same from there on. */
  start(cell: number): number {
    return this.#starts[cell]!;
  }
}

/**
 * The cell as Python, every place where it was: IPython's own lines are blanked, and what it leaves open is closed
 * behind it, so that a cell that is being typed takes none of the next one in.
 */
function readable(cell: string): string {
  if (cell.startsWith('%%') && !ownNamespace.test(cell)) return `${blank(cell)}\n`;
  const open: string[] = [];
  let text = '';
  let at = 0;
  // A string, a comment, a bracket, or a line that IPython reads itself.
  const token =
    /(?<triple>"""|''')|(?<string>(["'])(?:\\[\s\S]|(?!\3)[^\\\n])*\3?)|#.*|[([{]|[)\]}]|^[ \t]*[%!?].*$/gm;
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
