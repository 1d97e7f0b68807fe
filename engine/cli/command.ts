/** What a command of the command line is, and how it reads its words. */
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Exit codes, as the help and README.md state them. */
export const exit = { done: 0, refused: 1, misused: 2, failed: 3 } as const;

export interface Output {
  print(text: string): void;
  /** For people, beside what is printed for programs. */
  note(text: string): void;
}

export interface Command {
  readonly name: string;
  /** What follows the name. */
  readonly usage: string;
  readonly summary: string;
  /** Everything below the first line of its help. */
  readonly help: string;
  /** @returns the exit code @throws UsageError, LossLensError */
  run(words: readonly string[], output: Output): Promise<number>;
}

/** Words that make no sense: what was found, what was expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** @throws UsageError for an option that there is not, or that lacks its value */
export function parse<const T extends Options>(words: readonly string[], options: T) {
  try {
    return parseArgs({ args: joined(words), options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(
      error instanceof Error ? error.message.replace(/\. To specify a pos[\s\S]*$/, '.') : '',
    );
  }
}

/** One of some words. @throws UsageError that names them */
export function oneOf<T extends string>(option: string, word: string, known: readonly T[]): T {
  const found = known.find((each) => each === word);
  if (found === undefined) {
    throw new UsageError(`--${option} is '${word}'. Expected: ${known.join(', ')}.`);
  }
  return found;
}

/** `--delta -1` as `--delta=-1`: a number is no option. */
function joined(words: readonly string[]): string[] {
  const list: string[] = [];
  for (const word of words) {
    const option = list.at(-1);
    if (/^-[\d.]/.test(word) && option && /^--[^=]+$/.test(option))
      list[list.length - 1] = `${option}=${word}`;
    else list.push(word);
  }
  return list;
}
