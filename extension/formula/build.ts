/** The build step that draws what the hover and the panel show: pages and curves into one JSON file. */
import { glob, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Page, Pages, Picture, TranslatedFormulas } from '../pages.ts';
import type { Engine } from '../platform/platform.ts';
import { drawCurve } from './curve.ts';
import { readPage } from './page.ts';
import { typeset } from './typeset.ts';
import { withWords } from './words.ts';

/** @throws Error that names a page that is missing or incomplete */
export async function writePages(from: {
  readonly engine: Engine;
  /** The folder of `<family>/<id>.md`. */
  readonly losses: string;
  /** The file to write. */
  readonly file: string;
  /** For each language but English, what is said in it, and the file for the formulas that have words in them. */
  readonly translations: readonly {
    readonly said: Readonly<Record<string, string>>;
    readonly file: string;
  }[];
}): Promise<void> {
  const pages: Pages = {
    losses: await readLosses(from.losses),
    curves: drawCurves(from.engine),
    formulas: await drawFormulas(from.engine),
  };
  const missing = from.engine.losses.filter(({ id }) => !(id in pages.losses));
  if (missing.length > 0) throw new Error(`No page for ${missing.map(({ id }) => id).join(', ')}`);
  await writeFile(from.file, JSON.stringify(pages));
  for (const { said, file } of from.translations) {
    await writeFile(file, JSON.stringify(await drawTranslated(pages, said)));
  }
}

async function drawTranslated(
  { losses }: Pages,
  said: Readonly<Record<string, string>>,
): Promise<TranslatedFormulas> {
  const drawn: Record<string, Picture> = {};
  for (const { id, tex, formula } of Object.values(losses)) {
    const translated = withWords(tex, (word) => said[word] ?? word);
    if (translated !== tex) drawn[id] = { ...(await typeset(translated)), alternative: formula.alternative };
  }
  return drawn;
}

async function readLosses(folder: string): Promise<Record<string, Page>> {
  const losses: Record<string, Page> = {};
  for await (const path of glob('*/*.md', { cwd: folder })) {
    const id = basename(path, '.md');
    // The page of a family, which has no formula of its own.
    if (id === 'README') continue;
    const markdown = await readFile(join(folder, path), 'utf8');
    const { title, summary, tex, alternative } = readPage(path, markdown);
    const formula = { ...(await typeset(tex)), alternative };
    losses[id] = { id, title, summary, tex, formula };
  }
  return losses;
}

function drawCurves({ losses, symbols, curve }: Engine): Record<string, Picture> {
  const names = [...losses.map(({ id }) => id), ...symbols.map(({ name }) => name)];
  return Object.fromEntries(names.map((name) => [name, drawCurve(curve(name))]));
}

async function drawFormulas({ explainedSymbols }: Engine): Promise<Record<string, Picture>> {
  const drawn: Record<string, Picture> = {};
  for (const { name, formula } of explainedSymbols) {
    if (formula) drawn[name] = { ...(await typeset(formula.tex)), alternative: formula.alternative };
  }
  return drawn;
}
