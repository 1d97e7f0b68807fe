/**
 * The engine, run on first use so that activation costs nothing. What is loaded at activation takes values of the
 * engine from here and only types directly (`import type`); the build checks it. There is one engine in the process.
 */
export type Engine = typeof import('../engine/node.ts');

export function engine(): Promise<Engine> {
  return import('../engine/node.ts');
}
