/** What lies beside the command line in its package: the manifest and the checks' pages. In the sources both are where they are written. */
import { readFile } from 'node:fs/promises';

const inSources = import.meta.url.endsWith('.ts');

interface Manifest {
  readonly version: string;
  readonly homepage: string;
  readonly repository: { readonly url: string };
}

export async function manifest(): Promise<Manifest> {
  const file = new URL(inSources ? '../../package.json' : './package.json', import.meta.url);
  return JSON.parse(await readFile(file, 'utf8')) as Manifest;
}

/** The page of a check, in Markdown. */
export const pageOf = (code: string): Promise<string> =>
  readFile(new URL(`${inSources ? '../checks' : './checks'}/${code}.md`, import.meta.url), 'utf8');
