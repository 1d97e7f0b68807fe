/** A PNG file, reduced to what its picture is made of, and known to unpack to what its header says. */
import { t } from '@vscode/l10n';
import { Unzlib } from 'fflate';
import { damaged } from './bytes.ts';

const needed: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND']);
const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * The file without texts, profiles and animation, each of which may be packed and unpack to anything.
 * @throws LossLensError `damaged-file`; what `check` throws.
 */
export function plainPng(
  bytes: Uint8Array,
  check: (width: number, height: number) => void,
): { plain: Uint8Array; width: number; height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || view.getUint32(0) !== 0x89504e47 || view.getUint32(4) !== 0x0d0a1a0a) {
    throw damaged(t('This is no PNG file.'), t('other first bytes'), t('a picture'));
  }
  const [width, height, depth, colour] = [view.getUint32(16), view.getUint32(20), bytes[24]!, bytes[25]!];
  check(width, height);
  const rowBytes = Math.ceil((width * depth * (channelsOf[colour] ?? 4)) / 8) + 1;
  // Interlaced, every row is at most eight, each with a byte of its own and bits that fill it up.
  const most = (rowBytes + 16) * height + 64;
  let unpacked = 0;
  const inflate = new Unzlib((chunk) => {
    unpacked += chunk.length;
  });
  const parts = [bytes.subarray(0, 8)];
  let [ended, hasPalette] = [false, false];
  for (let at = 8; at + 12 <= bytes.length && !ended; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const end = at + 12 + length;
    if (end > bytes.length) break;
    if (needed.has(type)) parts.push(bytes.subarray(at, end));
    else if (/^[A-Z]/.test(type)) {
      throw damaged(
        t('The PNG file holds what its reader would have to know.'),
        `'${type}'`,
        [...needed].join(', '),
      );
    }
    hasPalette ||= type === 'PLTE';
    if (type === 'IDAT') {
      for (let from = at + 8; from < end - 4; from += 16_384) {
        inflate.push(bytes.subarray(from, Math.min(from + 16_384, end - 4)));
        if (unpacked > most)
          throw damaged(
            t('The PNG file unpacks to more than its size.'),
            t`more than ${most} bytes`,
            t`${width} × ${height} pixels`,
          );
      }
    }
    ended = type === 'IEND';
    at = end;
  }
  if (!ended)
    throw damaged(t('The PNG file ends in the middle.'), t`${bytes.length} bytes`, t('the whole file'));
  if (colour === 3 && !hasPalette)
    throw damaged(t('The PNG file has no palette.'), t('indices alone'), t('their colours'));
  const plain = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    plain.set(part, at);
    at += part.length;
  }
  return { plain, width, height };
}
