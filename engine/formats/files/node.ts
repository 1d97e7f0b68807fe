/** The readers of files as Node loads them: of this machine's disks, with the decoders of pictures at hand. The entry of `dist/files.mjs`. */
import { readFile } from 'node:fs/promises';
import type { Decoders } from './index.ts';

export { diskFile } from './disk.ts';
export * from './index.ts';

const inSources = import.meta.url.endsWith('.ts');
const modules = '../../../node_modules/@jsquash';
const places = inSources
  ? { jpeg: `${modules}/jpeg/codec/dec/mozjpeg_dec.wasm`, webp: `${modules}/webp/codec/dec/webp_dec.wasm` }
  : { jpeg: './jpeg.wasm', webp: './webp.wasm' };

/** Those that lie beside this file. */
export const decoders: Decoders = (codec) => readFile(new URL(places[codec], import.meta.url));
