/** A slice of what `npm run fuzz` tries a million of: the same inputs each time. */
import fc from 'fast-check';
import { dispose } from '../../engine/node.ts';
import { targets } from '../fuzz/targets/index.ts';

describe('a slice of the fuzzing', () => {
  after(() => dispose());

  for (const { name, slice, each, property } of targets) {
    it(`${name}: ${slice} inputs`, async function () {
      this.timeout(120_000);
      await fc.assert(
        property(() => undefined),
        { seed: 20261127, numRuns: Math.ceil(slice / each) },
      );
    });
  }
});
