/** Files of the workspace and of this machine as their arrays. */
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import * as vscode from 'vscode';
import { LossLensError } from '../../../engine/errors.ts';
import { diskFile } from '../../../engine/formats/files/disk.ts';
import {
  type ByteSource,
  type Decoders,
  isRefused,
  readFileArrays,
  sizeText,
  sourceOf,
} from '../../../engine/formats/files/index.ts';
import type { ArrayOffer } from '../offer.ts';

/** Of a file that only comes whole: of a virtual workspace. */
const largestWhole = 256 * 2 ** 20;

/**
 * The arrays of these files. A file of one array gives it its own name.
 * @throws LossLensError for a file that cannot be read, and for one of which no array can be had.
 */
export async function offersIn(files: readonly vscode.Uri[]): Promise<readonly ArrayOffer[]> {
  return (await Promise.all(files.map(offersOf))).flat();
}

async function offersOf(uri: vscode.Uri): Promise<ArrayOffer[]> {
  const from = vscode.workspace.asRelativePath(uri);
  const file = basename(uri.path);
  const stem = basename(file, extname(file));
  const arrays = await naming(from, async () => readFileArrays(file, await bytesOf(uri), decoders));
  return arrays.flatMap((array): ArrayOffer[] => {
    if (isRefused(array)) return [];
    const { name, dtype, shape, bytes, load, stream } = array;
    return [
      {
        name: nameOf(stem, name, /\.(png|jpe?g|webp)$/i.test(file)),
        from,
        dtype,
        ...(shape && { shape }),
        bytes,
        load: (loading) => naming(from, () => load(loading)),
        ...(stream && { stream }),
      },
    ];
  });
}

/** Of several files, the one that is refused. */
async function naming<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof LossLensError ? new LossLensError(error.code, `${file}: ${error.message}`) : error;
  }
}

/** What a picture is of stands in its file's name alone. */
const nameOf = (stem: string, name: string | undefined, picture: boolean): string =>
  name === undefined ? stem : picture ? `${stem} (${name})` : name;

async function bytesOf(uri: vscode.Uri): Promise<ByteSource> {
  if (uri.scheme === 'file') return diskFile(uri.fsPath);
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > largestWhole) {
    throw new LossLensError(
      'too-large',
      'The file is not on a disk of this machine, and too large to be fetched.',
      {
        found: sizeText(size),
        expected: `at most ${sizeText(largestWhole)}, or a copy on the disk`,
      },
    );
  }
  return sourceOf(await vscode.workspace.fs.readFile(uri));
}

/** Their code lies beside ours, as the build puts it. */
const decoders: Decoders = (codec) => readFile(new URL(`./${codec}.wasm`, import.meta.url));
