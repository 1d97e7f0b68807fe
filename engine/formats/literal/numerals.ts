/** Decimal numerals, read in runs: this is where the time of a long text goes. */
import { t } from '@vscode/l10n';
import type { Elements } from '../elements.ts';
import type { Source } from '../source.ts';

/** Kinds of element, as bits. */
export const integerKind = 1;
export const floatKind = 2;
export const booleanKind = 4;

export type Separator = 'unknown' | 'comma' | 'space';

const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const firstInexact = 2 ** 53;
/** Python's digits in groups, `1_000.5`; the first group is there when the numeral is no integer. */
const grouped = /[+-]?(?:\d+(?:_\d+)*(\.(?:\d+(?:_\d+)*)?)?|(\.\d+(?:_\d+)*))([eE][+-]?\d+(?:_\d+)*)?/y;

const zero = 48;
const nine = 57;
const plus = 43;
const comma = 44;
const minus = 45;
const point = 46;
const underscore = 95;
const letterE = 101;

export class Numerals {
  readonly #source: Source;
  readonly #text: string;
  readonly #elements: Elements;
  /** The bits of every kind met since it was last cleared. */
  kinds = 0;
  /** What stands between the elements of a list; a text uses one throughout. */
  separator: Separator = 'unknown';
  /** Whether the last `read` ended after a comma. */
  passedComma = false;

  constructor(source: Source, elements: Elements) {
    this.#source = source;
    this.#text = source.text;
    this.#elements = elements;
  }

  /** Does a numeral, sign included, begin at `offset`? */
  startsAt(offset: number): boolean {
    const text = this.#text;
    let at = offset;
    let code = at < text.length ? text.charCodeAt(at) : 0;
    if (code === minus || code === plus) code = ++at < text.length ? text.charCodeAt(at) : 0;
    if (code === point) code = ++at < text.length ? text.charCodeAt(at) : 0;
    return isDigit(code);
  }

  /**
   * Reads the numeral at `offset`, and with `many` those that follow it in the list, over commas or over blanks;
   * over blanks only where `spacesSeparate`. Returns the end of the last, or, after a comma that no numeral
   * follows, what does follow. Each number is the one that `Number` makes of the numeral.
   */
  read(offset: number, many: boolean, spacesSeparate: boolean): number {
    const text = this.#text;
    const { length } = text;
    const elements = this.#elements;
    let { values, length: used } = elements;
    let kinds = 0;
    let at = offset;
    this.passedComma = false;
    for (;;) {
      const start = at;
      let code = text.charCodeAt(at);
      const negative = code === minus;
      if (negative || code === plus) at++;

      // Sums of digits are exact below 2^53, and a sum that has been inexact is never below it again.
      let mantissa = 0;
      const first = at;
      code = 0;
      for (; at < length; at++) {
        code = text.charCodeAt(at);
        if (code < zero || code > nine) break;
        mantissa = mantissa * 10 + (code - zero);
      }
      let whole = true;
      let scale = 0;
      if (code === point) {
        whole = false;
        const fraction = ++at;
        for (; at < length; at++) {
          code = text.charCodeAt(at);
          if (code < zero || code > nine) break;
          mantissa = mantissa * 10 + (code - zero);
        }
        scale = fraction - at;
      }
      if ((code | 32) === letterE) {
        let power = at + 1;
        const sign = power < length ? text.charCodeAt(power) : 0;
        if (sign === minus || sign === plus) power++;
        const digits = power;
        let exponent = 0;
        for (; power < length; power++) {
          code = text.charCodeAt(power);
          if (code < zero || code > nine) break;
          exponent = exponent * 10 + (code - zero);
        }
        if (power > digits) {
          whole = false;
          scale += sign === minus ? -exponent : exponent;
          at = power;
        }
      }

      if (code === underscore || (whole && mantissa >= firstInexact)) {
        elements.length = used;
        if (code === underscore) at = this.#readGrouped(start);
        else this.#pushInteger(text.slice(start, at), start);
        values = elements.values;
        used = elements.length;
      } else {
        let value = mantissa;
        if (whole) {
          kinds |= integerKind;
          if (mantissa !== 0 && text.charCodeAt(first) === zero) throw this.#leadingZero(start);
          // `-0` keeps its sign for a float dtype: printouts of bfloat16 and of `%g` write -0.0 so.
          if (negative) value = -mantissa;
        } else {
          kinds |= floatKind;
          if (mantissa < firstInexact && scale >= -22 && scale <= 22) {
            // Both operands are exact, so one correctly rounded operation gives the nearest double.
            value = scale < 0 ? mantissa / powersOfTen[-scale]! : mantissa * powersOfTen[scale]!;
            if (negative) value = -value;
          } else {
            value = Number(text.slice(start, at));
          }
        }
        if (used === values.length) {
          elements.length = used;
          values = elements.grow();
        }
        values[used++] = value;
      }
      if (!many) break;

      let next = skipBlanks(text, at);
      if (next < length && text.charCodeAt(next) === comma) {
        if (this.separator !== 'comma') this.separateBy('comma', next);
        next = skipBlanks(text, next + 1);
        if (!this.startsAt(next)) {
          this.passedComma = true;
          at = next;
          break;
        }
      } else if (next > at && spacesSeparate && this.separator !== 'comma' && this.startsAt(next)) {
        this.separator = 'space';
      } else {
        break;
      }
      at = next;
    }
    elements.length = used;
    this.kinds |= kinds;
    return at;
  }

  /** @throws LossLensError `no-array` when the text has been using the other. */
  separateBy(separator: 'comma' | 'space', offset: number): void {
    if (this.separator === 'unknown') this.separator = separator;
    else if (this.separator !== separator) {
      throw this.#source.failure(
        'no-array',
        offset,
        t('An array has commas between all its elements, or only blanks.'),
        {
          found: separator === 'comma' ? t('a comma') : this.#source.describe(offset),
          expected: separator === 'comma' ? t('a blank, as between the elements before') : t('a comma'),
        },
      );
    }
  }

  #readGrouped(offset: number): number {
    grouped.lastIndex = offset;
    const match = grouped.exec(this.#text)!;
    const digits = match[0].replaceAll('_', '');
    if (match[1] === undefined && match[2] === undefined && match[3] === undefined) {
      this.#pushInteger(digits, offset);
    } else {
      this.kinds |= floatKind;
      this.#elements.push(Number(digits));
    }
    return grouped.lastIndex;
  }

  #pushInteger(digits: string, offset: number): void {
    this.kinds |= integerKind;
    const magnitude = digits.replace(/^[+-]/, '');
    const value = BigInt(magnitude);
    if (value !== 0n && magnitude.startsWith('0')) throw this.#leadingZero(offset);
    this.#elements.pushWide(digits.startsWith('-') ? -value : value, offset);
  }

  #leadingZero(offset: number): Error {
    return this.#source.failure(
      'no-array',
      offset,
      t('An integer has no leading zeros (languages disagree on what they mean).'),
      {
        expected: t('a number without them'),
      },
    );
  }
}

export function isDigit(code: number): boolean {
  return code >= zero && code <= nine;
}

/** Blanks, tabs and line ends, the no-break space and the byte order mark that copied text brings along. */
export function skipBlanks(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && isBlank(text.charCodeAt(at))) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0xfeff;
}
