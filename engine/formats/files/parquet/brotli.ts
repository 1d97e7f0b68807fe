/** Brotli (RFC 7932), in pieces, of which no more are unpacked than a page may have. */
import { BrotliDecStream, BrotliStreamResultCode, initSync } from 'brotli-dec-wasm/web';
import { compiled, type Decoders } from '../decoders.ts';
import type { Unpack } from './unpack.ts';

/** Bytes that go in, and come out, at a time. */
const piece = 2 ** 16;

/** Compiled and instantiated once: what a page takes is given back before the next. */
export async function brotli(decoders: Decoders): Promise<Unpack> {
  initSync({ module: await compiled('brotli', decoders) });
  return unpackBrotli;
}

function unpackBrotli(packed: Uint8Array, length: number): Uint8Array | undefined {
  // A window of up to 1 GB, which the decoder would allocate and the RFC does not know.
  if ((packed[0]! & 0x7f) === 0x11) return undefined;
  const out = new Uint8Array(length);
  const stream = new BrotliDecStream();
  try {
    let [at, written] = [0, 0];
    while (true) {
      // One byte more than there may be tells that there are too many.
      const result = stream.dec(packed.subarray(at, at + piece), Math.min(piece, length - written + 1));
      const { buf: made, code, input_offset: used } = result;
      result.free();
      at += used;
      if (written + made.length > length) return undefined;
      out.set(made, written);
      written += made.length;
      if (code === BrotliStreamResultCode.ResultSuccess)
        return written === length && at === packed.length ? out : undefined;
      if (code === BrotliStreamResultCode.NeedsMoreInput && at >= packed.length) return undefined;
    }
  } finally {
    stream.free();
  }
}
