/** What libraries print when a loss is misused, and the page of this folder that says what is behind it. */
import { texts } from './texts.ts';

export interface Message {
  /** The page's name in this folder, without `.md`. */
  readonly page: string;
  /** Where the telling words stand, UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
}

/**
 * The known messages in an output, in order; of two that overlap, the longer one. Only words that say enough to name
 * the cause are known: a shape error that any operation may raise is left alone.
 * @param output  plain text, without terminal control sequences
 */
export function findMessages(output: string): readonly Message[] {
  const found = Object.entries(texts).flatMap(([page, patterns]) =>
    patterns.flatMap((pattern) =>
      [...output.matchAll(pattern)].map((match): Message => {
        return { page, start: match.index, end: match.index + match[0].length };
      }),
    ),
  );
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const apart: Message[] = [];
  for (const message of found) {
    const before = apart.at(-1);
    if (before && message.start < before.end) continue;
    apart.push(message);
  }
  return apart;
}
