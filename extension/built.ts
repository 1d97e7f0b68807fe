/** What the build has put beside the extension's code, in dist/. */
import * as vscode from 'vscode';

export function builtUri(name: string): vscode.Uri {
  const { extensionUri } = vscode.extensions.getExtension('loss-lens.loss-lens')!;
  return vscode.Uri.joinPath(extensionUri, 'dist', name);
}

export const built = async (name: string): Promise<Uint8Array> =>
  vscode.workspace.fs.readFile(builtUri(name));

export const builtJson = async <T>(name: string): Promise<T> =>
  JSON.parse(new TextDecoder().decode(await built(name))) as T;
