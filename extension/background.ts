/** Work that nobody waits for. It is done piece by piece, one after the other, and not while somebody is answered. */
import type { Steps } from '../engine/index.ts';

/** Milliseconds that the extension host does nothing else. */
const piece = 8;

let asked = 0;
let last: Promise<unknown> = Promise.resolve();

/** An answer that somebody waits for. It must not wait for work in the background. */
export async function answering<R>(answer: () => Promise<R>): Promise<R> {
  asked++;
  try {
    return await answer();
  } finally {
    asked--;
  }
}

/** @returns `undefined` where it was not `isWanted` any more */
export function inBackground<R>(steps: Steps<R>, isWanted: () => boolean): Promise<R | undefined> {
  const done = last.then(() => drained(steps, isWanted));
  last = done.catch(() => undefined);
  return done;
}

async function drained<R>(steps: Steps<R>, isWanted: () => boolean): Promise<R | undefined> {
  for (;;) {
    do {
      await new Promise((resolve) => setTimeout(resolve));
      if (!isWanted()) return undefined;
    } while (asked > 0);
    const end = performance.now() + piece;
    do {
      const { done, value } = steps.next();
      if (done) return value;
    } while (performance.now() < end);
  }
}
