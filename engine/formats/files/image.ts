/**
 * Pictures, as the image losses take them: intensities from 0 to 1, channels first, and the stored values themselves,
 * since a mask holds class numbers. No colour profile, gamma or orientation is applied, as in Pillow.
 */

import decodeJpeg, { init as initJpeg } from '@jsquash/jpeg/decode.js';
import decodeWebp, { init as initWebp } from '@jsquash/webp/decode.js';
import { t } from '@vscode/l10n';
import { decode as decodePng } from 'fast-png';
import type { NdArray } from '../../array.ts';
import { LossLensError } from '../../errors.ts';
import { type ByteSource, checkHeld, damaged, readBytes } from './bytes.ts';
import { compiled, type Decoders } from './decoders.ts';
import type { FileArray } from './file-array.ts';
import { plainPng } from './png.ts';

export type ImageKind = 'png' | 'jpeg' | 'webp';

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Row by row, the channels of a pixel side by side. */
  readonly data: Uint8Array | Uint16Array;
  /** What stands for 1. */
  readonly full: number;
}

const largestFile = 256 * 2 ** 20;
const mostPixels = 2 ** 26;

export async function readImage(
  source: ByteSource,
  kind: ImageKind,
  decoders: Decoders,
): Promise<readonly FileArray[]> {
  checkHeld(t('The picture'), source.size, largestFile);
  const bytes = await readBytes(source, 0, source.size);
  const picture = await decoded(bytes, kind, decoders);
  const { width, height, channels, full } = picture;
  const values = planes(picture, (count) => (full > 255 ? new Uint16Array(count) : new Uint8Array(count)), 1);
  const shape = channels === 1 ? [height, width] : [channels, height, width];
  const offer = (name: string, array: NdArray): FileArray => ({
    name,
    dtype: array.dtype,
    shape: array.shape,
    bytes: array.data.byteLength,
    load: async () => array,
  });
  const intensities = planes(picture, (count) => new Float32Array(count), full);
  return [
    // Indices into a palette are no intensities.
    ...(full > 0
      ? [offer('intensities', { dtype: 'float32', shape: [channels, height, width], data: intensities })]
      : []),
    offer('values', { dtype: full > 255 ? 'uint16' : 'uint8', shape, data: values }),
  ];
}

function planes<T extends Float32Array | Uint8Array | Uint16Array>(
  { width, height, channels, data }: Picture,
  room: (count: number) => T,
  full: number,
): T {
  const size = width * height;
  const result = room(channels * size);
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < size; i++) result[channel * size + i] = data[i * channels + channel]! / full;
  }
  return result;
}

async function decoded(bytes: Uint8Array, kind: ImageKind, decoders: Decoders): Promise<Picture> {
  try {
    switch (kind) {
      case 'png':
        return ofPng(bytes);
      case 'jpeg':
        return await ofJpeg(bytes, decoders);
      case 'webp':
        return await ofWebp(bytes, decoders);
    }
  } catch (error) {
    if (error instanceof LossLensError) throw error;
    throw damaged(
      t('The picture cannot be decoded.'),
      String(error).slice(0, 200),
      t`a ${kind.toUpperCase()} file`,
    );
  }
}

function checkPixels(width: number, height: number): void {
  if (width > 0 && height > 0 && width * height <= mostPixels) return;
  throw new LossLensError('too-large', t('The picture has a size that is not decoded here.'), {
    found: t`${width} × ${height} pixels`,
    expected: t`at most ${mostPixels} pixels`,
  });
}

function ofPng(bytes: Uint8Array): Picture {
  const { plain, width, height } = plainPng(bytes, checkPixels);
  const { data, depth, channels, palette } = decodePng(plain, { checkCrc: true });
  const full = palette ? 0 : 2 ** depth - 1;
  const picture = { width, height, channels, full };
  if (depth >= 8) return { ...picture, data: data instanceof Uint16Array ? data : new Uint8Array(data) };
  // Rows of packed pixels, each filled up to a byte. They have one channel.
  const unpacked = new Uint8Array(width * height);
  const perRow = Math.ceil((width * depth) / 8);
  const mask = 2 ** depth - 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      unpacked[y * width + x] = (data[y * perRow + (bit >>> 3)]! >>> (8 - depth - (bit & 7))) & mask;
    }
  }
  return { ...picture, data: unpacked };
}

