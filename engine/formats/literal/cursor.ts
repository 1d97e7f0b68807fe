/** The place in a text that has been read up to. */
import type { ErrorDetails, LossLensError } from '../../errors.ts';
import { isNamePart, isNameStart, Source } from '../source.ts';
import { skipBlanks } from './numerals.ts';

const hash = 35;
const backslash = 92;

export class Cursor extends Source {
  at = 0;

  /** 0 behind the end. */
  code(offset: number): number {
    return offset < this.text.length ? this.text.charCodeAt(offset) : 0;
  }

  /** Passes blanks, comments and continued lines. */
  skip(): void {
    const { text } = this;
    let at = skipBlanks(text, this.at);
    for (let code = this.code(at); code === hash || code === backslash; code = this.code(at)) {
      if (code === hash) at = this.lineEnd(at);
      else if (/^\\\r?\n/.test(text.slice(at, at + 3))) at++;
      else break;
      at = skipBlanks(text, at);
    }
    this.at = at;
  }

  /** Does a name stand here? */
  isName(): boolean {
    return isNameStart(this.code(this.at));
  }

  /** Reads the dotted name here. */
  name(): string {
    const start = this.at;
    let at = start;
    while (at < this.text.length && isNamePart(this.code(at))) {
      at++;
      if (this.text[at] === '.' && isNameStart(this.code(at + 1))) at++;
    }
    this.at = at;
    return this.text.slice(start, at);
  }

  /** Does `...` or `…` stand here, or begin in the character before? */
  isEllipsis(): boolean {
    return (
      this.text[this.at] === '…' || this.text.slice(Math.max(this.at - 1, 0), this.at + 3).includes('...')
    );
  }

  /** The error for what stands here and makes no array. */
  refuse(sentence: string, details: ErrorDetails): LossLensError {
    return this.failure('no-array', this.at, sentence, details);
  }
}
