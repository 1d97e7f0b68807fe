/** The build step that draws what the hover and the panel show: pages and curves into one JSON file. */
import { glob, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Engine } from '../engine.ts';
import type { CheckPage, Page, Pages, Picture } from '../pages.ts';
import { drawCurve } from './curve.ts';
import { readPage } from './page.ts';
import { typeset } from './typeset.ts';

/** @throws Error that names a page that is missing or incomplete */
export async function writePages(from: {
  readonly engine: Engine;
  /** The folder of `<family>/<id>.md`. */
  readonly losses: string;
  /** The folder of `<code>.md`. */
  readonly checks: string;
  /** The file to write. */
  readonly file: string;
}): Promise<void> {
  const pages: Pages = {
    losses: await readLosses(from.losses),
    curves: drawCurves(from.engine),
    checks: await readChecks(from.checks),
  };
  const missing = [
    ...from.engine.losses.map(({ id }) => id).filter((id) => !(id in pages.losses)),
    ...from.engine.checks.map(({ code }) => code).filter((code) => !(code in pages.checks)),
  ];
  if (missing.length > 0) throw new Error(`No page for ${missing.join(', ')}`);
  await writeFile(from.file, JSON.stringify(pages));
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
    losses[id] = { id, title, summary, tex, formula, markdown };
  }
  return losses;
}

async function readChecks(folder: string): Promise<Record<string, CheckPage>> {
  const checks: Record<string, CheckPage> = {};
  for await (const path of glob('*.md', { cwd: folder })) {
    const markdown = await readFile(join(folder, path), 'utf8');
    const title = /^# (.+)$/m.exec(markdown)?.[1];
    if (title === undefined) throw new Error(`${path} has no title (\`# Title\`)`);
    // In the tab of the preview it stands as plain text.
    checks[basename(path, '.md')] = { title: title.replaceAll('`', ''), markdown };
  }
  return checks;
}

function drawCurves({ losses, symbols, curve }: Engine): Record<string, Picture> {
  const names = [...losses.map(({ id }) => id), ...symbols.map(({ name }) => name)];
  return Object.fromEntries(names.map((name) => [name, drawCurve(curve(name))]));
}
