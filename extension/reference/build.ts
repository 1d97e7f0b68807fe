/** The build step that renders the reference into one JSON file. */
import { globSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Family } from '../../engine/catalogue.ts';
import type { Engine } from '../platform/platform.ts';
import type { Book, BookPage } from './book.ts';
import { render } from './render.ts';

const families: readonly Family[] = [
  'regression',
  'classification',
  'ranking',
  'image',
  'adversarial',
  'specialized',
];

/** @throws Error that names a page that is missing, or a link that leads nowhere */
export async function writeReference(from: {
  readonly engine: Engine;
  /** The folder that holds `losses/` and the other folders of pages. */
  readonly root: string;
  /** The file to write. */
  readonly file: string;
}): Promise<void> {
  const paths = globSync('{losses,messages,checks}/**/*.md', { cwd: from.root })
    // Links in the pages have slashes on every system.
    .map((path) => path.replaceAll(sep, '/'))
    .toSorted();
  const places = new Map(paths.map((path) => [path, placeOf(path)]));
  const pages: Record<string, BookPage> = {};
  for (const [path, place] of places) {
    const markdown = await readFile(join(from.root, path), 'utf8');
    pages[place.id] = { ...place, ...render(path, markdown, (target) => places.get(target)?.id) };
  }
  const book: Book = {
    pages,
    guides: ['opening', 'choosing', 'checks', 'messages'],
    families: families.map((id) => ({
      id,
      losses: from.engine.losses.filter(({ family }) => family === id).map((loss) => loss.id),
    })),
    messages: Object.keys(pages).filter((id) => pages[id]!.kind === 'message'),
    checks: from.engine.checks.map(({ code }) => `checks/${code}`),
  };
  const expected = [...book.families.flatMap(({ id, losses }) => [id, ...losses]), ...book.checks];
  const missing = [...book.guides, ...expected].filter((id) => !(id in pages));
  if (missing.length > 0) throw new Error(`No page for ${missing.join(', ')}`);
  await writeFile(from.file, JSON.stringify(book));
}

/** A README is the page of its folder. */
function placeOf(path: string): Pick<BookPage, 'id' | 'kind' | 'family'> {
  const [folder, ...rest] = path.replace(/\.md$/, '').split('/') as [string, ...string[]];
  if (folder !== 'losses') {
    if (rest[0] === 'README') return { id: folder, kind: 'guide' };
    return { id: `${folder}/${rest[0]}`, kind: folder === 'checks' ? 'check' : 'message' };
  }
  if (rest.length === 1) return { id: rest[0] === 'README' ? 'opening' : rest[0]!, kind: 'guide' };
  const [family, name] = rest as [Family, string];
  return name === 'README' ? { id: family, kind: 'family', family } : { id: name, kind: 'loss', family };
}
