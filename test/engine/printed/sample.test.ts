/** A slice of what `test/corpus/printed.py` prints; the whole is read by `test/corpus/printed.ts`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { judge, type PrintedCase } from '../../corpus/printed-cases.ts';

const cases: PrintedCase[] = readFileSync(
  new URL('../../golden/data/printed-sample.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

describe('what the libraries print', () => {
  for (const library of ['numpy', 'torch', 'tensorflow', 'jax', 'pandas', 'mixed', 'behind words']) {
    it(`of ${library} is read back, or refused where it is not all there`, () => {
      const own = cases.filter((printed) => printed.library === library);
      const outcomes = own.map((printed) => {
        try {
          return judge(printed);
        } catch (error) {
          throw new Error(`${(error as Error).message}\n${printed.text}`, { cause: error });
        }
      });
      const read = outcomes.filter((outcome) => /^(?:read|rightly)/.test(outcome)).length;
      assert.ok(own.length >= 10 && read >= 0.75 * own.length, `${read} of ${own.length}: ${outcomes}`);
    });
  }
});
