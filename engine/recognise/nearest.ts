/** Which of the losses that a source names is meant at an offset. */
import type { Range } from './recognised.ts';

export interface Candidate {
  readonly name: Range;
  /** The call, or the bare name. */
  readonly whole: Range;
}

/** The innermost call around the offset; else the loss that its line names, the nearest one. */
export function nearest<C extends Candidate>(
  text: string,
  candidates: Iterable<C>,
  offset: number,
): C | undefined {
  let innermost: C | undefined;
  let closest: C | undefined;
  let distance = Number.POSITIVE_INFINITY;
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const nextLine = text.indexOf('\n', offset);
  const lineEnd = nextLine < 0 ? text.length : nextLine;
  for (const candidate of candidates) {
    const { name, whole } = candidate;
    if (whole.start <= offset && offset <= whole.end) {
      // They are nested, so the one that starts last is the innermost; `made(…)(…)` beats `made(…)` alone.
      if (!innermost || whole.start > innermost.whole.start) innermost = candidate;
    }
    if (name.end < lineStart || name.start > lineEnd) continue;
    const away = Math.max(name.start - offset, offset - name.end, 0);
    if (away < distance) {
      distance = away;
      closest = candidate;
    }
  }
  return innermost ?? closest;
}
