/**
 * The strings that a user reads: as `t` of @vscode/l10n and `vscode.l10n.t` name them, as programs in other processes do
 * by `phrase`, and the facts that are data. `npm run words` writes the English bundle and says which translations lack.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript-6';
import { facts } from './facts.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

export const languages = ['de'] as const;

export interface Strings {
  /** Each with `{0}`, `{1}` for what is filled in. */
  readonly texts: readonly string[];
  /** Calls whose string cannot be looked up, or is looked up before the language is known: place and reason. */
  readonly mistakes: readonly string[];
}

export function stringsOf(file: string, source: string): Strings {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const texts: string[] = [];
  const mistakes: string[] = [];
  const visit = (node: ts.Node): void => {
    const said = saidBy(node);
    if (said !== undefined) {
      const place = `${file}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
      if (said === null) mistakes.push(`${place} translates what is not written out there`);
      else texts.push(said);
      if (!ts.findAncestor(node, ts.isFunctionLike))
        mistakes.push(`${place} is said when the file is loaded`);
    }
    node.forEachChild(visit);
  };
  visit(tree);
  return { texts, mistakes };
}

/** `undefined`: this says nothing; `null`: it does not say what. */
function saidBy(node: ts.Node): string | null | undefined {
  if (ts.isTaggedTemplateExpression(node) && isSaying(node.tag)) return patternOf(node.template);
  if (!ts.isCallExpression(node) || !isSaying(node.expression)) return undefined;
  const [first] = node.arguments;
  return first && ts.isStringLiteralLike(first) ? first.text : null;
}

const isSaying = (callee: ts.Expression): boolean => /^(t|vscode\.l10n\.t|phrase)$/.test(callee.getText());

function patternOf(template: ts.TemplateLiteral): string {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
  const tails = template.templateSpans.map(({ literal }, index) => `{${index}}${literal.text}`);
  return template.head.text + tails.join('');
}

/** Of a program in Python: as for `stringsOf`. */
export function phrasesOf(file: string, source: string): Strings {
  const texts: string[] = [];
  const mistakes: string[] = [];
  for (const { 1: literal, index } of source.matchAll(/(?<!def )\bphrase\(\s*("(?:[^"\\]|\\.)*")?/g)) {
    const line = source.slice(0, index).split('\n').length;
    if (literal === undefined) mistakes.push(`${file}:${line} translates what is not written out there`);
    // What Python writes between double quotes is JSON too.
    else texts.push(JSON.parse(literal));
  }
  return { texts, mistakes };
}

/** What the source gives these properties and does not look up: place and text. */
export function plainIn(file: string, source: string, properties: RegExp): string[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const literals = (node: ts.Node): void => {
    if (saidBy(node) !== undefined) return;
    const text = ts.isStringLiteralLike(node)
      ? node.text
      : ts.isTemplateExpression(node)
        ? patternOf(node)
        : '';
    if (/\p{Letter}/u.test(text)) {
      found.push(`${file}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${text}`);
    }
    // What is asked is not said.
    if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(literals);
    else node.forEachChild(literals);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && properties.test(node.name.getText())) literals(node.initializer);
    else node.forEachChild(visit);
  };
  visit(tree);
  return found;
}

/** Of all that runs in the editor. */
export function allStrings(): Strings {
  const found = [
    ...sourcesIn('engine', 'extension', 'webview').map(([file, text]) => stringsOf(file, text)),
    ...pythonIn('extension').map(([file, text]) => phrasesOf(file, text)),
  ];
  return {
    texts: [...new Set([...found.flatMap(({ texts }) => texts), ...facts()])].sort(),
    mistakes: found.flatMap(({ mistakes }) => mistakes),
  };
}

/** Every program in these folders: path and text. */
export const sourcesIn = (...folders: readonly string[]) => filesIn(folders, /(?<!\.d)\.ts$/);

const pythonIn = (...folders: readonly string[]) => filesIn(folders, /\.py$/);

function filesIn(folders: readonly string[], named: RegExp): (readonly [file: string, text: string])[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...folders], {
    cwd: root,
    encoding: 'utf8',
  });
  return listed
    .split('\n')
    .filter((file) => named.test(file))
    .map((file) => [file, readFileSync(path.join(root, file), 'utf8')]);
}

export type Bundle = Readonly<Record<string, string>>;

/** From the folder that VS Code reads; without a language, what the program itself says. */
export function bundle(language?: string): Bundle {
  return JSON.parse(readFileSync(bundleFile(language), 'utf8'));
}

const bundleFile = (language?: string): string =>
  path.join(root, 'l10n', `bundle.l10n.${language === undefined ? '' : `${language}.`}json`);

/** The placeholders, in their order. */
export function placeholders(text: string): string[] {
  return (text.match(/\{\d+\}/g) ?? []).sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { texts, mistakes } = allStrings();
  for (const mistake of mistakes) console.error(mistake);
  const english = Object.fromEntries(texts.map((text) => [text, text]));
  writeFileSync(bundleFile(), `${JSON.stringify(english, undefined, 2)}\n`);
  for (const language of languages) {
    const translated = bundle(language);
    const missing = texts.filter((text) => translated[text] === undefined);
    const unused = Object.keys(translated).filter((text) => english[text] === undefined);
    console.log(`${language}: ${texts.length - missing.length} of ${texts.length} strings`);
    for (const text of missing) console.log(`  missing: ${text}`);
    for (const text of unused) console.log(`  no longer said: ${text}`);
  }
}
