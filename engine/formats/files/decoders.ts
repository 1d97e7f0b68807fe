/** Decoders that are WebAssembly in a file of their own, fetched and compiled when a file first needs one. */

export type Codec = 'jpeg' | 'webp' | 'brotli';

/** Where their code comes from. */
export type Decoders = (codec: Codec) => Promise<Uint8Array>;

const modules = new Map<Codec, Promise<WebAssembly.Module>>();

export function compiled(codec: Codec, decoders: Decoders): Promise<WebAssembly.Module> {
  const known = modules.get(codec);
  if (known) return known;
  const module = decoders(codec).then((code) => WebAssembly.compile(code as Uint8Array<ArrayBuffer>));
  modules.set(codec, module);
  // What failed may be tried again.
  module.catch(() => modules.delete(codec));
  return module;
}
