/** The Python cells of a notebook as one source: what one of them defines, the later ones use. */

export interface CellPlace {
  /** The cell's index among those given. */
  readonly cell: number;
  /** In the cell's own text. */
  readonly offset: number;
}

export class Cells {
  /** All cells, one below the other; lines that are IPython's and not Python's are comments in it. */
  readonly text: string;
  readonly #starts: readonly number[];

  constructor(cells: readonly string[]) {
    const starts: number[] = [];
    let length = 0;
    const parts = cells.map((cell) => {
      starts.push(length);
      const text = withoutMagic(cell);
      length += text.length + 1;
      return text;
    });
    this.#starts = starts;
    this.text = parts.join('\n');
  }

  place(offset: number): CellPlace {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { cell: low, offset: offset - (this.#starts[low] ?? 0) };
  }
}

/** Of the same length: `%matplotlib inline` and `!pip install` become comments, and so does the whole of a cell in another language. */
function withoutMagic(cell: string): string {
  const other = /^\s*%%(?!time|capture|timeit|prun)\w/.test(cell);
  if (other) return cell.replace(/^./gm, '#');
  return cell.replace(/^([ \t]*)(?:%(?=%?[A-Za-z])|!(?!=)|\?(?=\w))/gm, '$1#');
}
