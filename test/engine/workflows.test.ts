/** The forge's workflows: what of them can be judged without the forge. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const files = globSync('.github/workflows/*.yml', { cwd: root }).toSorted();

describe('workflows', () => {
  it('are there', () => assert.ok(files.length >= 2));

  for (const file of files) {
    describe(path.basename(file), () => {
      const text = readFileSync(path.join(root, file), 'utf8');

      it('pins every action to a commit, and says which version that is', () => {
        const uses = [...text.matchAll(/uses: *(.+)$/gm)].map(([, action]) => action!);
        assert.ok(uses.length > 0);
        for (const action of uses) assert.match(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      });

      it('may read and nothing more, and leaves no credentials behind', () => {
        assert.match(text, /^permissions:\n {2}contents: read\n\n/m);
        assert.doesNotMatch(text, /\bwrite\b.*$|secrets\./m);
        const checkouts = text.match(/actions\/checkout@/g)?.length;
        assert.equal(text.match(/persist-credentials: false/g)?.length, checkouts);
      });

      it('runs scripts that there are', () => {
        const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!);
        assert.ok(named.length > 0);
        for (const name of named) assert.ok(scripts[name], name);
      });

      it('ends every job after a time', () => {
        assert.equal(text.match(/runs-on:/g)?.length, text.match(/timeout-minutes:/g)?.length);
      });
    });
  }
});
