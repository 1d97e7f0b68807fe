/** Files that are on no disk, for tests of what reads them. */
import { readFileSync } from 'node:fs';
import { configure } from '../../../engine/node.ts';

/** While the tests of this suite run, files are read from there; afterwards from the disk again. */
export function readFrom(files: ReadonlyMap<string, Uint8Array>): void {
  before(() =>
    configure({
      readFile(name) {
        const bytes = files.get(name);
        if (!bytes) throw new Error('there is none');
        return bytes;
      },
    }),
  );
  after(() => configure({ readFile: (path) => readFileSync(path) }));
}
