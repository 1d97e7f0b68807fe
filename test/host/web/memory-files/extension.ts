/** The virtual workspace of the tests in the browser: the demo, fetched once from the server of the page. */
import * as vscode from 'vscode';
import { MemoryFiles } from './files.ts';

export type Listed = readonly { readonly path: string; readonly base64: string }[];

export async function activate({ extensionUri, subscriptions }: vscode.ExtensionContext): Promise<void> {
  const files = new MemoryFiles();
  const response = await fetch(extensionUri.with({ path: '/workspace.json' }).toString(true));
  for (const { path, base64 } of (await response.json()) as Listed) {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    files.writeFile(vscode.Uri.from({ scheme: 'memory', path: `/demo/${path}` }), bytes);
  }
  subscriptions.push(vscode.workspace.registerFileSystemProvider('memory', files, { isCaseSensitive: true }));
}
