/** The open brackets and calls around a place in a text, and the shape that their rows have so far. */
import { t } from '@vscode/l10n';
import type { LossLensError } from '../../errors.ts';
import type { Call } from './calls.ts';
import type { Cursor } from './cursor.ts';
import { expectedArray } from './refusals.ts';

/** Brackets and calls inside one another; NumPy stops at as many dimensions. */
const deepest = 64;

/** A group is a pair of parentheses around one value, which in Python makes no tuple. */
export interface Bracket {
  kind: 'list' | 'tuple' | 'group' | 'call';
  offset: number;
  /** Elements that are complete. */
  count: number;
  call: Call | undefined;
}

export function closerOf(bracket: Bracket): string {
  return bracket.kind === 'list' ? ']' : (bracket.call?.close ?? ')');
}

export class Brackets {
  readonly #cursor: Cursor;
  /** The first `depth` are open; the others are used again. */
  readonly #brackets: Bracket[] = [];
  depth = 0;
  /** Open lists and tuples: the dimensions that the next element would have. */
  level = 0;
  /** The rows' lengths at each level, -1 until one is complete. */
  readonly extents: number[] = [];
  /** At which level numbers stand, -1 until one is met. */
  rank = -1;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  innermost(): Bracket | undefined {
    return this.depth > 0 ? this.#brackets[this.depth - 1] : undefined;
  }

  outermost(): Bracket | undefined {
    return this.depth > 0 ? this.#brackets[0] : undefined;
  }

  /** The bracket at the cursor. @throws LossLensError `ragged` where a number belongs, `no-array` where too many are open. */
  open(kind: 'list' | 'tuple' | 'group'): void {
    const offset = this.#cursor.at;
    if (kind !== 'group') {
      if (this.level === this.rank) {
        throw this.#ragged(offset, t('a row'), t('a number, as in the places before'));
      }
      this.level++;
      if (this.extents.length < this.level) this.extents.push(-1);
    }
    this.#push(kind, offset, undefined);
  }

  /** A call whose name begins at `offset`. @throws LossLensError `no-array` where too many are open. */
  openCall(call: Call, offset: number): void {
    this.#push('call', offset, call);
  }

  #push(kind: Bracket['kind'], offset: number, call: Call | undefined): void {
    if (this.depth === deepest) {
      throw this.#cursor.refuse(t`Brackets are nested more than ${deepest} deep.`, {
        expected: expectedArray(),
      });
    }
    const bracket = this.#brackets[this.depth];
    if (bracket) {
      bracket.kind = kind;
      bracket.offset = offset;
      bracket.count = 0;
      bracket.call = call;
    } else {
      this.#brackets.push({ kind, offset, count: 0, call });
    }
    this.depth++;
  }

  /** Closes the innermost, which is complete with it. @throws LossLensError `ragged`. */
  close(): void {
    const { kind, offset, count } = this.innermost()!;
    this.depth--;
    if (kind === 'list' || kind === 'tuple') {
      this.level--;
      const extent = this.extents[this.level]!;
      if (extent < 0) this.extents[this.level] = count;
      else if (extent !== count) {
        throw this.#ragged(offset, t`a row of ${count}`, t`a row of ${extent}, as the ones before`);
      }
    }
  }

  /** So many more elements of the innermost are complete. */
  completed(count: number): void {
    if (this.depth === 0) return;
    const bracket = this.#brackets[this.depth - 1]!;
    bracket.count += count;
    if (bracket.call) bracket.call.data = 'after';
  }

  /** @throws LossLensError `ragged` where a number stands in place of a row. */
  meetNumber(offset: number): void {
    if (this.rank < 0 && this.extents.length === this.level) this.rank = this.level;
    else if (this.rank !== this.level) {
      const extent = this.extents[this.level] ?? -1;
      throw this.#ragged(
        offset,
        t('a number'),
        extent < 0 ? t('a row') : t`a row of ${extent}, as the ones before`,
      );
    }
  }

  #ragged(offset: number, found: string, expected: string): LossLensError {
    const index = this.#brackets
      .slice(0, this.depth)
      .flatMap(({ kind, count }) => (kind === 'list' || kind === 'tuple' ? [count] : []));
    return this.#cursor.failure(
      'ragged',
      offset,
      t`Row [${index.join(', ')}] differs from the ones before it.`,
      { found, expected, index },
    );
  }
}
