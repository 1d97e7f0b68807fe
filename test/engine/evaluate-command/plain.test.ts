import { strict as assert } from 'node:assert';
import { plain, plainInList } from '../../../extension/plain.ts';

const joiner = '\u2060';
const address = 'https://www.example.org/runs/loss.npy?by=user@example.org';

describe('words that VS Code would read marks in', () => {
  for (const [place, shown] of Object.entries({ 'notifications and questions': plain, lists: plainInList })) {
    it(`look in ${place} as they stand, without links and icons`, () => {
      const text = 'y[0](command:workbench.action.quit) $(error) a[x] f(x)';
      const marked = shown(text);
      assert.equal(marked.replaceAll(joiner, ''), text);
      assert.doesNotMatch(marked, /\]\(|\$\(/);
    });
  }

  it('keep addresses whole where nothing makes links of them, to be copied', () => {
    assert.equal(plain(`It is not ${address} here.`), `It is not ${address} here.`);
  });

  it('are no addresses in lists, whose hovers would make links of them', () => {
    const marked = plainInList(address);
    assert.equal(marked.replaceAll(joiner, ''), address);
    assert.doesNotMatch(marked, /:\/\/|www\.|@\w/);
  });
});
