/** Work that nobody waits for. It is done in pieces, all of it in turns, and not while somebody is answered. */
import type { Steps } from '../engine/index.ts';

/** Milliseconds that the extension host does nothing else. */
const piece = 8;

let asked = 0;
let turn: Promise<void> = Promise.resolve();

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
export async function inBackground<R>(steps: Steps<R>, isWanted: () => boolean): Promise<R | undefined> {
  for (;;) {
    turn = turn.then(pause);
    await turn;
    if (!isWanted()) return undefined;
    const end = performance.now() + piece;
    do {
      const { done, value } = steps.next();
      if (done) return value;
    } while (performance.now() < end);
  }
}

async function pause(): Promise<void> {
  do await new Promise((resolve) => setTimeout(resolve));
  while (asked > 0);
}
