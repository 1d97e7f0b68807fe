/** Files that a parameter names: the engine opens none itself, whoever configures it says how one is read. */
import { t } from '@vscode/l10n';
import { LossLensError } from './errors.ts';

export interface FileSettings {
  /**
   * The bytes of a file, at once; throws where there is none. What a name means (a path, a key of a map) is the
   * reader's.
   */
  readonly readFile?: (name: string) => Uint8Array;
}

let reader: FileSettings['readFile'];

export function configureFiles({ readFile }: FileSettings): void {
  reader = readFile;
}

/** @throws LossLensError `no-file`. */
export function readFile(name: string): Uint8Array {
  if (!reader) {
    throw new LossLensError('no-file', t('Files cannot be read here.'), {
      found: `'${name}'`,
      expected: t('configure({ readFile }) before'),
    });
  }
  try {
    return reader(name);
  } catch (error) {
    throw new LossLensError('no-file', t('The file cannot be read.'), {
      found: `'${name}': ${error instanceof Error ? error.message : String(error)}`,
      expected: t('the path of a file that is there'),
    });
  }
}