/** What the decoders would print is thrown as well. */
const silent = { print() {}, printErr() {} };

/** Their types leave out the second argument. */
const initWith = (init: unknown, module: WebAssembly.Module): Promise<void> =>
  (init as (module: WebAssembly.Module, options: typeof silent) => Promise<void>)(module, silent);

/** Both decoders keep one instance: one picture at a time, each in an instance of its own. */
let last: Promise<unknown> = Promise.resolve();

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const result = last.then(work);
  last = result.catch(() => undefined);
  return result;
}

const owned = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer as ArrayBuffer;

async function ofJpeg(bytes: Uint8Array, decoders: Decoders): Promise<Picture> {
  const { channels, width, height } = jpegFrame(bytes);
  checkPixels(width, height);
  const module = await compiled('jpeg', decoders);
  const { data } = await inTurn(async () => {
    await initWith(initJpeg, module);
    return decodeJpeg(owned(bytes));
  });
  return { width, height, channels, data: withoutAlpha(data, channels, width * height), full: 255 };
}

/** The decoders give red, green, blue and opacity. */
function withoutAlpha(data: ArrayLike<number>, channels: number, pixels: number): Uint8Array {
  if (data.length !== 4 * pixels)
    throw damaged(t('The picture has another size than it says.'), t`${data.length / 4} pixels`, `${pixels}`);
  const kept = new Uint8Array(channels * pixels);
  for (let i = 0; i < pixels; i++) {
    for (let channel = 0; channel < channels; channel++)
      kept[i * channels + channel] = data[4 * i + channel]!;
  }
  return kept;
}

function jpegFrame(bytes: Uint8Array): { channels: number; width: number; height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 10 <= bytes.length && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) {
      const channels = bytes[at + 9]!;
      if (channels !== 1 && channels !== 3) {
        throw damaged(
          t('The JPEG file has colours that are not read here.'),
          t`${channels} components`,
          t('grey, or red, green and blue'),
        );
      }
      requireEnd(bytes);
      return { channels, width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    }
    // A marker may be preceded by fill bytes.
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  throw damaged(t('This is no JPEG file.'), t('no frame'), t('a picture'));
}

/** The decoder paints what is missing in grey. */
function requireEnd(bytes: Uint8Array): void {
  for (let at = bytes.length - 2; at > 0; at--) if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return;
  throw new LossLensError('incomplete', t('The JPEG file ends in the middle.'), {
    found: t`${bytes.length} bytes without an end`,
    expected: t('the whole file'),
  });
}

async function ofWebp(bytes: Uint8Array, decoders: Decoders): Promise<Picture> {
  const { width, height, channels } = webpFrame(bytes);
  checkPixels(width, height);
  const module = await compiled('webp', decoders);
  const { data } = await inTurn(async () => {
    await initWith(initWebp, module);
    return decodeWebp(owned(bytes));
  });
  return { width, height, channels, data: withoutAlpha(data, channels, width * height), full: 255 };
}

function webpFrame(bytes: Uint8Array): { width: number; height: number; channels: number } {
  const refusal = (found: string): LossLensError =>
    damaged(t('This is no WebP picture.'), found, t('one picture'));
  if (bytes.length < 30 || ascii(bytes, 0) !== 'RIFF' || ascii(bytes, 8) !== 'WEBP')
    throw refusal(t('other first bytes'));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(4, true) + 8 > bytes.length) throw refusal(t('an end in the middle'));
  const flags = bytes[20]!;
  switch (ascii(bytes, 12)) {
    case 'VP8 ':
      return {
        width: view.getUint16(26, true) & 0x3fff,
        height: view.getUint16(28, true) & 0x3fff,
        channels: 3,
      };
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return {
        width: (bits & 0x3fff) + 1,
        height: ((bits >>> 14) & 0x3fff) + 1,
        channels: bits & 0x10000000 ? 4 : 3,
      };
    }
    case 'VP8X':
      if (flags & 0x02) throw refusal(t('an animation'));
      return {
        width: (view.getUint32(24, true) & 0xffffff) + 1,
        height: (view.getUint32(26, true) >>> 8) + 1,
        channels: flags & 0x10 ? 4 : 3,
      };
    default:
      throw refusal(t`a first chunk '${ascii(bytes, 12)}'`);
  }
}

const ascii = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
