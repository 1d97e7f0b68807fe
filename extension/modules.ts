/**
 * The user's own Python modules: what a document imports from its workspace is read, so that a loss that is made in one
 * file is recognised in another. Nothing of them runs.
 */
import * as vscode from 'vscode';
import { importedModules, PythonDocument } from '../engine/index.ts';
import { fileOf, pythonPlaceOf } from './sources.ts';

/** The modules that a document imports, and what they pass on of others. */
const levels = 2;
/** Bytes; what is larger is data. */
const largest = 256 * 1024;
/** Milliseconds that an answer waits for a slow file system. What is not there by then is known to the next one. */
const patience = 150;

interface Module {
  readonly uri: vscode.Uri;
  readonly document: PythonDocument;
}

interface Known extends Module {
  /** The version of an open document, or `disk`. */
  from: string;
}

const modules = new Map<string, Promise<Known | undefined>>();
/** The names in each folder. */
const folders = new Map<string, Promise<ReadonlySet<string>>>();
let isWatching = false;

/** Gives the source of a Python document the modules that it imports. */
export async function knowModules(document: vscode.TextDocument): Promise<void> {
  const source = pythonPlaceOf(document)?.source;
  const uri = fileOf(document);
  if (!source || !vscode.workspace.getWorkspaceFolder(uri)) return;
  if (!isWatching) watch();
  await Promise.race([
    know(source, uri, levels),
    new Promise<void>((resolve) => setTimeout(resolve, patience)),
  ]);
}

async function know(source: PythonDocument, uri: vscode.Uri, levels: number): Promise<void> {
  const { text } = source;
  const found = await Promise.all(
    importedModules(text).map(async (name) => [name, await moduleNamed(name, uri)] as const),
  );
  // It was edited meanwhile, and somebody else asks for what it imports now.
  if (source.text !== text) return;
  const known = found.flatMap(([name, module]) =>
    module && module.document !== source ? [{ name, module }] : [],
  );
  source.modules = new Map(known.map(({ name, module }) => [name, module.document]));
  if (levels === 1) return;
  await Promise.all(known.map(({ module }) => know(module.document, module.uri, levels - 1)));
}

async function moduleNamed(name: string, importer: vscode.Uri): Promise<Module | undefined> {
  const [, dots = '', path = ''] = /^(\.*)(.*)$/.exec(name)!;
  const parts = path.split('.').filter((part) => part !== '');
  for (const folder of foldersFor(importer, dots.length)) {
    const file = await fileIn(folder, parts);
    if (file && file.toString() !== importer.toString()) return moduleAt(file);
  }
  return undefined;
}

/** Where a module may be: as Python looks for it when a file around the importer is run, or the project is installed. */
function foldersFor(importer: vscode.Uri, dots: number): readonly vscode.Uri[] {
  const up = (uri: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(uri, '..');
  let folder = up(importer);
  for (let level = 1; level < dots; level++) folder = up(folder);
  const root = vscode.workspace.getWorkspaceFolder(folder)?.uri;
  if (!root) return [];
  if (dots > 0) return [folder];
  const found = [folder];
  for (; folder.path.length > root.path.length; found.push(folder)) folder = up(folder);
  return [...found, vscode.Uri.joinPath(root, 'src')];
}

async function fileIn(folder: vscode.Uri, parts: readonly string[]): Promise<vscode.Uri | undefined> {
  let inner = folder;
  for (const [i, part] of parts.entries()) {
    const names = await namesIn(inner);
    if (i === parts.length - 1 && names.has(`${part}.py`)) return vscode.Uri.joinPath(inner, `${part}.py`);
    if (!names.has(part)) return undefined;
    inner = vscode.Uri.joinPath(inner, part);
  }
  const names = await namesIn(inner);
  return names.has('__init__.py') ? vscode.Uri.joinPath(inner, '__init__.py') : undefined;
}

function namesIn(folder: vscode.Uri): Promise<ReadonlySet<string>> {
  const key = folder.toString();
  const known = folders.get(key);
  if (known) return known;
  const reading = Promise.resolve(vscode.workspace.fs.readDirectory(folder)).then(
    (entries) => new Set(entries.map(([name]) => name)),
    () => new Set<string>(),
  );
  folders.set(key, reading);
  return reading;
}

/** A file as the editor has it, or as it is on the disk. */
async function moduleAt(uri: vscode.Uri): Promise<Module | undefined> {
  const key = uri.toString();
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
  const known = await modules.get(key);
  const from = open ? `version ${open.version}` : 'disk';
  if (known?.from === from) return known;
  const reading = textOf(uri, open).then((text): Known | undefined => {
    if (text === undefined) return undefined;
    known?.document.update(text);
    return { uri, document: known?.document ?? new PythonDocument(text), from };
  });
  modules.set(key, reading);
  return reading;
}

async function textOf(uri: vscode.Uri, open: vscode.TextDocument | undefined): Promise<string | undefined> {
  if (open) return open.getText().length <= largest ? open.getText() : undefined;
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > largest) return undefined;
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    // It has gone since the folder was read.
    return undefined;
  }
}

function watch(): void {
  isWatching = true;
  const watcher = vscode.workspace.createFileSystemWatcher('**/*.py');
  const changed = async (uri: vscode.Uri): Promise<void> => {
    const known = await modules.get(uri.toString());
    if (known) known.from = 'changed';
  };
  const appeared = (uri: vscode.Uri): Promise<void> => {
    folders.clear();
    return changed(uri);
  };
  watcher.onDidChange(changed);
  watcher.onDidCreate(appeared);
  watcher.onDidDelete(appeared);
  vscode.workspace.onDidChangeWorkspaceFolders(() => folders.clear());
}
