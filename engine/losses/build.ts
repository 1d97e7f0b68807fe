/**
 * The build step that writes down which losses there are: each program of a family's folder that has a page beside it.
 * Nothing else needs to be told of a new one. Both texts are committed, so that what runs without a build has them too.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const families = ['regression', 'classification', 'ranking', 'image', 'adversarial', 'specialized'];

interface Entry {
  readonly family: string;
  readonly id: string;
  /** Of the constant that the program exports. */
  readonly name: string;
  readonly title: string;
}

export interface Catalogue {
  /** The text of `index.ts`. */
  readonly index: string;
  /** The text of `README.md`, with its list of all losses. */
  readonly opening: string;
}

/**
 * @param folder  that of the families
 * @throws Error that names a program without a page, or a page without a program
 */
export function catalogueOf(folder: string): Catalogue {
  const entries = families.flatMap((family) => lossesOf(folder, family));
  const imports = entries
    .map(({ family, id, name }) => ({ path: `./${family}/${id}.ts`, name }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, name }) => `import { ${name} } from '${path}';`);
  const index = [
    '/** The catalogue. Written by the build (build.ts) from the files beside it: a change here would be lost. */',
    "import type { Loss } from '../definition.ts';",
    ...imports,
    '',
    'export const losses: readonly Loss[] = [',
    ...entries.map(({ name }) => `  ${name},`),
    '];',
    '',
  ].join('\n');
  const lists = families.map((family) => {
    const links = entries
      .filter((entry) => entry.family === family)
      .map(({ id, title }) => `[${title}](${family}/${id}.md)`);
    return `**${family[0]!.toUpperCase()}${family.slice(1)}**: ${links.join(', ')}\n`;
  });
  const opening = readFileSync(join(folder, 'README.md'), 'utf8').replace(
    /^(## All losses\n\n)[\s\S]*?(?=^## )/m,
    (_, heading: string) => `${heading}${lists.join('\n')}\n`,
  );
  return { index, opening };
}

/** Writes what has changed. */
export function writeCatalogue(folder: string): void {
  const { index, opening } = catalogueOf(folder);
  for (const [file, text] of [
    [join(folder, 'index.ts'), index],
    [join(folder, 'README.md'), opening],
  ] as const) {
    if (readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
  }
}

/** In the order of the family's page; those that it does not compare come last, by name. */
function lossesOf(folder: string, family: string): Entry[] {
  const here = join(folder, family);
  const compared = [
    ...readFileSync(join(here, 'README.md'), 'utf8').matchAll(/^\| \[[^\]]+\]\(([\w-]+)\.md\)/gm),
  ];
  const order = compared.map(([, id]) => id!);
  const rank = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length);
  const pages = new Set(globSync('*.md', { cwd: here }).filter((file) => file !== 'README.md'));
  const entries: Entry[] = [];
  for (const file of globSync('*.ts', { cwd: here }).toSorted()) {
    const id = file.replace(/\.ts$/, '');
    const name = /^export const (\w+): Loss = /m.exec(readFileSync(join(here, file), 'utf8'))?.[1];
    // A file without one is what several losses of the family share.
    if (!name) continue;
    const page = `${id}.md`;
    if (!pages.delete(page)) throw new Error(`The loss of ${family}/${file} has no page ${family}/${page}.`);
    const title = /^# (.+)$/m.exec(readFileSync(join(here, page), 'utf8'))?.[1];
    if (!title) throw new Error(`The page ${family}/${page} has no title: '# …' on its first line.`);
    entries.push({ family, id, name, title });
  }
  const [alone] = pages;
  if (alone) {
    throw new Error(
      `The page ${family}/${alone} has no program: ${family}/${alone.replace(/md$/, 'ts')} with 'export const …: Loss = {'.`,
    );
  }
  return entries.sort((a, b) => rank(a.id) - rank(b.id));
}
