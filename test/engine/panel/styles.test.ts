/** The webviews' style sheets among themselves, and beside KaTeX, whose formulas stand in the same pages. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import katex from 'katex';

const root = path.resolve(import.meta.dirname, '../../..');

const sheets = globSync('webview/**/*.css', { cwd: root }).map((file) => ({
  file,
  /** Classes that a selector names alone: whoever bears one gets the rule. */
  bare: [...readFileSync(path.join(root, file), 'utf8').matchAll(/^\.([\w-]+)(?=[,\s]*$|\s*\{)/gm)].map(
    (match) => match[1]!,
  ),
}));

function inFormulas(): Set<string> {
  const pages = globSync('engine/losses/*/*.md', { cwd: root });
  const formulas = pages.flatMap((page) =>
    [...readFileSync(path.join(root, page), 'utf8').matchAll(/\$\$?([^$]+)\$\$?/g)].map((match) => match[1]!),
  );
  assert(formulas.length > 500, `${formulas.length} formulas`);
  const html = formulas.map((formula) => katex.renderToString(formula, { throwOnError: false })).join('');
  return new Set([...html.matchAll(/class="([^"]*)"/g)].flatMap((match) => match[1]!.split(' ')));
}

describe('style sheets', () => {
  it('give no rule to a class that KaTeX gives to parts of formulas', () => {
    const ofKatex = inFormulas();
    assert(ofKatex.has('text') && ofKatex.has('mord'));
    for (const { file, bare } of sheets) {
      assert.deepEqual(
        bare.filter((name) => ofKatex.has(name) && name !== 'katex'),
        [],
        file,
      );
    }
  });

  it('of the controls, whose page may be any, name no class that another one does', () => {
    const [controls] = sheets.filter(({ file }) => file.includes('controls'));
    const elsewhere = new Set(sheets.flatMap(({ file, bare }) => (file === controls!.file ? [] : bare)));
    assert(controls!.bare.length > 5);
    assert.deepEqual(
      controls!.bare.filter((name) => elsewhere.has(name)),
      [],
    );
  });
});
