/** Arrays and evaluations as the command line prints them. */
import type { NdArray } from '../array.ts';
import { exact } from '../presentation/numbers.ts';

/** Elements that are printed; more are written to a file on request. */
const most = 1000;

/** As Python writes it: `[[1.0, nan], [2.0, inf]]`; of a scalar its number. */
export function literal({ dtype, shape, data }: NdArray): string | undefined {
  if (data.length > most) return undefined;
  const row = (dimension: number, start: number, length: number): string => {
    if (dimension === shape.length) return exact(data[start]!, dtype);
    const step = shape[dimension] === 0 ? 0 : length / shape[dimension]!;
    const parts = Array.from({ length: shape[dimension]! }, (_, i) =>
      row(dimension + 1, start + i * step, step),
    );
    return `[${parts.join(', ')}]`;
  };
  return row(0, 0, data.length);
}

/** JSON has no NaN and no infinities: they are strings, as Python's `float` reads them. */
export const jsonArray = ({ dtype, shape, data }: NdArray) => ({
  dtype,
  shape,
  data: Array.from<number | bigint, number | string>(data, (value) => jsonNumber(Number(value))),
});

export const jsonNumber = (value: number): number | string =>
  Number.isFinite(value) ? value : exact(value, 'float64');

/** Rows of a name and a text, the texts below each other. */
export function table(rows: readonly (readonly [name: string, text: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`.trimEnd()).join('\n');
}
