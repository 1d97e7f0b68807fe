/** LZ4 as Parquet has it: one block, or blocks that are each headed by their sizes, as Hadoop writes them. */

/**
 * @param length  bytes that must come of it
 * @returns nothing where the bytes do not make exactly that many
 */
export function unpackLz4(packed: Uint8Array, length: number): Uint8Array | undefined {
  return unpackHeaded(packed, length) ?? unpackLz4Raw(packed, length);
}

/** One block without a head; else as `unpackLz4`. */
export function unpackLz4Raw(packed: Uint8Array, length: number): Uint8Array | undefined {
  const out = new Uint8Array(length);
  return unpackBlock(packed, out, 0) === length ? out : undefined;
}

function unpackHeaded(packed: Uint8Array, length: number): Uint8Array | undefined {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const out = new Uint8Array(length);
  let written = 0;
  for (let at = 0; at < packed.length; ) {
    if (at + 8 > packed.length) return undefined;
    const end = written + view.getUint32(at);
    const start = at + 8;
    at = start + view.getUint32(at + 4);
    if (at > packed.length || end > length) return undefined;
    if (unpackBlock(packed.subarray(start, at), out, written) !== end) return undefined;
    written = end;
  }
  return written === length ? out : undefined;
}

/** @returns where the output ends; -1 where the block breaks off, reaches before the output or beyond it */
function unpackBlock(block: Uint8Array, out: Uint8Array, from: number): number {
  let [at, to] = [0, from];
  /** A length goes on for as long as its bytes are full; one that breaks off is longer than anything. */
  const rest = (nibble: number): number => {
    let count = nibble;
    for (let byte = nibble === 15 ? 255 : 0; byte === 255; ) {
      if (at >= block.length) return Number.POSITIVE_INFINITY;
      byte = block[at++]!;
      count += byte;
    }
    return count;
  };
  while (at < block.length) {
    const token = block[at++]!;
    const literals = rest(token >> 4);
    if (at + literals > block.length || to + literals > out.length) return -1;
    out.set(block.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    // The last sequence has no match.
    if (at === block.length) return to;
    if (at + 2 > block.length) return -1;
    const distance = block[at]! | (block[at + 1]! << 8);
    at += 2;
    const end = to + rest(token & 15) + 4;
    if (distance === 0 || to - distance < from || end > out.length) return -1;
    for (; to < end; to++) out[to] = out[to - distance]!;
  }
  return to;
}
