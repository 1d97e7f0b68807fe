/** What a cell of a table holds. */

const missing: ReadonlySet<string> = new Set([
  '',
  'NA',
  'N/A',
  '<NA>',
  '#N/A',
  'n/a',
  'na',
  'NaN',
  'nan',
  '-nan',
  'null',
  'NULL',
  'None',
]);
const words: Readonly<Record<string, number>> = {
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  '-infinity': Number.NEGATIVE_INFINITY,
  True: 1,
  true: 1,
  TRUE: 1,
  False: 0,
  false: 0,
  FALSE: 0,
};

/** What a cell holds; NaN where it says that there is nothing, undefined where it is no number. */
export function numberIn(cell: string): number | undefined {
  const word = cell.trim();
  if (missing.has(word)) return Number.NaN;
  const value = Number(word);
  if (Number.isNaN(value)) return Object.hasOwn(words, word) ? words[word] : undefined;
  // What `Number` reads and no table means.
  if (/^0[xob]/i.test(word)) return undefined;
  return Number.isInteger(value) && !Number.isSafeInteger(value) && isWritten(word) ? undefined : value;
}

/** As a whole number, digit by digit. */
export const isWritten = (cell: string): boolean => /^\s*[+-]?\d+\s*$/.test(cell);

/** Digits of a whole number that a double holds exactly, and powers of ten that it does. */
const exactDigits = 15;
const powers = Float64Array.from({ length: 23 }, (_, e) => Number(`1e${e}`));

/**
 * The same from ASCII bytes, without a text in between: a whole number of 15 digits divided by, or times, a power of
 * ten of 22 at most is rounded once, so it is the nearest double. NaN for anything else, of which `numberIn` knows.
 */
export function plainNumber(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let sign = 1;
  if (bytes[at] === 0x2d) {
    sign = -1;
    at++;
  }
  let whole = 0;
  let digits = 0;
  let any = false;
  let behind = 0;
  let isBehind = false;
  for (; at < end; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit >= 0 && digit <= 9) {
      any = true;
      if (digits > 0 || digit > 0) digits++;
      if (digits > exactDigits) return Number.NaN;
      whole = 10 * whole + digit;
      if (isBehind) behind++;
    } else if (bytes[at] === 0x2e && !isBehind) isBehind = true;
    else break;
  }
  if (!any) return Number.NaN;
  let exponent = -behind;
  if (at < end) {
    if ((bytes[at]! | 0x20) !== 0x65) return Number.NaN;
    at++;
    let direction = 1;
    if (bytes[at] === 0x2d || bytes[at] === 0x2b) direction = bytes[at++] === 0x2d ? -1 : 1;
    if (at === end || end - at > 3) return Number.NaN;
    let written = 0;
    for (; at < end; at++) {
      const digit = bytes[at]! - 0x30;
      if (!(digit >= 0 && digit <= 9)) return Number.NaN;
      written = 10 * written + digit;
    }
    exponent += direction * written;
  }
  if (exponent < -22 || exponent > 22) return Number.NaN;
  return sign * (exponent < 0 ? whole / powers[-exponent]! : whole * powers[exponent]!);
}
