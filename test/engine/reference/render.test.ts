import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { anchor, render } from '../../../extension/reference/render.ts';

const root = join(import.meta.dirname, '../../../engine');

const pageAt = (path: string): string | undefined =>
  ({ 'regression/huber.md': 'huber', 'README.md': 'opening' })[path];

function html(markdown: string): string {
  return render('regression/mse.md', `# Title\n\n${markdown}`, pageAt).html.trim();
}

describe('a page of the reference', () => {
  it('keeps its title apart from its text', () => {
    assert.deepEqual(render('a.md', '# The title\n\nText.\n', pageAt), {
      title: 'The title',
      html: '<p>Text.</p>\n',
      anchors: [],
    });
  });

  it('in translation keeps the anchors of the page that it is of', () => {
    const { anchors } = render('a.md', '# Title\n\n## What goes wrong\n\n### Once\n', pageAt);
    assert.deepEqual(anchors, ['what-goes-wrong', 'once']);
    const { html } = render('a.md', '# Titel\n\n## Was schiefgeht\n\n### Einmal\n', pageAt, anchors);
    assert.match(html, /<h2 id="what-goes-wrong">Was schiefgeht<\/h2>\n<h3 id="once">Einmal</);
  });

  it('leaves formulas to be typeset, a display formula with the words below it as its label', () => {
    assert.equal(
      html('$$\na < b\n$$\n\n> a is "less"\n\nthen $x_i$.'),
      '<div class="math" role="img" data-tex="a &lt; b" aria-label="a is &quot;less&quot;"></div>\n' +
        '<p>then <span class="math" data-tex="x_i"></span>.</p>',
    );
  });

  it('reads no emphasis into formulas, and no formula into code', () => {
    assert.equal(
      html('$a_i b_i$ and `$HOME`'),
      '<p><span class="math" data-tex="a_i b_i"></span> and <code>$HOME</code></p>',
    );
  });

  it('leads to other pages by their ids, and out by addresses', () => {
    assert.equal(
      html('[Huber](huber.md#gradient), [up](../README.md), [here](#title), [out](https://example.org/?a&b)'),
      '<p><a href="#" data-page="huber" data-fragment="gradient">Huber</a>, ' +
        '<a href="#" data-page="opening">up</a>, ' +
        '<a href="#" data-page="" data-fragment="title">here</a>, ' +
        '<a href="https://example.org/?a&amp;b">out</a></p>',
    );
  });

  for (const [what, markdown, complaint] of [
    ['raw HTML', '# T\n\n<script>alert(1)</script>\n', /holds HTML/],
    ['a link to no page', '# T\n\n[gone](gone.md)\n', /gone\.md, which is no page/],
    ['no title', 'Text.\n', /has no title/],
  ] as const) {
    it(`may not have ${what}`, () => {
      assert.throws(() => render('page.md', markdown, pageAt), complaint);
    });
  }

  it('has the places that its links name', () => {
    const paths = globSync('{losses,messages,checks}/**/*.md', { cwd: root }).map((path) =>
      path.replaceAll(sep, '/'),
    );
    assert.ok(paths.length > 50);
    const rendered = new Map(
      paths.map((path) => [
        path,
        render(path, readFileSync(join(root, path), 'utf8'), (target) => target).html,
      ]),
    );
    for (const [path, text] of rendered) {
      for (const [, page, fragment] of text.matchAll(/data-page="([^"]*)" data-fragment="([^"]*)"/g)) {
        const target = rendered.get(page || path);
        assert.ok(target?.includes(`id="${fragment}"`), `${path} links to ${page}#${fragment}`);
      }
    }
  });

  it('names its headings as forges do', () => {
    assert.equal(anchor('`[N, 1]` against `[N]`'), 'n-1-against-n');
    assert.equal(anchor('What goes wrong'), 'what-goes-wrong');
  });
});
