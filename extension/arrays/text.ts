/** The arrays that a text holds by name, in whatever language assigns them: what is offered for an input. */
import type { NdArray } from '../../engine/array.ts';
import { parseArray } from '../../engine/index.ts';

export interface NamedArray {
  readonly name: string;
  /** UTF-16 offset of the name. */
  readonly start: number;
  readonly array: NdArray;
}

const mostArrays = 100;
/** Of one array; a longer one is on disk sooner than in source code. */
const longestLiteral = 1_000_000;

/** `name = […]`, `name = np.array([…], …)`, `name: […]` and `"name": […]`, the latest of a name last. */
export function arraysIn(text: string): NamedArray[] {
  const found: NamedArray[] = [];
  const assignment = /([A-Za-z_$][\w$]*)["']?[ \t]*(?::[ \t]*[\w.[\], ]+?)?[ \t]*[=:][ \t]*(?=[\w.]*[[(])/g;
  for (let match = assignment.exec(text); match && found.length < mostArrays; match = assignment.exec(text)) {
    const from = assignment.lastIndex;
    const to = closing(text, from);
    if (to === undefined) continue;
    const array = read(text.slice(from, to));
    if (!array) continue;
    found.push({ name: match[1]!, start: match.index, array });
    assignment.lastIndex = to;
  }
  return found;
}

function read(text: string): NdArray | undefined {
  try {
    return parseArray(text);
  } catch {
    // Not every bracket is an array.
    return undefined;
  }
}

/** The end of the bracketed expression that begins at `from`; `undefined` when it is left open. */
function closing(text: string, from: number): number | undefined {
  // A bracket, a string or a comment: brackets in the last two do not count.
  const token = /[[\](){}]|(["'])(?:\\.|(?!\1)[^\\\n])*\1|(?:#|\/\/).*/g;
  token.lastIndex = from;
  let depth = 0;
  for (let match = token.exec(text); match && match.index < from + longestLiteral; match = token.exec(text)) {
    if ('[({'.includes(match[0])) depth++;
    else if ('])}'.includes(match[0]) && --depth <= 0) return depth === 0 ? token.lastIndex : undefined;
  }
  return undefined;
}
