/** A page's Markdown as HTML, at build time: nothing of the renderer ships. */
import { posix } from 'node:path';
import { Marked, type Token, type TokenizerAndRendererExtension, type Tokens } from 'marked';
import { escaped } from './html.ts';

export interface Rendered {
  readonly title: string;
  /** See `BookPage.html`. */
  readonly html: string;
  /** Of each heading but the title, in their order. */
  readonly anchors: readonly string[];
}

/**
 * @param path  of the Markdown file, from the root of what is rendered; links are resolved against it
 * @param pageAt  the id of the page that a file holds
 * @param anchors  of the headings, of a page that is another in translation
 * @throws Error that names the file and what is wrong with it: no title, raw HTML, a link that leads nowhere
 */
export function render(
  path: string,
  markdown: string,
  pageAt: (path: string) => string | undefined,
  anchors?: readonly string[],
): Rendered {
  let title: string | undefined;
  const own: string[] = [];
  const marked = new Marked({
    extensions: [blockMath, inlineMath],
    walkTokens(token: Token) {
      if (token.type === 'html') throw new Error(`${path} holds HTML: ${token.raw}`);
    },
    renderer: {
      heading({ tokens, depth, text }) {
        if (depth === 1) {
          title = text.replaceAll('`', '');
          return '';
        }
        own.push(anchors?.[own.length] ?? anchor(text));
        return `<h${depth} id="${own.at(-1)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const label = this.parser.parseInline(tokens);
        if (/^https?:/.test(href)) return `<a href="${escaped(href)}">${label}</a>`;
        const [file, fragment] = href.split('#');
        const page = file ? pageAt(posix.join(posix.dirname(path), file)) : '';
        if (page === undefined) throw new Error(`${path} links to ${href}, which is no page`);
        const at = fragment === undefined ? '' : ` data-fragment="${escaped(fragment)}"`;
        return `<a href="#" data-page="${escaped(page)}"${at}>${label}</a>`;
      },
    },
  });
  const html = marked.parse(markdown, { async: false });
  if (title === undefined) throw new Error(`${path} has no title`);
  return { title, html, anchors: own };
}

interface Math extends Tokens.Generic {
  readonly tex: string;
  readonly words?: string;
}

/** A formula with, below it, the same in words: for who does not see the formula, and for nobody else. */
const blockMath: TokenizerAndRendererExtension = {
  name: 'blockMath',
  level: 'block',
  start: (source) => source.match(/^\$\$/m)?.index,
  tokenizer(source) {
    const match = /^\$\$\n?([\s\S]+?)\n?\$\$\n(?:\n> ([^\n]+)\n)?/.exec(source);
    if (!match) return undefined;
    return { type: 'blockMath', raw: match[0], tex: match[1]!, ...(match[2] && { words: match[2] }) };
  },
  renderer(token) {
    const { tex, words = tex } = token as Math;
    return `<div class="math" role="img" data-tex="${escaped(tex)}" aria-label="${escaped(words)}"></div>\n`;
  },
};

const inlineMath: TokenizerAndRendererExtension = {
  name: 'inlineMath',
  level: 'inline',
  start: (source) => source.indexOf('$'),
  tokenizer(source) {
    const match = /^\$([^$\n]+)\$/.exec(source);
    return match ? { type: 'inlineMath', raw: match[0], tex: match[1]! } : undefined;
  },
  renderer: (token) => `<span class="math" data-tex="${escaped((token as Math).tex)}"></span>`,
};

/** As forges make it of a heading, so that the same links hold there. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}
