/** A kernel over a memory: what it is called with. */
export type Run = (block: number, begin: number, end: number, sums: number) => void;

export const instantiate = (module: WebAssembly.Module, memory: WebAssembly.Memory): Run =>
  new WebAssembly.Instance(module, { env: { memory } }).exports['run'] as Run;

/**
 * A range is run in 64 pieces: V8 starts a kernel in its quick, slow compilation and changes to the optimised one only at
 * the next call; and between two pieces a cancellation is seen.
 */
export const pieceOf = (begin: number, end: number): number => Math.max(1, Math.ceil((end - begin) / 64));
