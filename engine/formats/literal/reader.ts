/** What may stand where in an array that is written as text. */
import { t } from '@vscode/l10n';
import type { NdArray } from '../../array.ts';
import type { LossLensError } from '../../errors.ts';
import { Elements } from '../elements.ts';
import { isNameStart } from '../source.ts';
import { type Bracket, Brackets, closerOf } from './brackets.ts';
import { Calls } from './calls.ts';
import { Cursor } from './cursor.ts';
import { numberNamed, truthNamed } from './makers.ts';
import { booleanKind, floatKind, isDigit, Numerals, skipBlanks } from './numerals.ts';
import { expectedArray, incomplete, neverRun, unexpected } from './refusals.ts';

const declarations: ReadonlySet<string> = new Set(['const', 'let', 'var', 'export', 'new']);

export class Reader {
  readonly #text: string;
  readonly #cursor: Cursor;
  readonly #brackets: Brackets;
  readonly #elements = new Elements();
  readonly #numerals: Numerals;
  readonly #calls: Calls;

  constructor(text: string) {
    this.#text = text;
    this.#cursor = new Cursor(text);
    this.#brackets = new Brackets(this.#cursor);
    this.#numerals = new Numerals(this.#cursor, this.#elements);
    this.#calls = new Calls(this.#cursor, this.#brackets, this.#elements, this.#numerals);
  }

  read(): NdArray {
    let wanted = true;
    while (wanted || this.#brackets.depth > 0) {
      const before = this.#cursor.at;
      this.#cursor.skip();
      wanted = wanted ? this.#value() : this.#afterValue(this.#cursor.at > before);
    }
    this.#end();
    return this.#calls.array();
  }

  // What may stand where. Each returns whether a value (or a closing bracket) is wanted next.

