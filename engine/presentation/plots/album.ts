/** Images beside each other: all of the same size, and leading to the same rows. */
import { t } from '@vscode/l10n';
import { blockOf, type Division, divisionOf, extremes, type means, rangeOf, type Sheet } from './binning.ts';
import type { Grid } from './figure.ts';

/** Five images of 4 bytes a pixel. */
export const mostPixels = 64;

export interface Look {
  readonly caption: string;
  readonly scale: Grid['scale'];
  readonly value: string;
  /** Where the scale is not the values' own. */
  readonly range?: readonly [number, number];
  readonly names?: readonly string[];
}

export class Album {
  readonly grids: Grid[] = [];
  readonly #division: Division;
  readonly #extents: readonly [number, number];
  readonly #link: Exclude<Grid['rows'], Float64Array>;
  readonly #marked: Float64Array;

  /** @param link where the pixels' own rows of the table lie, if they have any */
  constructor(like: Sheet, link: Sheet | undefined, row: number | undefined) {
    this.#division = divisionOf(like, mostPixels, mostPixels);
    this.#extents = [like.rows, like.columns];
    this.#link = link && { start: link.start, line: link.rowStep, column: link.columnStep };
    const at = link && row !== undefined ? row - link.start : -1;
    const [r, c] = link ? [Math.floor(at / link.rowStep), (at % link.rowStep) / link.columnStep] : [-1, -1];
    const isHere = at >= 0 && r < like.rows && c < like.columns && Number.isInteger(c);
    const { height, width } = this.#division;
    this.#marked = isHere
      ? Float64Array.of(blockOf(r, height, like.rows) * width + blockOf(c, width, like.columns))
      : new Float64Array();
  }

  add(sheet: Sheet, how: typeof means, { caption, scale, value, range, names }: Look): void {
    const values = how(sheet, this.#division);
    const { low, high, finite } = rangeOf(values);
    const largest = finite === 0 ? 1 : Math.max(Math.abs(low), Math.abs(high)) || 1;
    const own =
      scale === 'diverging'
        ? ([-largest, largest] as const)
        : ([finite ? low : 0, finite ? high : 1] as const);
    this.grids.push({
      mark: 'grid',
      caption,
      x: { label: t('column') },
      y: { label: t('row') },
      ...this.#division,
      extents: this.#extents,
      values,
      value: { label: value },
      scale,
      range: Float64Array.from(range ?? own),
      ...(names && { names }),
      ...(this.#link && { rows: this.#link }),
      isImage: true,
      marked: this.#marked,
    });
  }
}

export const farthest: typeof means = (sheet, division) => extremes(sheet, division).values;

/** A sheet of what two sheets give together, pixel by pixel. */
export function combined(a: Sheet, b: Sheet, of: (a: number, b: number) => number): Sheet {
  const { rows, columns } = a;
  const data = new Float64Array(rows * columns);
  const at = ({ start, rowStep, columnStep }: Sheet, r: number, c: number): number =>
    start + r * rowStep + c * columnStep;
  for (let r = 0, i = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++, i++)
      data[i] = of(Number(a.data[at(a, r, c)]), Number(b.data[at(b, r, c)]));
  }
  return { data, start: 0, rows, columns, rowStep: columns, columnStep: 1 };
}
