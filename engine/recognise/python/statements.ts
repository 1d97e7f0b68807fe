/**
 * Where the statements of a module begin, by strings, brackets and indentation alone: a hundredth of the time of parsing
 * it. So a statement can be parsed when something is asked of it, and again when it changes, and the others not.
 */
import type { Stretch } from '../document.ts';

const definition = /(?:async[ \t]+)?(?:def|class)[ \t]+([\w\u0080-\uffff]+)/y;
/** What goes on with a statement above it. */
const continuation = /(?:elif|else|except|finally)\b/y;
/** What cannot stand in brackets: one before it was not closed yet. */
const surelyNew = /(?:(?:async[ \t]+)?def|class|import)[ \t]|from[ \t]+[\w.]+[ \t]+import\b/y;
/** By which a definition may bind other names than its own in the module. */
const binding = /:=|\bglobal\b/g;

const newline = 10;
const carriageReturn = 13;

export function statementsOf(text: string): readonly Stretch[] {
  const found: { start: number; defines?: string | undefined }[] = [];
  /** The statement so far is decorators. */
  let decorators = false;
  let depth = 0;
  const begin = (at: number): void => {
    const last = found.at(-1);
    const decorated = decorators;
    decorators = text[at] === '@';
    const defines = matchAt(definition, text, at)?.[1];
    // What is not closed may hold anything.
    if (depth > 0 && last) last.defines = undefined;
    depth = 0;
    if (decorated && last) last.defines = defines;
    else if (!last || last.defines !== undefined || !matchAt(continuation, text, at)) {
      // What is indented before the first one may be anything as well.
      found.push(last || at === 0 ? { start: at, defines } : { start: 0 });
    }
  };
  if (!isBlank(text.charCodeAt(0))) begin(0);
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at++);
    switch (code) {
      case 34: // "
      case 39: // '
        at = stringEnd(text, at - 1);
        break;
      case 35: // #
        at = lineEnd(text, at);
        break;
      case 40: // (
      case 91: // [
      case 123: // {
        depth++;
        break;
      case 41: // )
      case 93: // ]
      case 125: // }
        if (depth > 0) depth--;
        break;
      case 92: // \
        at += escaped(text, at);
        break;
      case newline:
      case carriageReturn:
        if (isBlank(text.charCodeAt(at))) break;
        if (depth === 0 || matchAt(surelyNew, text, at)) begin(at);
        break;
      default:
        break;
    }
  }
  const last = found.at(-1);
  if (!last) return [{ start: 0 }];
  if (depth > 0) last.defines = undefined;
  let index = 0;
  for (const { index: at } of text.matchAll(binding)) {
    while (index + 1 < found.length && found[index + 1]!.start <= at) index++;
    found[index]!.defines = undefined;
  }
  return found;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Whether a line that begins so begins no statement of the module: it is indented, empty or a comment. */
function isBlank(code: number): boolean {
  return code <= 32 || code === 35 || Number.isNaN(code);
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** The length of what a backslash before `at` escapes; a line's end may be two code units. */
function escaped(text: string, at: number): number {
  return text.charCodeAt(at) === carriageReturn && text.charCodeAt(at + 1) === newline ? 2 : 1;
}

/** Where the string that begins at `start` ends; an open one at its line's end, or the text's. */
function stringEnd(text: string, start: number): number {
  const quote = text[start]!;
  const triple = quote.repeat(3);
  const isLong = text.startsWith(triple, start);
  const code = quote.charCodeAt(0);
  for (let at = start + (isLong ? 3 : 1); at < text.length; ) {
    const next = text.charCodeAt(at);
    if (next === 92) at += 1 + escaped(text, at + 1);
    else if (isLong ? next === code && text.startsWith(triple, at) : next === code) {
      return at + (isLong ? 3 : 1);
    } else if (!isLong && (next === newline || next === carriageReturn)) return at;
    else at++;
  }
  return text.length;
}
