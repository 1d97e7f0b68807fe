/** The build step that renders the reference into one JSON file. */
import { globSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Family } from '../../engine/catalogue.ts';
import type { Engine } from '../engine.ts';
import { type Book, type BookPage, guides } from './book.ts';
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
  /** The folder of `<family>/<id>.md`, with the guides. */
  readonly losses: string;
  /** The file to write. */
  readonly file: string;
}): Promise<void> {
  const paths = globSync('**/*.md', { cwd: from.losses }).toSorted();
  const idAt = new Map(paths.map((path) => [path, idOf(path)]));
  const pages: Record<string, BookPage> = {};
  for (const path of paths) {
    const id = idAt.get(path)!;
    const markdown = await readFile(join(from.losses, path), 'utf8');
    const folder = dirname(path);
    pages[id] = {
      id,
      kind: folder === '.' ? 'guide' : id === folder ? 'family' : 'loss',
      ...(folder !== '.' && { family: folder as Family }),
      ...render(path, markdown, (target) => idAt.get(target)),
    };
  }
  const book: Book = {
    pages,
    families: families.map((id) => ({
      id,
      losses: from.engine.losses.filter(({ family }) => family === id).map((loss) => loss.id),
    })),
  };
  const expected = book.families.flatMap(({ id, losses }) => [id, ...losses]);
  const missing = [...guides, ...expected].filter((id) => !(id in pages));
  if (missing.length > 0) throw new Error(`No page for ${missing.join(', ')}`);
  await writeFile(from.file, JSON.stringify(book));
}

/** A README is the page of its folder. */
function idOf(path: string): string {
  const name = basename(path, '.md');
  if (name !== 'README') return name;
  const folder = dirname(path);
  return folder === '.' ? 'opening' : folder;
}
