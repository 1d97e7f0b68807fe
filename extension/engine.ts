import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ParameterInfo } from '../engine/catalogue.ts';
import type { Parameters } from '../engine/evaluation.ts';
import { type Engine, platform } from './platform/platform.ts';

let loading: Promise<Engine> | undefined;

/**
 * The engine with its threads, run on first use. There is one in the process, whichever module it is reached by.
 */
export function engine(): Promise<Engine> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Engine> {
  const loaded = await platform().engine();
  loaded.configure({ readFile });
  return loaded;
}

/** Files that come only to those who wait, while the engine reads at once: by name. */
const fetched = new Map<string, Uint8Array>();

function readFile(name: string): Uint8Array {
  const { disk } = platform();
  const uri = uriOf(name);
  if (disk && uri.scheme === 'file') return disk.read(uri.fsPath);
  const bytes = fetched.get(name);
  if (!bytes) throw new Error(t('it has not been fetched. Evaluate the loss again'));
  return bytes;
}

/** Has the engine find the files that these parameters name. What cannot be fetched it will refuse by name. */
export async function fetchFiles(infos: readonly ParameterInfo[], parameters: Parameters): Promise<void> {
  const { disk } = platform();
  for (const { name, file } of infos) {
    const named = parameters[name];
    if (file === undefined || typeof named !== 'string' || named === '') continue;
    const uri = uriOf(named);
    if (disk && uri.scheme === 'file') continue;
    try {
      fetched.set(named, await vscode.workspace.fs.readFile(uri));
    } catch {
      fetched.delete(named);
    }
  }
}

/** Names of files begin at the first folder of the workspace, at the root of the disk, or with their scheme. */
function uriOf(name: string): vscode.Uri {
  if (/^[A-Za-z][\w+.-]+:/.test(name)) return vscode.Uri.parse(name);
  const base = baseFolder();
  return base === undefined || isRooted(name) ? vscode.Uri.file(name) : vscode.Uri.joinPath(base, name);
}

const isRooted = (name: string): boolean => /^([/\\]|[A-Za-z]:)/.test(name);

/** As short as `uriOf` will find it again. */
export function fileName(uri: vscode.Uri): string {
  const base = baseFolder();
  const isBeside = base?.scheme === uri.scheme && base.authority === uri.authority;
  const path = isBeside ? uri.path.slice(base.path.replace(/\/$/, '').length) : '';
  if (isBeside && path.startsWith('/') && uri.path.startsWith(base.path)) return path.slice(1);
  return uri.scheme === 'file' ? uri.fsPath : uri.toString();
}

const baseFolder = (): vscode.Uri | undefined => vscode.workspace.workspaceFolders?.[0]?.uri;
