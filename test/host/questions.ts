/** The questions of Evaluate Loss…, and what a person answers to compare the demo's images. */
import * as vscode from 'vscode';
import { browser, closeEditors } from './browser.ts';

/** A quick pick asks in its empty field. */
export const asks = (question: string): Promise<void> =>
  browser.waitFor('workbench', `.quick-input-widget:visible input[placeholder*="${question}"]`);

/** Filled in as a whole: keys that are typed while the question still comes up would be lost. */
export async function answer(question: string, typed = ''): Promise<void> {
  await asks(question);
  if (typed) await browser.fill('workbench', '.quick-input-widget:visible input.input', typed);
  await browser.press('Enter');
}

/** Selects two images of the demo and evaluates, up to the question what the arrays are. */
export async function compareImages(): Promise<{ readonly done: Thenable<unknown> }> {
  await closeEditors();
  const file = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'compare_images.py');
  const editor = await vscode.window.showTextDocument(file, { viewColumn: vscode.ViewColumn.One });
  const text = editor.document.getText();
  editor.selections = ['moved = ', 'target = '].map((name) => {
    const start = text.indexOf(name) + name.length;
    const end = text.indexOf(']]\n', start) + 2;
    return new vscode.Selection(editor.document.positionAt(start), editor.document.positionAt(end));
  });
  const done = vscode.commands.executeCommand('lossLens.evaluate');
  await answer('Loss, by title', 'perceptual');
  await asks('What are the arrays');
  return { done };
}

export const showsValue = (value: string): Promise<void> =>
  browser.waitFor('webview', `.section-value:has-text("${value}")`);
