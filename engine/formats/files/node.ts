/** The readers of files as Node loads them: of this machine's disks, with the decoders at hand. The entry of `dist/files.mjs`. */
import { readFile } from 'node:fs/promises';
import type { Codec, Decoders } from './index.ts';

export { diskFile } from './disk.ts';
export * from './index.ts';

const inSources = import.meta.url.endsWith('.ts');
const packages = '../../../node_modules';
const places: Readonly<Record<Codec, string>> = inSources
  ? {
      jpeg: `${packages}/@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm`,
      webp: `${packages}/@jsquash/webp/codec/dec/webp_dec.wasm`,
      brotli: `${packages}/brotli-dec-wasm/pkg/brotli_dec_wasm_bg.wasm`,
    }
  : { jpeg: './jpeg.wasm', webp: './webp.wasm', brotli: './brotli.wasm' };

/** Those that lie beside this file. */
export const decoders: Decoders = (codec) => readFile(new URL(places[codec], import.meta.url));
