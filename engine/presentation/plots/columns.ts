/** A figure as a table: what is exported as CSV and LaTeX, and what a screen reader reads. */
import { t } from '@vscode/l10n';
import { blockStart } from './binning.ts';
import type { Figure } from './figure.ts';

export interface FigureColumn {
  readonly label: string;
  readonly values: readonly (number | string)[];
}

export function columnsOf(figure: Figure): FigureColumn[] {
  const { x, y } = figure;
  switch (figure.mark) {
    case 'bins': {
      const edges = [...figure.edges];
      return [
        { label: t`${x.label}, from`, values: edges.slice(0, -1) },
        { label: t('to'), values: edges.slice(1) },
        ...figure.series.map(({ label, counts }) => ({ label: label || y.label, values: [...counts] })),
      ];
    }
    case 'bars':
      return [
        { label: x.label, values: figure.names },
        { label: y.label, values: [...figure.heights] },
        { label: t('elements'), values: [...figure.counts] },
      ];
    case 'grid': {
      const { height, width, extents, values, names } = figure;
      const cells = [...values.keys()];
      const places = (
        of: (cell: number) => number,
        count: number,
        extent: number,
      ): FigureColumn['values'][] => {
        const from = cells.map((cell) => blockStart(of(cell), count, extent));
        const to = cells.map((cell) => blockStart(of(cell) + 1, count, extent) - 1);
        return count === extent ? [from] : [from, to];
      };
      const columns = (label: string, own: FigureColumn['values'][]): FigureColumn[] =>
        own.map((list, i) => ({
          label: own.length === 1 ? label : i === 0 ? t`${label}, from` : t`${label}, to`,
          values: list,
        }));
      return [
        ...columns(
          y.label,
          places((cell) => Math.floor(cell / width), height, extents[0]),
        ),
        ...columns(
          x.label,
          places((cell) => cell % width, width, extents[1]),
        ),
        { label: figure.value.label, values: names ? Array.from(values, (v) => names[v] ?? v) : [...values] },
      ];
    }
    case 'lines': {
      // One row a point of any series: they need not share their abscissae.
      const all = [...figure.series, ...figure.points];
      return [
        { label: t('series'), values: all.flatMap(({ label, x: own }) => Array.from(own, () => label)) },
        { label: x.label, values: all.flatMap((line) => [...line.x]) },
        { label: y.label, values: all.flatMap((line) => [...line.y]) },
      ];
    }
  }
}

/** RFC 4180, with the digits that read back as the same numbers. */
export function csvOf(columns: readonly FigureColumn[]): string {
  const field = (value: number | string): string => {
    if (typeof value === 'number') return pythonic(value);
    return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  };
  const count = columns[0]?.values.length ?? 0;
  const lines = [columns.map(({ label }) => field(label))];
  for (let row = 0; row < count; row++) lines.push(columns.map(({ values }) => field(values[row]!)));
  return `${lines.map((line) => line.join(',')).join('\r\n')}\r\n`;
}

/** As pandas and NumPy read them. */
const pythonic = (value: number): string =>
  Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
