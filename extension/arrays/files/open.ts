/** Files of the workspace and of this machine as their arrays. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { LossLensError } from '../../../engine/errors.ts';
import {
  type ByteSource,
  type Decoders,
  isRefused,
  readFileArrays,
  sizeText,
  sourceOf,
} from '../../../engine/formats/files/index.ts';
import { built } from '../../built.ts';
import { baseName, stemOf } from '../../paths.ts';
import { platform } from '../../platform/platform.ts';
import type { ArrayOffer } from '../offer.ts';

/** Of a file that only comes whole: of a virtual workspace, and in the browser any. */
const largestWhole = 256_000_000;

/**
 * The arrays of these files. A file of one array gives it its own name.
 * @throws LossLensError for a file that cannot be read, and for one of which no array can be had.
 */
export async function offersIn(files: readonly vscode.Uri[]): Promise<readonly ArrayOffer[]> {
  return (await Promise.all(files.map(offersOf))).flat();
}

async function offersOf(uri: vscode.Uri): Promise<ArrayOffer[]> {
  const from = vscode.workspace.asRelativePath(uri);
  const file = baseName(uri.path);
  const stem = stemOf(file);
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
  const { disk } = platform();
  if (disk && uri.scheme === 'file') return disk.open(uri.fsPath);
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > largestWhole) {
    throw new LossLensError(
      'too-large',
      disk
        ? t('The file is not on a disk of this machine, and too large to be fetched.')
        : t('In the browser a file is read as a whole, and this one is too large for that.'),
      {
        found: sizeText(size),
        expected: disk
          ? t`at most ${sizeText(largestWhole)}, or a copy on the disk`
          : t`at most ${sizeText(largestWhole)}, or VS Code on the machine that has the file, which reads it row by row`,
      },
    );
  }
  return sourceOf(await vscode.workspace.fs.readFile(uri));
}

const decoders: Decoders = (codec) => built(`${codec}.wasm`);
