/** Which files are checked, and what is read of them. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { sourceDocument } from '../recognise/index.ts';
import { type Checkable, Lines, type Point, Unreadable } from './checkable.ts';
import { UsageError } from './command.ts';
import { readNotebook } from './notebook.ts';

const languages: Readonly<Record<string, string>> = {
  '.py': 'python',
  '.ts': 'typescript',
  '.mts': 'typescript',
  '.cts': 'typescript',
  '.tsx': 'typescriptreact',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.cjs': 'javascript',
  '.jsx': 'javascriptreact',
};
const notebook = '.ipynb';
export const checkedEndings = [...Object.keys(languages), notebook];

/** Folders whose programs are not one's own. */
const skipped = /^(\..+|node_modules|__pycache__|venv|site-packages|dist|build)$/;

/**
 * The files that these words name, a folder for all that is in it, in the order of their paths.
 * @throws UsageError for a path that is not there, and for a file of another kind
 */
export async function filesIn(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const what = await stat(path).catch(() => undefined);
    if (!what) throw new UsageError(`'${path}' is not there. Expected: files and folders to check.`);
    if (what.isDirectory()) await collect(path, found);
    else if (checkedEndings.includes(extname(path).toLowerCase())) found.push(path);
    else throw new UsageError(`'${path}' is of another kind. Expected: ${checkedEndings.join(', ')}.`);
  }
  return [...new Set(found)];
}

async function collect(folder: string, found: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    // Links are left alone: they may lead in circles.
    if (entry.isDirectory() && !skipped.test(entry.name)) await collect(path, found);
    else if (entry.isFile() && checkedEndings.includes(extname(entry.name).toLowerCase())) found.push(path);
  }
}

/** @returns nothing for a notebook in another language @throws Unreadable */
export async function readCheckable(file: string): Promise<Checkable | undefined> {
  const path = relative('', file).split(sep).join('/');
  let text: string;
  try {
    // Editors do not count the mark of the byte order.
    text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    throw new Unreadable(path, error instanceof Error ? error.message : String(error));
  }
  const ending = extname(file).toLowerCase();
  if (ending === notebook) return readNotebook(path, text);
  const source = sourceDocument(text, languages[ending]!)!;
  const lines = new Lines(text);
  const at = (offset: number): Point => lines.at(offset);
  return { path, source, shown: at, inFile: at, written: (replacement) => replacement };
}