  #value(): boolean {
    const bracket = this.#brackets.innermost();
    if (bracket?.call && bracket.call.data !== 'inside') return this.#calls.argument(bracket.call);
    const at = this.#cursor.at;
    const character = this.#text[at];
    if (this.#numerals.startsAt(at)) return this.#numbers(bracket);
    switch (character) {
      case '[':
        return this.#open('list');
      case '(':
        return this.#open(this.#isTuple() ? 'tuple' : 'group');
      case ']':
      case ')':
        // After a comma, or in an empty list.
        if (bracket && !bracket.call && bracket.kind !== 'group' && closerOf(bracket) === character)
          return this.#close();
        break;
      case '-':
      case '+':
        return this.#signed(character);
      case '<':
        return this.#calls.openPrinted();
      case '/':
        // JavaScript's comment; after a value it would be Python's floor division, and is refused.
        if (this.#text[at + 1] !== '/') break;
        this.#cursor.at = this.#cursor.lineEnd(at);
        return true;
      case '{':
        throw this.#cursor.refuse(t('A dict or a set is no array.'), {
          found: '"{"',
          expected: t('one of its arrays'),
        });
      case '"':
      case "'":
      case '`':
        throw this.#cursor.refuse(t('A string is no number.'), {
          found: t('a string'),
          expected: t('a number'),
        });
      default:
        if (this.#cursor.isName()) return this.#named(at, this.#cursor.name());
    }
    throw this.#unexpected(
      bracket?.kind === 'group' || !bracket ? expectedArray() : t`a number or "${closerOf(bracket)}"`,
    );
  }

  /** `spaced` when blanks separate it from the value before. */
  #afterValue(spaced: boolean): boolean {
    const bracket = this.#brackets.innermost()!;
    const character = this.#text[this.#cursor.at];
    const close = closerOf(bracket);
    if (character === close) return bracket.call ? this.#calls.close(bracket.call) : this.#close();
    if (bracket.kind === 'call') {
      if (character !== ',' && close === ')') throw this.#unexpected('"," or ")"');
      if (character === ',') this.#cursor.at++;
      return true;
    }
    if (character === ',' && bracket.kind !== 'group') {
      this.#numerals.separateBy('comma', this.#cursor.at);
      this.#cursor.at++;
      return true;
    }
    if (bracket.kind === 'list' && spaced && this.#beginsElement()) {
      this.#numerals.separateBy('space', this.#cursor.at);
      return true;
    }
    throw this.#unexpected(bracket.kind === 'group' ? '")"' : `"," or "${close}"`);
  }

  #end(): void {
    this.#cursor.skip();
    if (this.#text[this.#cursor.at] === ';') this.#cursor.at++;
    this.#cursor.skip();
    if (this.#text.startsWith('//', this.#cursor.at))
      this.#cursor.at = skipBlanks(this.#text, this.#cursor.lineEnd(this.#cursor.at));
    if (this.#cursor.at >= this.#text.length) return;
    const character = this.#text[this.#cursor.at]!;
    if (character === '.' || character === '[') {
      if (this.#cursor.isEllipsis()) throw incomplete(this.#cursor);
      const sentence =
        character === '.'
          ? t`A method or property of an array is code. ${neverRun()}`
          : t`An index into an array is code. ${neverRun()}`;
      throw this.#cursor.refuse(sentence, {
        found: this.#cursor.describe(this.#cursor.at),
        expected: t('the end of the text after the array'),
      });
    }
    if (character === ',') {
      throw this.#cursor.refuse(t('There is more than one array here, or a tuple without its parentheses.'), {
        found: '","',
        expected: t('one array, or brackets around all of them'),
      });
    }
    throw this.#unexpected(t('the end of the text after the array'));
  }

  // Lists and tuples.

  #open(kind: 'list' | 'tuple' | 'group'): true {
    this.#brackets.open(kind);
    this.#cursor.at++;
    return true;
  }

  #close(): false {
    this.#brackets.close();
    this.#cursor.at++;
    return this.#completed(1);
  }

  /** So many elements of the innermost open bracket are complete. Nothing is wanted after them. */
  #completed(count: number): false {
    this.#brackets.completed(count);
    return false;
  }

  /** Whether the parenthesis here opens a tuple: it holds a comma, or nothing. */
  #isTuple(): boolean {
    const first = skipBlanks(this.#text, this.#cursor.at + 1);
    return this.#text[first] === ')' || this.#text[this.#cursor.boundary(first, ',')] === ',';
  }

  #beginsElement(): boolean {
    const at = this.#cursor.at;
    if (this.#numerals.startsAt(at) || this.#text[at] === '[' || this.#cursor.isEllipsis()) return true;
    return isNameStart(this.#cursor.code(this.#text[at] === '-' || this.#text[at] === '+' ? at + 1 : at));
  }

  // Numbers.

  #numbers(bracket: Bracket | undefined): boolean {
    this.#brackets.meetNumber(this.#cursor.at);
    if (bracket?.kind !== 'list' && bracket?.kind !== 'tuple') {
      this.#cursor.at = this.#numerals.read(this.#cursor.at, false, false);
      return this.#completed(1);
    }
    const before = this.#elements.length;
    this.#cursor.at = this.#numerals.read(this.#cursor.at, true, bracket.kind === 'list');
    this.#completed(this.#elements.length - before);
    return this.#numerals.passedComma;
  }

  #number(value: number, kind: number): false {
    this.#elements.push(value);
    this.#numerals.kinds |= kind;
    return this.#completed(1);
  }

  /** A sign that does not belong to a numeral: `-inf`, `- 1`, `-float('inf')`. */
  #signed(sign: '-' | '+'): boolean {
    const signAt = this.#cursor.at;
    this.#cursor.at = skipBlanks(this.#text, signAt + 1);
    if (this.#numerals.startsAt(this.#cursor.at) && isDigitOrPoint(this.#text[this.#cursor.at])) {
      this.#brackets.meetNumber(signAt);
      this.#cursor.at = this.#numerals.read(this.#cursor.at, false, false);
      this.#completed(1);
    } else {
      const at = this.#cursor.at;
      const name = this.#cursor.isName() ? this.#cursor.name() : '';
      const value = name === 'float' ? this.#floatCall() : numberNamed(name);
      if (value === undefined) {
        this.#cursor.at = at;
        throw this.#unexpected(t('a number after the sign'));
      }
      this.#brackets.meetNumber(signAt);
      this.#number(value, floatKind);
    }
    if (sign === '-') this.#elements.negateLast();
    return false;
  }

  /** The number that Python's `float(…)` makes; its name has been read. */
  #floatCall(): number {
    this.#cursor.skip();
    if (this.#text[this.#cursor.at] !== '(') throw this.#unexpected(t('"(" after float'));
    this.#cursor.at = skipBlanks(this.#text, this.#cursor.at + 1);
    const close = this.#cursor.boundary(this.#cursor.at, '');
    const argument = this.#text.slice(this.#cursor.at, close).trim();
    const quote = argument[0];
    const quoted = (quote === '"' || quote === "'") && argument.length > 1 && argument.endsWith(quote);
    const written = (quoted ? argument.slice(1, -1).trim() : argument).toLowerCase();
    const special = /^[+-]?(?:inf|infinity|nan)$/.test(written) && quoted;
    const plain = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/.test(written);
    if (!(special || plain) || close >= this.#text.length) {
      throw this.#cursor.refuse(t`This is no number. ${neverRun()}`, {
        found: `float(${argument.slice(0, 20)}`,
        expected: t("a number, or float('nan') or float('inf')"),
      });
    }
    this.#cursor.at = close + 1;
    if (plain) return Number(written);
    return written.endsWith('nan') ? Number.NaN : written.startsWith('-') ? -Infinity : Infinity;
  }

  // Names: constants, calls, and the target of an assignment.

  #named(at: number, name: string): boolean {
    const truth = truthNamed(name);
    const number = truth ?? numberNamed(name);
    if (number !== undefined) {
      this.#brackets.meetNumber(at);
      return this.#number(number, truth === undefined ? floatKind : booleanKind);
    }
    if (
      name === 'Parameter' &&
      /^\s+containing:/.test(this.#text.slice(this.#cursor.at, this.#cursor.at + 20))
    ) {
      this.#cursor.at = this.#text.indexOf(':', this.#cursor.at) + 1;
      return true;
    }
    if (name === 'None' || name === 'null' || name === 'undefined') {
      this.#cursor.at = at;
      throw this.#cursor.refuse(t`${name} is no number.`, {
        found: name,
        expected: t('a number (for a missing one, nan)'),
      });
    }
    const next = skipBlanks(this.#text, this.#cursor.at);
    if (name === 'float' && this.#text[next] === '(') {
      const value = this.#floatCall();
      this.#brackets.meetNumber(at);
      return this.#number(value, floatKind);
    }
    if (this.#text[next] === '(') {
      this.#cursor.at = next;
      return this.#calls.open(name, at);
    }
    if (this.#brackets.depth === 0 && declarations.has(name) && isNameStart(this.#cursor.code(next)))
      return true;
    if (this.#brackets.depth === 0 && this.#assignment(next)) return true;
    this.#cursor.at = at;
    throw this.#cursor.refuse(
      this.#text[next] === '"' || this.#text[next] === "'"
        ? t('A string is no number.')
        : t`A name is no number. ${neverRun()}`,
      {
        found: this.#cursor.describe(at),
        expected: this.#brackets.depth > 0 ? t('a number') : expectedArray(),
      },
    );
  }

  /** After a target, whatever it is (`y`, `self.y: Tensor`, `batch['y']`): moves to what is assigned to it. */
  #assignment(next: number): boolean {
    let at = next;
    if (this.#text[at] === '[' || this.#text[at] === ':') at = this.#cursor.boundary(at, '=\n');
    if (this.#text[at] !== '=' || this.#text[at + 1] === '=') return false;
    this.#cursor.at = at + 1;
    return true;
  }

  #unexpected(expected: string): LossLensError {
    return unexpected(this.#cursor, this.#brackets, expected);
  }
}

function isDigitOrPoint(character: string | undefined): boolean {
  return character !== undefined && (character === '.' || isDigit(character.charCodeAt(0)));
}
