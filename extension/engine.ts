import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';

/**
 * The engine with worker threads, run on first use. There is one in the process, whichever module it is reached by.
 */
export type Engine = typeof import('../engine/node.ts');

export async function engine(): Promise<Engine> {
  const loaded = await import('../engine/node.ts');
  loaded.configure({ readFile: (name) => readFileSync(pathOf(name)) });
  return loaded;
}

/** Names of files begin at the root of the disk, or at the first folder of the workspace. */
const pathOf = (name: string): string => {
  const base = baseFolder();
  return base === undefined || isRooted(name) ? name : join(base.fsPath, name);
};

const isRooted = (name: string): boolean => /^([/\\]|[A-Za-z]:)/.test(name);

/** As short as `engine` will find it again. */
export function fileName(uri: vscode.Uri): string {
  const base = baseFolder()?.fsPath;
  const path = uri.fsPath;
  const isInside = base !== undefined && /^[/\\]/.test(path.slice(base.length)) && path.startsWith(base);
  return isInside ? path.slice(base.length + 1) : path;
}

function baseFolder(): vscode.Uri | undefined {
  const uri = vscode.workspace.workspaceFolders?.[0]?.uri;
  return uri?.scheme === 'file' ? uri : undefined;
}
