/**
 * Recognition in JavaScript and TypeScript against TypeScript's own checker, over a folder of other people's code with a
 * folder a repository: `node test/corpus/script.ts FOLDER [--differences]`. `TFJS_HOME` is a folder in which
 * `@tensorflow/tfjs` is installed.
 *
 * The checker knows where every name is declared, through any number of files, but nothing of variables that change, of
 * parameters without types and of scripts from an address. `--differences` lists where the two disagree, and the words
 * that look like a loss which neither of them knows, to be judged by hand.
 */
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript-6';
import { symbols } from '../../engine/frameworks/index.ts';
import { findLosses } from '../../engine/recognise/index.ts';
import { Resolver } from '../../extension/tsserver-plugin/resolve.ts';
import { programOf } from './program.ts';
import { languageOfScript } from './sources.ts';

const [folder, mode] = process.argv.slice(2);
const home = process.env.TFJS_HOME;
if (!folder || !home) {
  throw new Error('Usage: TFJS_HOME=… node test/corpus/script.ts FOLDER [--differences]');
}

/** Names of functions in `tf.losses` and `tf.metrics`, and the strings that `compile` takes. */
const words = new Set(
  symbols.filter(({ framework }) => framework === 'tfjs').map(({ name }) => name.split('.').at(-1)!),
);

interface Counts {
  files: number;
  agreed: number;
  missed: number;
  extra: number;
}

const total: Counts = { files: 0, agreed: 0, missed: 0, extra: 0 };
for (const repository of readdirSync(folder).sort()) {
  const counts = compare(repository);
  console.log(`${repository}: ${told(counts)}`);
  for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += counts[key];
}
console.log(`all: ${told(total)}`);

function told({ files, agreed, missed, extra }: Counts): string {
  const resolved = agreed + missed;
  return `${files} files; ${resolved} losses by the checker, ${agreed} of them found; ${extra} found besides`;
}

function compare(repository: string): Counts {
  const { program, paths } = programOf(join(folder!, repository), home!);
  const resolver = new Resolver(ts, program.getTypeChecker());
  const counts: Counts = { files: 0, agreed: 0, missed: 0, extra: 0 };
  for (const path of paths) {
    const file = program.getSourceFile(path);
    if (!file) continue;
    counts.files++;
    const named = findLosses(file.text, languageOfScript(path)!);
    const found = new Map(named.map((loss) => [loss.start, loss.symbol]));
    for (const node of readsIn(file)) {
      const quotes = ts.isStringLiteralLike(node) ? 1 : 0;
      const start = node.getStart(file) + quotes;
      const [info] = resolver.at(file, node.getStart(file))?.symbols ?? [];
      const ours = found.get(start);
      found.delete(start);
      if (info && ours === info.name) counts.agreed++;
      else if (info) {
        counts.missed++;
        say('missed', file, start, `${info.name}${ours ? ` (found: ${ours})` : ''}`);
      } else if (ours) {
        counts.extra++;
        say('extra', file, start, ours);
      } else if (words.has(node.text)) say('neither', file, start, node.text);
    }
    for (const [start, symbol] of found) {
      counts.extra++;
      say('extra', file, start, symbol);
    }
  }
  return counts;
}

/** The names and strings of a file but for those that declare, import or export something. */
function* readsIn(node: ts.Node): Generator<ts.Identifier | ts.PrivateIdentifier | ts.StringLiteralLike> {
  if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node) || ts.isStringLiteralLike(node)) {
    if (!declares(node)) yield node;
    return;
  }
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* readsIn(child);
}

function declares(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent) || ts.isPropertyAccessExpression(parent)) return false;
  if (ts.isImportSpecifier(parent)) return true;
  if (ts.isExportSpecifier(parent)) {
    return (
      parent.parent.parent.moduleSpecifier !== undefined || (parent.propertyName ?? parent.name) !== node
    );
  }
  const { name, propertyName } = parent as { name?: ts.Node; propertyName?: ts.Node };
  return name === node || propertyName === node;
}

function say(what: string, file: ts.SourceFile, start: number, symbol: string): void {
  if (mode !== '--differences') return;
  const { line } = file.getLineAndCharacterOfPosition(start);
  const [text = ''] = file.text.slice(file.getPositionOfLineAndCharacter(line, 0)).split('\n', 1);
  // Of a library that is packed into one file, nothing is judged.
  if (what === 'neither' && text.length > 2000) return;
  const place = `${relative(folder!, file.fileName).replaceAll('\\', '/')}:${line + 1}`;
  console.log(`${what}\t${place}\t${symbol}\t${text.trim().slice(0, 160)}`);
}
