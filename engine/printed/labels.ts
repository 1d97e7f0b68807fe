/** What the text before an array calls it. */

/** Characters before an array in which its label is looked for. */
const looked = 300;
const longest = 40;
const mostWords = 4;

/**
 * The label of what begins at `start`: `pred: `, `pred = `, `"pred": `, a word and a blank, or a line of its own
 * above. `undefined` where there is none.
 * @param from  where the array before has ended
 */
export function labelBefore(text: string, start: number, from: number): string | undefined {
  const around = text.slice(Math.max(from, start - looked), start).replace(/Parameter containing:\s*$/, '');
  const [line = '', above = ''] = around.split('\n').reverse();
  if (line.trim() !== '') return labelOf(line.trim());
  // An empty line in between separates.
  return /[:=]$/.test(above.trimEnd()) ? labelOf(above.trim()) : undefined;
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
  const isLong = phrase.split(/\s+/).length > mostWords;
  // The first five rows of X are not X.
  if (isLong && /\b(?:first|last|top)\b/i.test(phrase)) return undefined;
  // The last word of a sentence is a name where it is written as one.
  const isNamed = subscripted || /[_.\dA-Z]|^[a-z]$/.test(reference?.[0] ?? '');
  const label = !subscripted && !isLong ? phrase : isNamed ? reference?.[0] : undefined;
  return label && /[\p{L}]/u.test(label) && label.length <= longest ? label : undefined;
}
