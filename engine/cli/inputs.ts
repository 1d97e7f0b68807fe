/** What a word of the command line stands for: an array in a file, or the numbers themselves. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { NdArray } from '../array.ts';
import { LossLensError } from '../errors.ts';
import {
  decoders,
  diskFile,
  type FileArray,
  fileEndings,
  isRefused,
  readFileArrays,
} from '../formats/files/node.ts';
import { parseArray } from '../formats/text.ts';
import { UsageError } from './command.ts';

const isFile = new RegExp(`^(.+\\.(?:${fileEndings.join('|')}))(?:#(.*))?$`, 'i');

/**
 * @param role  the input that it is for; of a file with several arrays, the one of that name is meant
 * @param word  `scores.npz`, `scores.npz#logits`, or `[0.5, 1]`
 * @throws UsageError, LossLensError
 */
export async function arrayOf(role: string, word: string): Promise<NdArray> {
  const [, path, name] = isFile.exec(word) ?? [];
  if (path && (name !== undefined || existsSync(path) || !/^\s*[[(]/.test(word))) {
    return arrayInFile(role, path, name);
  }
  try {
    return parseArray(word);
  } catch (error) {
    if (!(error instanceof LossLensError)) throw error;
    throw new UsageError(
      `--${role} is '${word}', which is neither a file nor an array. ${error.message} Expected: a file (${fileEndings
        .map((ending) => `.${ending}`)
        .join(', ')}), or numbers such as '[0.5, 1]'.`,
    );
  }
}

async function arrayInFile(role: string, path: string, wanted: string | undefined): Promise<NdArray> {
  try {
    const found = await readFileArrays(basename(path), await diskFile(path), decoders);
    const arrays = found.filter((one): one is FileArray => !isRefused(one));
    const name = wanted ?? (arrays.length > 1 ? role : undefined);
    const refused = found.find((one) => isRefused(one) && one.name === name);
    if (refused && isRefused(refused)) throw refused.refusal;
    const chosen = name === undefined ? arrays[0] : arrays.find((array) => array.name === name);
    if (chosen) return await chosen.load();
    throw new UsageError(
      `${path} holds ${wanted === undefined ? 'several arrays' : `no array '${wanted}'`}. Expected: --${role} ${path}#NAME, where NAME is ${arrays
        .map((array) => array.name)
        .join(', ')}.`,
    );
  } catch (error) {
    throw error instanceof LossLensError ? new LossLensError(error.code, `${path}: ${error.message}`) : error;
  }
}
