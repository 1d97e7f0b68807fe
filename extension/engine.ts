/**
 * The engine with worker threads, run on first use. There is one in the process, whichever module it is reached by.
 */
export type Engine = typeof import('../engine/node.ts');

export function engine(): Promise<Engine> {
  return import('../engine/node.ts');
}
