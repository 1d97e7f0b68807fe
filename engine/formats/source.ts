/** A text that is being read: what stands where, and errors that say where. */
import { t } from '@vscode/l10n';
import { type ErrorCode, type ErrorDetails, LossLensError, placeInText } from '../errors.ts';

const longestQuote = 30;

export class Source {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The error for what stands at `offset`: its line and column open the sentence and are among the details. */
  failure(code: ErrorCode, offset: number, sentence: string, details: ErrorDetails = {}): LossLensError {
    let line = 1;
    let lineStart = 0;
    for (let at = this.text.indexOf('\n'); at >= 0 && at < offset; at = this.text.indexOf('\n', at + 1)) {
      line++;
      lineStart = at + 1;
    }
    const column = offset - lineStart + 1;
    return new LossLensError(code, `${placeInText(line, column)} ${sentence}`, {
      ...details,
      offset,
      line,
      column,
    });
  }

  /** What stands at `offset`, for a person: a word, a character, or the end of the text. */
  describe(offset: number): string {
    if (offset >= this.text.length) return t('the end of the text');
    let end = offset;
    while (end < this.text.length && end - offset < longestQuote && isNamePart(this.text.charCodeAt(end)))
      end++;
    const quoted =
      end > offset ? this.text.slice(offset, end) : String.fromCodePoint(this.text.codePointAt(offset)!);
    return JSON.stringify(quoted);
  }

  /**
   * The first place from `offset` on, outside every bracket, string and comment, where a character of `stops` (any
   * of comma, equals sign, blank and line end) or a bracket that closes nothing stands; the text's length if there
   * is none.
   */
  boundary(offset: number, stops: string): number {
    let depth = 0;
    let at = offset;
    for (; at < this.text.length; at++) {
      const code = this.text.charCodeAt(at);
      if (code >= structural.length || structural[code] === 0) continue;
      const character = this.text[at]!;
      if (depth === 0 && stops.includes(character)) return at;
      if (openers.includes(character)) depth++;
      else if (closers.includes(character) && --depth < 0) return at;
      else if (character === '"' || character === "'") at = this.stringEnd(at) - 1;
      else if (character === '#') at = this.lineEnd(at) - 1;
    }
    return this.text.length;
  }

  /** After the closing quote of the string that opens at `offset`; the text's length where it never closes. */
  stringEnd(offset: number): number {
    const quote = this.text[offset];
    let at = offset + 1;
    while (at < this.text.length && this.text[at] !== quote) at += this.text[at] === '\\' ? 2 : 1;
    return Math.min(at + 1, this.text.length);
  }

  lineEnd(offset: number): number {
    const end = this.text.indexOf('\n', offset);
    return end < 0 ? this.text.length : end;
  }
}

const openers = '([{<';
const closers = ')]}>';
/** 1 at the codes of characters that `boundary` has to look at; the others it passes at once. */
const structural = new Uint8Array(128);
for (const character of `${openers}${closers}"'#,= \n`) structural[character.charCodeAt(0)] = 1;

/** A letter, digit, underscore, or anything beyond ASCII that is neither a blank nor punctuation met in arrays. */
export function isNamePart(code: number): boolean {
  return isNameStart(code) || (code >= 48 && code <= 57);
}

export function isNameStart(code: number): boolean {
  const letter = code | 32;
  return (
    (letter >= 97 && letter <= 122) ||
    code === 95 ||
    (code > 0xbf && (code < 0x2000 || code > 0x2fff) && code < 0xfeff)
  );
}
