/** What is said of a text that is no array, or not all of one. */
import { t } from '@vscode/l10n';
import type { LossLensError } from '../../errors.ts';
import type { Brackets } from './brackets.ts';
import type { Cursor } from './cursor.ts';

export const expectedArray = (): string =>
  t('an array such as [[0.5, 1.0], [2.0, 3.0]], or a printout of one');
export const neverRun = (): string =>
  t('Text is only read, never run: print the array and use what it prints.');
const wholeArray = (): string =>
  t(
    'Print all of it: np.set_printoptions(threshold=sys.maxsize), or torch.set_printoptions(profile="full").',
  );

/** After a number: the rest of it, or a sum with it. */
const imaginary = /^[\d.](?:[+-][\d.]+(?:e[+-]?\d+)?)?j/i;
const operators = '+-*/%@&|^~!?<>=';

export function incomplete(cursor: Cursor): LossLensError {
  return cursor.failure('incomplete', cursor.at, t`This is not the whole array. ${wholeArray()}`, {
    found: t('"..." in place of elements'),
    expected: t('every element'),
  });
}

/** Something else than `expected` stands at the cursor. */
export function unexpected(cursor: Cursor, brackets: Brackets, expected: string): LossLensError {
  const { at, text } = cursor;
  if (cursor.isEllipsis()) return incomplete(cursor);
  const open = brackets.outermost();
  if (at >= text.length && open) {
    return cursor.failure('incomplete', at, t('The text ends before the array does.'), {
      found: t`the end of the text, with ${brackets.depth} brackets still open, the first of them ${cursor.describe(open.offset)} at offset ${open.offset}`,
      expected,
    });
  }
  const next = text[at];
  let sentence = t('No array can be read here.');
  if (imaginary.test(text.slice(Math.max(at - 1, 0), at + 40))) {
    sentence = t('Losses here take real numbers, not complex ones.');
  } else if (at >= text.length) {
    sentence = t('There is no array in this text.');
  } else if (next !== undefined && operators.includes(next)) {
    sentence = t`An expression is no number. ${neverRun()}`;
  }
  return cursor.refuse(sentence, { found: cursor.describe(at), expected });
}
