/** Finding files of the workspace, wherever it is. */
import * as vscode from 'vscode';

/** Milliseconds: in a virtual workspace whose provider does not search, a search never ends. */
const patience = 1000;
/** Where VS Code itself searches. */
const searched = new Set(['file', 'vscode-remote']);
const notLookedInto = new Set(['node_modules', '.git', '.venv']);
/** Folders that are looked into where nothing searches. */
const mostFolders = 500;

/** At most so many, by path. @param endings  without their dots */
export async function filesEndingIn(endings: readonly string[], most: number): Promise<vscode.Uri[]> {
  const stop = new vscode.CancellationTokenSource();
  const ends = vscode.workspace.workspaceFolders?.every(({ uri }) => searched.has(uri.scheme)) ?? true;
  const timer = ends ? undefined : setTimeout(() => stop.cancel(), patience);
  const overdue = new Promise<undefined>((resolve) =>
    stop.token.onCancellationRequested(() => resolve(undefined)),
  );
  try {
    const pattern = endings.length === 1 ? endings[0]! : `{${endings.join(',')}}`;
    const excluded = `**/{${[...notLookedInto].join(',')}}/**`;
    const found = await Promise.race([
      vscode.workspace.findFiles(`**/*.${pattern}`, excluded, most, stop.token),
      overdue,
    ]);
    const files = found ?? (await walked(endings, most));
    return files.sort((a, b) => a.path.localeCompare(b.path));
  } finally {
    clearTimeout(timer);
    stop.dispose();
  }
}

/** Breadth first, as far as is worth the waiting. */
async function walked(endings: readonly string[], most: number): Promise<vscode.Uri[]> {
  const found: vscode.Uri[] = [];
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  for (let i = 0; i < Math.min(folders.length, mostFolders) && found.length < most; i++) {
    for (const [name, type] of await entriesOf(folders[i]!)) {
      const uri = vscode.Uri.joinPath(folders[i]!, name);
      if (type === vscode.FileType.Directory && !notLookedInto.has(name)) folders.push(uri);
      else if (endings.some((ending) => name.endsWith(`.${ending}`))) found.push(uri);
    }
  }
  return found.slice(0, most);
}

async function entriesOf(folder: vscode.Uri): Promise<[string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(folder);
  } catch {
    // What cannot be listed has no files to offer.
    return [];
  }
}
