/** The licences of the packages inside what the build has made. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Those that allow what is done here: to hand the packages on inside ours, with their texts. */
const allowed = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0']);

/** Packages without a text of their own, and the one of the same makers that has it. */
const textElsewhere: Readonly<Record<string, string>> = {
  '@mathjax/mathjax-newcm-font': '@mathjax/src',
  '@microsoft/fast-element': '@vscode/webview-ui-toolkit',
  '@microsoft/fast-foundation': '@vscode/webview-ui-toolkit',
  '@microsoft/fast-web-utilities': '@vscode/webview-ui-toolkit',
  '@vscode/l10n': '@vscode/webview-ui-toolkit',
};

/** As esbuild's metafile lists them. */
export type Outputs = Readonly<
  Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
>;

/**
 * @param root  the folder whose `node_modules` was bundled
 * @param others  packages of which something is handed on that no bundle holds
 * @throws Error for a package without a licence text, or under another licence than these
 */
export function noticesOf(root: string, outputs: readonly Outputs[], others: readonly string[] = []): string {
  const folders = new Set(others.map((name) => `node_modules/${name}`));
  for (const { inputs } of outputs.flatMap((made) => Object.values(made))) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
      if (folder && bytesInOutput > 0) folders.add(folder);
    }
  }
  const notices = [...folders].map((folder) => noticeOf(root, folder, folders)).sort();
  return [
    'Loss Lens contains the packages below, under the licences that follow their names.\n',
    ...new Set(notices),
  ].join(`\n${'-'.repeat(80)}\n\n`);
}

function noticeOf(root: string, folder: string, all: ReadonlySet<string>): string {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  // Of several that may be chosen from, one is enough.
  if (!`${license}`.split(' OR ').some((one) => allowed.has(one))) {
    throw new Error(`${name} is under ${license}. Expected: ${[...allowed].join(', ')}.`);
  }
  const texts = [...textsIn(join(root, folder)), ...compiledInto(name)];
  const other = textElsewhere[name];
  if (other && all.has(`node_modules/${other}`)) texts.push(`Its text is among those of ${other}.`);
  else if (other) texts.push(...textsIn(join(root, 'node_modules', other)));
  if (texts.length === 0) throw new Error(`${name} has no file with its licence (${license}).`);
  return `${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`;
}

/** Of what is compiled into the package, where it leaves that out. */
function compiledInto(name: string): string[] {
  const file = join(import.meta.dirname, 'licences', `${name}.txt`);
  return existsSync(file) ? [readFileSync(file, 'utf8').trim()] : [];
}

/** Of the package, and of the foreign code in it. */
function textsIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(^|[\\/])(licen[cs]e|copying|notices?)([.-][\w.-]+)?$/i.test(file))
    .filter((file) => !/node_modules/.test(file) && !/\.(js|ts|json)$/.test(file));
  return files.toSorted().map((file) => readFileSync(join(folder, file), 'utf8').trim());
}
