/** The reference in other languages: page by page what the English says, number by number. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { lexer, type Token, type Tokens } from 'marked';
import { withWords } from '../../extension/formula/words.ts';
import { bundle, languages } from '../words/strings.ts';

const root = path.resolve(import.meta.dirname, '../..');
const inEnglish = path.join(root, 'engine');

const pagesIn = (folder: string): string[] =>
  globSync('{losses,messages,checks}/**/*.md', { cwd: folder })
    .map((file) => file.replaceAll(path.sep, '/'))
    .sort();
const read = (folder: string, file: string): string => readFileSync(path.join(folder, file), 'utf8');
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** What a page is made of, in its order; what is the same in every language is written out. */
function structureOf(markdown: string): string[] {
  const found: string[] = [];
  const visit = (tokens: readonly Token[]): void => {
    for (const token of tokens) {
      switch (token.type) {
        case 'heading':
          found.push(`heading ${token.depth}`);
          break;
        case 'code':
          found.push(`code ${token.text}`);
          break;
        case 'list':
          found.push(`list of ${token.items.length}`);
          for (const item of (token as Tokens.List).items) visit(item.tokens);
          break;
        case 'table':
          found.push(`table of ${token.header.length} by ${token.rows.length}`);
          break;
        case 'blockquote':
        case 'paragraph':
          found.push(token.type);
          break;
        default:
      }
    }
  };
  visit(lexer(markdown));
  return found;
}

/** Pieces that stay, by kind, in no order: languages put them where they need them. */
function piecesOf(markdown: string): Record<'code' | 'formulas' | 'links' | 'numbers', string[]> {
  const take = (text: string, pattern: RegExp): [string[], string] => {
    const pieces: string[] = [];
    const rest = text.replaceAll(pattern, (piece) => {
      pieces.push(piece.trim());
      return ' ';
    });
    return [pieces.sort(), rest];
  };
  const [, prose] = take(markdown, /^```[\s\S]*?^```$/gm);
  const [code, withoutCode] = take(prose, /`[^`\n]+`/g);
  const [formulas, withoutFormulas] = take(withoutCode, /\$\$[\s\S]+?\$\$|\$[^$\n]+\$/g);
  const [links, withoutLinks] = take(withoutFormulas, /\]\([^)]+\)/g);
  const [numbers] = take(withoutLinks, /[−-]?\d+(?:[.,]\d+| \d{3}(?!\d))*(?:e[−-]?\d+)?/g);
  return { code, formulas, links, numbers };
}

for (const language of languages) {
  describe(`the pages in another language: ${language}`, () => {
    const folder = path.join(root, 'l10n', language);
    const said = bundle(language);
    const originals: Record<string, string> = JSON.parse(read(folder, 'originals.json'));

    it('are all there, and no other', () => {
      assert.deepEqual(pagesIn(folder), pagesIn(inEnglish));
      assert.deepEqual(Object.keys(originals), pagesIn(folder));
    });

    for (const file of pagesIn(folder)) {
      it(`say what the English says: ${file}`, () => {
        const [english, translated] = [read(inEnglish, file), read(folder, file)];
        assert.equal(
          originals[file],
          hashOf(english),
          `engine/${file} has changed since it was translated. Translate what changed, then write ${hashOf(english)} for it into l10n/${language}/originals.json.`,
        );
        assert.deepEqual(structureOf(translated), structureOf(english));
        const [ours, theirs] = [piecesOf(translated), piecesOf(english)];
        theirs.formulas = theirs.formulas.map((tex) => withWords(tex, (word) => said[word] ?? word)).sort();
        assert.deepEqual(ours, theirs);
        const title = (text: string): string => /^# (.+)$/m.exec(text)![1]!.replaceAll('`', '');
        assert.equal(title(translated), said[title(english)]);
      });
    }
  });
}
