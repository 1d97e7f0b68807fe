/** A kernel over a memory: what it is called with. */
export type Run = (block: number, begin: number, end: number, sums: number) => void;

export const instantiate = (module: WebAssembly.Module, memory: WebAssembly.Memory): Run =>
  new WebAssembly.Instance(module, { env: { memory } }).exports['run'] as Run;
