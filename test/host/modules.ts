/** Files of the workspace, and what hovers say in them. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { pause } from '../bench/statistics.ts';

/** Writes it where the launch has its copy of the workspace, and opens it. */
export async function workspaceFile(path: string, content: string): Promise<vscode.TextDocument> {
  return vscode.workspace.openTextDocument(await write(path, content));
}

export async function write(path: string, content: string): Promise<vscode.Uri> {
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, path);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(content));
  return uri;
}

/** Our hover one character behind the start of a text, as soon as it is like this; the file system tells of changes later. */
export async function hoverAfter(
  document: vscode.TextDocument,
  text: string,
  expected: RegExp,
): Promise<string> {
  const offset = document.getText().indexOf(text);
  assert(offset >= 0, `${text} is not in the document`);
  let shown = '';
  for (let attempt = 0; attempt < 50; attempt++) {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      document.positionAt(offset + text.length - 2),
    );
    shown = hovers
      .flatMap((hover) => hover.contents as vscode.MarkdownString[])
      .map(({ value }) => value)
      .join('\n');
    if (expected.test(shown)) return shown;
    await pause(100);
  }
  assert.fail(`The hover is not like ${expected}: ${shown.slice(0, 500)}`);
}
