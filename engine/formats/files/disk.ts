/** Files of this machine's disks, by position. Of Node alone. */
import { open } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import { LossLensError } from '../../errors.ts';
import type { ByteSource } from './bytes.ts';

/**
 * The file as it is now. None is held open: each read finds it again and refuses one that was written to since.
 * @throws LossLensError `no-file`.
 */
export async function diskFile(path: string): Promise<ByteSource> {
  const { size, mtimeMs } = await withHandle(path, (handle) => handle.stat());
  return {
    size,
    read: (into, position) =>
      withHandle(path, async (handle) => {
        const now = await handle.stat();
        if (now.size !== size || now.mtimeMs !== mtimeMs) {
          throw new LossLensError('no-file', t('The file was written to while it was read.'), {
            found: path,
            expected: t('a file that stays as it is: evaluate again'),
          });
        }
        let filled = 0;
        while (filled < into.length) {
          const { bytesRead } = await handle.read(into, filled, into.length - filled, position + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return filled;
      }),
  };
}

type Handle = Awaited<ReturnType<typeof open>>;

async function withHandle<T>(path: string, work: (handle: Handle) => Promise<T>): Promise<T> {
  let handle: Handle;
  try {
    handle = await open(path);
  } catch (error) {
    throw new LossLensError('no-file', t('The file cannot be read.'), {
      found: error instanceof Error ? error.message : String(error),
      expected: t('a file that is there'),
    });
  }
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}
