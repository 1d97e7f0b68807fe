/** Files as the readers see them: bytes by position, so that a large one is never read whole. */
import { t } from '@vscode/l10n';
import { LossLensError } from '../../errors.ts';

export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /**
   * Fills `into` from `position` on. Only what lies within `size` is ever asked for; a source that has become shorter
   * fills less.
   * @returns how many bytes were filled
   */
  read(into: Uint8Array, position: number): Promise<number>;
}

export function sourceOf(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    async read(into, position) {
      const part = bytes.subarray(position, position + into.length);
      into.set(part);
      return part.length;
    },
  };
}

/** A part of a file, as a file of its own. */
export function partOf(source: ByteSource, start: number, size: number): ByteSource {
  return { size, read: (into, position) => source.read(into, start + position) };
}

/** @throws LossLensError `incomplete` where the file ends before. */
export async function fill(source: ByteSource, into: Uint8Array, position: number): Promise<void> {
  const end = position + into.length;
  const filled = end > source.size ? undefined : await source.read(into, position);
  if (filled === into.length) return;
  throw new LossLensError('incomplete', t('The file ends before what it says that it holds.'), {
    found: t`${source.size} bytes`,
    expected: t`at least ${end}`,
  });
}

/** @throws LossLensError `incomplete` where the file ends before. */
export async function readBytes(source: ByteSource, position: number, length: number): Promise<Uint8Array> {
  // Before anything is allocated: the length may be a lie.
  if (position + length > source.size) await fill(source, new Uint8Array(0), position + length);
  const bytes = new Uint8Array(length);
  await fill(source, bytes, position);
  return bytes;
}

/** Of what must be held at once: an array, a compressed member, a table. */
const mostBytes = 2 ** 31;

/** @throws LossLensError `too-large`. */
export function checkHeld(what: string, bytes: number, most = mostBytes): void {
  if (bytes <= most) return;
  throw new LossLensError('too-large', t`${what} is too large to be held in memory.`, {
    found: sizeText(bytes),
    expected: t`at most ${sizeText(most)}`,
  });
}

export function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 ? size : size.toPrecision(3)} ${units[unit]}`;
}

/** A file that is not what its name says, or that contradicts itself. */
export function damaged(sentence: string, found: string, expected: string): LossLensError {
  return new LossLensError('damaged-file', sentence, { found, expected });
}
