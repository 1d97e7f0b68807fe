/**
 * A snippet in a file: which frameworks that imports, under which names, and what has to be added. Import lines are read by
 * their form; whether a name is later bound to something else is not asked.
 */
import type { Snippet, SnippetFramework, SnippetImport } from './snippet.ts';

export type SnippetLanguage = Snippet['language'];

/** What each imported name stands for. */
export type Imports = ReadonlyMap<string, string>;

const pythonImport =
  /^[ \t]*(?:import[ \t]+([\w. \t,]+)|from[ \t]+([\w.]+)[ \t]+import[ \t]+(?:\(([^)]*)\)|([^#\n(]+)))/gm;
const starImport = /import\s+(?:type\s+)?\*\s+as\s+([\w$]+)\s+from\s+['"]([^'"]+)['"]/g;
const requireCall = /(?:const|let|var)\s+([\w$]+)\s*=\s*require\(\s*['"]([^'"]+)['"]\s*\)/g;
const fromModule = /(?:from\s+|import\s+|require\(\s*)['"]([^'"]+)['"]/g;

/** Names of `import` lines anywhere in the file. */
export function importsOf(text: string, language: SnippetLanguage): Imports {
  const names = new Map<string, string>();
  if (language === 'typescript') {
    for (const pattern of [starImport, requireCall]) {
      for (const [, name, module] of text.matchAll(pattern)) names.set(name!, module!);
    }
    for (const [, module] of text.matchAll(fromModule)) names.set(module!, module!);
    for (const [name, module] of names) if (!module.startsWith('@tensorflow/')) names.delete(name);
    return names;
  }
  for (const [, modules, from, several, one] of text.matchAll(pythonImport)) {
    for (const item of (modules ?? several ?? one ?? '').replaceAll(/#.*$/gm, '').split(',')) {
      const found = /^\s*([\w.]+)(?:\s+as\s+(\w+))?\s*$/.exec(item);
      if (!found) continue;
      const [, path, alias] = found;
      if (from) names.set(alias ?? path!, `${from}.${path}`);
      else names.set(alias ?? path!.split('.')[0]!, alias ? path! : path!.split('.')[0]!);
    }
  }
  return names;
}

const roots: readonly (readonly [RegExp, SnippetFramework])[] = [
  [
    /^(torch|torchvision|segmentation_models_pytorch|monai|kornia|lightning|pytorch_lightning)(\.|$)/,
    'torch',
  ],
  [/^(keras|tensorflow|tf_keras)(\.|$)/, 'keras'],
  [/^(optax|jax|flax)(\.|$)/, 'optax'],
  [/^@tensorflow\/tfjs/, 'tfjs'],
];

/** Those that the file imports; plain NumPy where it imports nothing else that computes gradients. */
export function frameworksOf(imports: Imports): readonly SnippetFramework[] {
  const paths = [...imports.values()];
  const found = roots.filter(([root]) => paths.some((path) => root.test(path))).map(([, name]) => name);
  if (found.length > 0) return found;
  return paths.some((path) => /^(numpy|sklearn|scipy|ot)(\.|$)/.test(path)) ? ['numpy'] : [];
}

/** The snippet under the names that the file uses, and the import lines that it lacks. */
export function placed(
  snippet: Snippet,
  imports: Imports,
): { readonly template: string; readonly lines: readonly string[] } {
  const lines: string[] = [];
  let { template } = snippet;
  for (const needed of snippet.imports) {
    const { name, path, line } = needed;
    const isTaken = imports.has(name) && !same(imports.get(name)!, path);
    const own = spelled(needed, imports) ?? (isTaken ? path : undefined);
    if (own === undefined) lines.push(line);
    else if (own === path && isTaken) {
      // The name is another thing's here, so the whole path is written.
      const calls = new RegExp(`(?<![\\w.«])${name}\\(`).test(template);
      const module = calls ? path.slice(0, path.lastIndexOf('.')) : path;
      if (!imports.has(path.split('.', 1)[0]!)) lines.push(`import ${module}`);
    }
    if (own !== undefined && own !== name) {
      template = template.replace(new RegExp(`(?<![\\w.«])${name}(?=[.(])`, 'g'), own);
    }
  }
  return { template, lines };
}

/** As the file can write it; `undefined` where it has to import it first. */
function spelled({ path }: SnippetImport, imports: Imports): string | undefined {
  for (const wanted of path.startsWith('keras') ? [path, `tensorflow.${path}`] : [path]) {
    for (const [name, stands] of imports) if (same(stands, wanted) && name !== stands) return name;
    for (const [name, stands] of imports) {
      if (stands === wanted) return name;
      if (wanted.startsWith(`${stands}.`)) return `${name}${wanted.slice(stands.length)}`;
    }
  }
  return undefined;
}

/** TensorFlow.js comes in packages of one face: for browsers, for Node, with a GPU. */
const same = (path: string, wanted: string): boolean =>
  path === wanted || (wanted === '@tensorflow/tfjs' && /^@tensorflow\/tfjs(-node|-node-gpu)?$/.test(path));

/** The line before which a file takes an import: behind its last one, else behind the comments and the text that it opens with. */
export function importLine(text: string, language: SnippetLanguage): number {
  const lines = text.split('\n');
  const isImport = language === 'python' ? /^(import|from)\s+\w/ : /^(import\b|const .*require\()/;
  let last = lines.findLastIndex((line) => isImport.test(line));
  if (last >= 0) {
    // Up to the closing bracket of names on several lines.
    if (/[({]\s*(#.*)?$/.test(lines[last]!)) {
      while (last < lines.length - 1 && !/^[^#]*[)}]/.test(lines[last + 1]!)) last++;
      last++;
    }
    return last + 1;
  }
  if (language === 'typescript') return 0;
  let at = 0;
  while (/^#/.test(lines[at] ?? '')) at++;
  const quote = /^[rRuU]?("""|''')/.exec(lines[at] ?? '')?.[1];
  if (quote) {
    const start = lines[at]!.indexOf(quote) + 3;
    if (!lines[at]!.includes(quote, start)) while (at < lines.length - 1 && !lines[++at]!.includes(quote));
    at++;
  }
  return at;
}

/** Whether an offset of a JavaScript or TypeScript file is in a comment or in a string. */
export function inTextOfScript(text: string, offset: number): boolean {
  /** `code` in front of each `${` that is open, with how many braces are open in it. */
  const templates: number[] = [];
  let braces = 0;
  let i = 0;
  const skipTo = (end: string): boolean => {
    while (i < text.length && !text.startsWith(end, i)) {
      if (end !== '\n' && end !== '*/' && text[i] === '\\') i++;
      if ((end === "'" || end === '"') && text[i] === '\n') return i >= offset;
      if (end === '`' && text.startsWith('${', i)) {
        if (i >= offset) return true;
        templates.push(braces);
        braces = 0;
        i += 2;
        return false;
      }
      i++;
    }
    if (i >= offset) return true;
    i += end.length;
    return false;
  };
  while (i < offset) {
    const two = text.slice(i, i + 2);
    const one = text[i]!;
    if (two === '//') {
      if (skipTo('\n')) return true;
    } else if (two === '/*') {
      i += 2;
      if (skipTo('*/')) return true;
    } else if (one === "'" || one === '"' || one === '`') {
      i++;
      if (skipTo(one)) return true;
    } else {
      if (one === '{') braces++;
      if (one === '}' && braces-- === 0 && templates.length > 0) {
        braces = templates.pop()!;
        i++;
        if (skipTo('`')) return true;
        continue;
      }
      i++;
    }
  }
  return false;
}
