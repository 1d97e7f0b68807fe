/** What a user reads is there in every language, whole. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { losses, symbols } from '../../engine/index.ts';
import {
  allStrings,
  type Bundle,
  bundle,
  languages,
  phrasesOf,
  placeholders,
  plainIn,
  sourcesIn,
  stringsOf,
} from '../words/strings.ts';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
const manifest = read('package.json');

/** The same texts, with the same placeholders, links and code. */
function assertTranslated(english: Bundle, translated: Bundle, language: string): void {
  const texts = Object.keys(english);
  assert.deepEqual(
    texts.filter((key) => !translated[key]),
    [],
    `not in ${language}`,
  );
  assert.deepEqual(
    Object.keys(translated).filter((key) => !(key in english)),
    [],
    `in ${language} of what is no longer said`,
  );
  const kept = (text: string) => [
    ...placeholders(text),
    ...(text.match(/\(command:[\w.]+|#lossLens\.[\w.]+#|\$\([\w-]+\)/g) ?? []),
  ];
  assert.deepEqual(
    texts.filter((key) => kept(english[key]!).join() !== kept(translated[key]!).join()),
    [],
    `with other placeholders, links or icons in ${language}`,
  );
}

describe('words', () => {
  const all = allStrings();

  it('are found in a source: calls, templates, and what cannot be looked up', () => {
    const source = `const f = () => [t('Plain'), t\`\${a} of \${b}\`, vscode.l10n.t('{0} there', c), other('no'), t(d)];
const early = t('Early');`;
    assert.deepEqual(stringsOf('x.ts', source), {
      texts: ['Plain', '{0} of {1}', '{0} there', 'Early'],
      mistakes: ['x.ts:1 translates what is not written out there', 'x.ts:2 is said when the file is loaded'],
    });
  });

  it('are found in a program that runs in another process', () => {
    const source = `def phrase(text):\n  pass\nphrase(\n  "no {0}", a)\nphrase(b, "c")`;
    assert.deepEqual(phrasesOf('x.py', source), {
      texts: ['no {0}'],
      mistakes: ['x.py:5 translates what is not written out there'],
    });
  });

  it('are looked up for every caption of a curve that is more than names', () => {
    const named = [...losses, ...symbols].flatMap(({ inputs, parameters }) =>
      [...inputs, ...parameters].map(({ name }) => name),
    );
    const found = sourcesIn('engine/losses', 'engine/frameworks').flatMap(([file, text]) =>
      plainIn(file, text, /^(xLabel|label)$/).map((place) => /^(\S+) (.*)$/.exec(place)!),
    );
    assert(found.length > 0);
    assert.deepEqual(
      found
        .filter(([, , text]) => (text!.match(/[\p{L}_]{2,}/gu) ?? []).some((word) => !named.includes(word)))
        .map(([place]) => place),
      [],
    );
  });

  it('can be looked up wherever they are said', () => {
    assert.deepEqual(all.mistakes, []);
  });

  it('are looked up for every finding of a check, and every quick fix', () => {
    const said = /^(message|title)$/;
    const source = `const problem = { message: t\`No \${a}\`, title: b === 'c' ? \`\${d} \${e}\` : 'Plain' };`;
    assert.deepEqual(plainIn('x.ts', source, said), ['x.ts:1 Plain']);
    const sources = sourcesIn('engine/checks');
    assert.deepEqual(
      sources.flatMap(([file, text]) => plainIn(file, text, said)),
      [],
    );
  });

  it('are listed for translators (`npm run words` does it)', () => {
    assert.deepEqual(bundle(), Object.fromEntries(all.texts.map((text) => [text, text])));
  });

  for (const language of languages) {
    it(`are translated: ${language}`, () => assertTranslated(bundle(), bundle(language), language));

    it(`of package.json are translated: ${language}`, () =>
      assertTranslated(read('package.nls.json'), read(`package.nls.${language}.json`), language));
  }

  it('of package.json are those that it names', () => {
    const named = [...JSON.stringify(manifest).matchAll(/"%([^"%]+)%"/g)].map((match) => match[1]!);
    assert.deepEqual(named.toSorted(), Object.keys(read('package.nls.json')).sort());
  });
});

describe('package.json', () => {
  it('describes each setting, in an order, and so does the README', () => {
    const settings = Object.entries<Record<string, unknown>>(manifest.contributes.configuration.properties);
    assert(settings.length > 0);
    const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
    for (const [name, { markdownDescription, order }] of settings) {
      assert(markdownDescription, `${name} has no description`);
      assert.equal(typeof order, 'number', name);
      assert(readme.includes(`\`${name}\``), `${name} is not in the README`);
    }
  });

  it('packs what the walkthrough and the languages need', () => {
    const ignore = readFileSync(path.join(root, '.vscodeignore'), 'utf8').split('\n');
    const taken = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const [{ steps }] = manifest.contributes.walkthroughs;
    assert(steps.length > 0);
    const needed = [
      ...steps.map(({ media }: { media: { svg: string } }) => media.svg),
      'package.nls.json',
      ...languages.flatMap((language) => [
        `package.nls.${language}.json`,
        `l10n/bundle.l10n.${language}.json`,
      ]),
    ];
    for (const file of needed) {
      assert(existsSync(path.join(root, file)), `${file} is not there`);
      assert(
        taken.some((pattern) => path.matchesGlob(file, pattern)),
        `${file} is not in the package`,
      );
    }
  });

  it('describes every picture of the walkthrough in words', () => {
    const [{ steps }] = manifest.contributes.walkthroughs;
    for (const { id, media } of steps) assert(media.altText, id);
  });
});
