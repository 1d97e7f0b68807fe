/** The build step that renders the reference into one JSON file for each language. */
import { existsSync, globSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Family } from '../../engine/catalogue.ts';
import type { Engine } from '../platform/platform.ts';
import type { Book, BookPage } from './book.ts';
import { type Rendered, render } from './render.ts';

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
  /** For each language but English, the folder that holds the same pages in it, and the file to write. */
  readonly translations: readonly {
    readonly language: string;
    readonly root: string;
    readonly file: string;
  }[];
}): Promise<void> {
  const paths = globSync('{losses,messages,checks}/**/*.md', { cwd: from.root })
    // Links in the pages have slashes on every system.
    .map((path) => path.replaceAll(sep, '/'))
    .toSorted();
  const places = new Map(paths.map((path) => [path, placeOf(path)]));
  const rendered = async (root: string, path: string, anchors?: readonly string[]): Promise<Rendered> =>
    render(path, await readFile(join(root, path), 'utf8'), (target) => places.get(target)?.id, anchors);
  const pages: Record<string, BookPage> = {};
  const anchorsOf = new Map<string, readonly string[]>();
  for (const [path, place] of places) {
    const { anchors, ...page } = await rendered(from.root, path);
    pages[place.id] = { ...place, language: 'en', ...page };
    anchorsOf.set(path, anchors);
  }
  const book: Book = {
    language: 'en',
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
  for (const { language, root, file } of from.translations) {
    const translated: Record<string, BookPage> = {};
    for (const [path, place] of places) {
      // What nobody has translated yet is shown in English.
      if (!existsSync(join(root, path))) continue;
      // By the same anchors, the page's own parts are put in their places.
      const { title, html } = await rendered(root, path, anchorsOf.get(path));
      translated[place.id] = { ...place, language, title, html };
    }
    await writeFile(file, JSON.stringify({ ...book, language, pages: { ...pages, ...translated } }));
  }
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
