/** Zstandard (RFC 8878), strictly: a frame that contradicts itself or its size is refused, and no byte is guessed. */
import { t } from '@vscode/l10n';
import { checksum } from './checksum.ts';
import { corrupt } from './corrupt.ts';
import type { Prefixes } from './entropy.ts';
import { number, readLiterals } from './literals.ts';
import { type Tables, type Written, writeSequences } from './sequences.ts';

const magic = 0xfd2fb528;
const skipped = 0x184d2a5;
const largestBlock = 2 ** 17;

interface Block {
  readonly kind: 'raw' | 'run' | 'compressed';
  /** Bytes of it, or those that a run stands for. */
  readonly size: number;
  readonly start: number;
}

interface Frame {
  /** Of its content, where it says so. */
  readonly size: number | undefined;
  readonly blocks: readonly Block[];
  /** What one of them may unpack to. */
  readonly most: number;
  /** Of the content; absent where none is written. */
  readonly sum?: number;
}

/**
 * The content of the frames in `bytes`, which is `length` bytes long. No more than these are allocated for it, and none
 * before the blocks can have as many.
 * @throws LossLensError `damaged-file`
 */
export function unpackZstd(bytes: Uint8Array, length: number): Uint8Array {
  const frames = framesIn(bytes);
  let most = 0;
  for (const frame of frames) {
    let inBlocks = 0;
    for (const { kind, size } of frame.blocks) inBlocks += kind === 'compressed' ? frame.most : size;
    if (frame.size !== undefined && frame.size > inBlocks)
      throw corrupt(t`at most ${inBlocks} bytes in place of ${frame.size}`);
    most += frame.size ?? inBlocks;
  }
  if (most < length) throw corrupt(t`at most ${most} bytes in place of ${length}`);
  const out = new Uint8Array(length);
  let at = 0;
  for (const frame of frames) at = unpackFrame(bytes, frame, out, at);
  if (at !== length) throw corrupt(t`${at} bytes in place of ${length}`);
  return out;
}

function framesIn(bytes: Uint8Array): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const mark = number(bytes, at, 4);
    if (Math.floor(mark / 16) === skipped) at += 8 + number(bytes, at + 4, 4);
    else if (mark === magic) {
      const { frame, end } = frameAt(bytes, at + 4);
      frames.push(frame);
      at = end;
    } else throw corrupt(t('a part of an unknown kind'));
    if (at > bytes.length) throw corrupt(t('data that end too early'));
  }
  return frames;
}

function frameAt(bytes: Uint8Array, start: number): { readonly frame: Frame; readonly end: number } {
  const flags = bytes[start]!;
  if ((flags & 8) !== 0) throw corrupt(t('a part of an unknown kind'));
  const isWhole = (flags & 32) !== 0;
  let at = start + 1;
  const window = bytes[at] ?? 0;
  if (!isWhole) at++;
  const dictionary = [0, 1, 2, 4][flags & 3]!;
  if (number(bytes, at, dictionary) !== 0) throw corrupt(t('a dictionary that is needed'));
  at += dictionary;
  const digits = [isWhole ? 1 : 0, 2, 4, 8][flags >> 6]!;
  const size = digits === 0 ? undefined : number(bytes, at, digits) + (digits === 2 ? 256 : 0);
  at += digits;
  const base = 2 ** (10 + (window >> 3));
  const most = Math.min(isWhole ? size! : base + (base / 8) * (window & 7), largestBlock);
  const blocks: Block[] = [];
  for (let isLast = false; !isLast; ) {
    if (at + 3 > bytes.length) throw corrupt(t('data that end too early'));
    const header = number(bytes, at, 3);
    isLast = (header & 1) === 1;
    const kind = (['raw', 'run', 'compressed'] as const)[(header >> 1) & 3];
    const size = header >> 3;
    if (!kind || size > (kind === 'compressed' ? largestBlock : most))
      throw corrupt(t('a part of an unknown kind'));
    blocks.push({ kind, size, start: at + 3 });
    at += 3 + (kind === 'run' ? 1 : size);
    if (at > bytes.length) throw corrupt(t('data that end too early'));
  }
  if ((flags & 4) === 0) return { frame: { size, blocks, most }, end: at };
  if (at + 4 > bytes.length) throw corrupt(t('data that end too early'));
  return { frame: { size, blocks, most, sum: number(bytes, at, 4) }, end: at + 4 };
}

/** @returns where its content ends */
function unpackFrame(
  bytes: Uint8Array,
  { size, blocks, most, sum }: Frame,
  out: Uint8Array,
  start: number,
): number {
  const written: Written = { out, start, at: start, distances: Int32Array.of(1, 4, 8) };
  const tables: Tables = { literals: undefined, offsets: undefined, matches: undefined };
  let prefixes: Prefixes | undefined;
  for (const block of blocks) {
    const end = block.start + block.size;
    if (block.kind === 'compressed') {
      const literals = readLiterals(bytes, block.start, end, most, prefixes);
      ({ prefixes } = literals);
      writeSequences(bytes, literals.end, end, literals.bytes, tables, written, most);
      continue;
    }
    if (written.at + block.size > out.length) throw corrupt(t`more than ${out.length} bytes`);
    if (block.kind === 'raw') out.set(bytes.subarray(block.start, end), written.at);
    else out.fill(bytes[block.start]!, written.at, written.at + block.size);
    written.at += block.size;
  }
  if (size !== undefined && written.at - start !== size)
    throw corrupt(t`${written.at - start} bytes in place of ${size}`);
  if (sum !== undefined && checksum(out.subarray(start, written.at)) !== sum)
    throw corrupt(t('another checksum'));
  return written.at;
}
