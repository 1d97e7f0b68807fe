/** Numbers and counts in the sentences that go with a plot. */

/** Four significant digits, without the zeros behind them. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'infinity' : '-infinity';
  const rounded = Number(value.toPrecision(4));
  const size = Math.abs(rounded);
  const short = rounded === 0 || (size >= 1e-3 && size < 1e6);
  return short ? String(rounded) : rounded.toExponential().replace('+', '');
}

export const counted = (count: number): string => count.toLocaleString('en-US');

export const several = (count: number, one: string, many = `${one}s`): string =>
  `${counted(count)} ${count === 1 ? one : many}`;

/** Never "100 %" of what is not all, nor "0 %" of what is not nothing. */
export function share(part: number, whole: number): string {
  const percent = whole === 0 ? 0 : (100 * part) / whole;
  if (percent > 0 && percent < 0.1) return 'less than 0.1 %';
  if (percent < 100 && percent > 99.9) return 'more than 99.9 %';
  return `${Number(percent.toFixed(1))} %`;
}
