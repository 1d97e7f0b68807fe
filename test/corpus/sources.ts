/** The Python sources under a folder, notebooks included, and those in JavaScript and TypeScript. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { PythonCells } from '../../engine/recognise/index.ts';

export interface Source {
  /** From the folder, with `/`. */
  readonly path: string;
  /** VS Code's id. */
  readonly language: string;
  /** Of a notebook all its code cells. */
  readonly text: string;
  /** `path:line`; of a notebook `path[cell]:line`. */
  place(offset: number): string;
}

const scripts: Readonly<Record<string, string>> = {
  js: 'javascript',
  cjs: 'javascript',
  mjs: 'javascript',
  jsx: 'javascriptreact',
  ts: 'typescript',
  cts: 'typescript',
  mts: 'typescript',
  tsx: 'typescriptreact',
};

/** Those in Python. */
export function* sourcesIn(folder: string): Generator<Source> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(py|ipynb)$/.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    const path = relative(folder, file).replaceAll('\\', '/');
    const content = readFileSync(file, 'utf8');
    if (entry.name.endsWith('.py')) {
      yield {
        path,
        language: 'python',
        text: content,
        place: (offset) => `${path}:${lineOf(content, offset)}`,
      };
      continue;
    }
    const texts = codeCells(content);
    if (!texts) continue;
    const cells = new PythonCells(texts);
    yield {
      path,
      language: 'python',
      text: cells.document.text,
      place(at) {
        const { cell, offset } = cells.place(at);
        return `${path}[${cell}]:${lineOf(texts[cell]!, offset)}`;
      },
    };
  }
}

/** VS Code's id; `undefined` for declarations, and for what is in another language. */
export function languageOfScript(path: string): string | undefined {
  const ending = /(?<!\.d)\.([cm]?[jt]s|[jt]sx)$/.exec(path)?.[1];
  return ending === undefined ? undefined : scripts[ending];
}

/** Those in JavaScript and TypeScript, but for declarations and what a line of 2000 characters shows to be packed. */
export function* scriptsIn(folder: string): Generator<Source> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const language = languageOfScript(entry.name);
    if (!entry.isFile() || language === undefined) continue;
    const file = join(entry.parentPath, entry.name);
    const path = relative(folder, file).replaceAll('\\', '/');
    const text = readFileSync(file, 'utf8');
    if (/.{2000}/.test(text)) continue;
    yield { path, language, text, place: (offset) => `${path}:${lineOf(text, offset)}` };
  }
}

/** `undefined` when the file is no notebook of Python. */
function codeCells(content: string): string[] | undefined {
  try {
    const { cells } = JSON.parse(content) as { cells?: { cell_type: string; source: string | string[] }[] };
    return cells
      ?.filter(({ cell_type }) => cell_type === 'code')
      .map(({ source }) => (Array.isArray(source) ? source.join('') : source));
  } catch {
    return undefined;
  }
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
