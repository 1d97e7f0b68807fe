/** What the text before an array calls it. */

const longest = 40;
const mostWords = 4;

/**
 * The label of what begins at `start`: `pred: `, `pred = `, `"pred": `, a word and a blank, or a line of its own
 * above. `undefined` where there is none.
 * @param from  where the array before has ended
 */
export function labelBefore(text: string, start: number, from: number): string | undefined {
  const lineStart = Math.max(text.lastIndexOf('\n', start - 1) + 1, from);
  const before = text
    .slice(lineStart, start)
    .replace(/Parameter containing:\s*$/, '')
    .trim();
  if (before !== '') return labelOf(before);
  const above = text
    .slice(from, lineStart)
    .replace(/Parameter containing:\s*$/, '')
    .trimEnd();
  const line = above.slice(above.lastIndexOf('\n') + 1);
  // Blank lines in between separate.
  return /[:=]$/.test(line) && !/\n\s*\n\s*$/.test(text.slice(from, lineStart).slice(above.length - 1))
    ? labelOf(line)
    : undefined;
}

function labelOf(before: string): string | undefined {
  const marked = /^(?<words>[\s\S]*?)\s*(?:=|:|->|is|are)$/.exec(before);
  if (!marked) return /^[A-Za-z_]\w*$/.test(before) ? before : undefined;
  const { words } = marked.groups!;
  const reference = /[A-Za-z_][\w.]*(?:\[(?:\d+|'[^']*'|"[^"]*")\])*$/.exec(words!);
  const phrase = words!
    .split(/[,;|:={}()[\]>]|\s{2,}|\t/)
    .at(-1)!
    .trim()
    .replace(/^(?:[-+.\d\s]+|[-*#•]\s*)+/, '')
    .replace(/^['"]|['"]$/g, '')
    .trim();
  const subscripted = /\[['"\d][^\]]*\]$/.test(words!);
  const label = subscripted || phrase.split(/\s+/).length > mostWords ? reference?.[0] : phrase;
  return label && /[\p{L}]/u.test(label) && label.length <= longest ? label : undefined;
}
