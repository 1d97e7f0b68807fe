import assert from 'node:assert/strict';
import { explainedSymbols, symbols } from '../../../engine/index.ts';
import type { Book } from '../../../extension/reference/book.ts';
import { pageView } from '../../../extension/reference/view.ts';

const page = (id: string, kind: 'loss' | 'family' | 'guide') => ({
  id,
  kind,
  title: `<${id}>`,
  language: 'en',
  html: '',
});
const book: Book = {
  language: 'en',
  pages: {
    opening: page('opening', 'guide'),
    regression: { ...page('regression', 'family'), family: 'regression' },
    huber: { ...page('huber', 'loss'), family: 'regression' },
  },
  guides: [],
  families: [],
  messages: [],
  checks: [],
};

describe('what the reference shows of a page', () => {
  it('is its way up, and for a loss what can be drawn and every symbol', () => {
    const shown = pageView(book, 'huber')!;
    assert.deepEqual(
      shown.above.map(({ id }) => id),
      ['opening', 'regression'],
    );
    const bound = symbols.filter(({ loss }) => loss === 'huber').map(({ name }) => name);
    assert.ok(bound.length > 5);
    assert.deepEqual(
      shown.loss!.subjects.map(({ name }) => name),
      ['huber', ...bound],
    );
    const named = shown.loss!.frameworks.flatMap((framework) => framework.symbols.map(({ name }) => name));
    for (const name of bound) assert.ok(named.includes(name), name);
  });

  it('has no way up at the top, and no curve where there is no loss', () => {
    assert.deepEqual(pageView(book, 'opening')?.above, []);
    assert.deepEqual(
      pageView(book, 'regression')?.above.map(({ id }) => id),
      ['opening'],
    );
    assert.equal(pageView(book, 'regression')?.loss, undefined);
  });

  it('draws over no parameter that says how elements are laid out or added up', () => {
    for (const { name, controls } of pageView(book, 'huber')!.loss!.subjects) {
      assert.deepEqual(
        controls.filter((control) => /reduc|axis/.test(control.name)),
        [],
        name,
      );
    }
  });

  it('explains a symbol that has no loss of the catalogue, whatever its texts hold', () => {
    const alone = explainedSymbols.filter(({ loss }) => loss === undefined);
    assert.ok(alone.length > 20);
    for (const { name, refusal } of alone) {
      const { title, html } = pageView(book, name)!;
      assert.equal(title, name.slice(name.lastIndexOf('.') + 1));
      assert.match(html, /It cannot be evaluated here: /, refusal);
      const tags = [...html.matchAll(/<\/?([^\s>/]+)/g)].map(([, tag]) => tag!);
      assert.deepEqual(
        [...new Set(tags)].filter((tag) => !['p', 'div', 'pre', 'code', 'ul', 'li'].includes(tag)),
        [],
        name,
      );
    }
  });

  it('is nothing for what is not known', () => {
    assert.equal(pageView(book, 'torch.nn.NoLoss'), undefined);
  });
});
