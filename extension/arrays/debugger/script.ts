/** Programs in JavaScript and what is compiled to it, debugged by js-debug. */
import { inspect } from './inspect.ts';
import type { Language, Request } from './read.ts';

type Entry = readonly [path: readonly string[], value: string];

function code({ kind, start, end }: Request, entries: readonly Entry[]): string {
  const given = entries.map(([path, value]) => `[${JSON.stringify(path)}, () => (${value})]`);
  return `(${inspect.toString()})(${JSON.stringify(kind)}, ${start}, ${end}, [${given.join(', ')}])`;
}

export const script: Language = {
  code: (request, value) => code(request, [[['value'], value]]),
  written: ([name]) => String(name),
};

/** @param names  of the variables in sight: JavaScript does not enumerate them itself */
export const scriptListing = (names: readonly string[]): string =>
  code(
    { kind: 'list', start: 0, end: 0 },
    names.filter((name) => /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name)).map((name) => [[name], name]),
  );
