/** What the walkthrough's buttons show, on files of `demo/`. Of Python files it is copies: to be edited and thrown away. */
import * as vscode from 'vscode';
import { evaluateLoss } from '../evaluate/evaluate.ts';

/** The hover of the first loss, as if the pointer rested on it. */
export async function tryHover(context: vscode.ExtensionContext): Promise<void> {
  const editor = await openCopy(context, 'train_torch.py');
  const place = editor.document.positionAt(after(editor.document, 'nn.'));
  editor.selection = new vscode.Selection(place, place);
  editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenter);
  await vscode.commands.executeCommand('editor.action.showHover');
}

/** Two lists, selected and evaluated. */
export async function tryEvaluate(context: vscode.ExtensionContext): Promise<void> {
  const editor = await openCopy(context, 'train_torch.py');
  const { document } = editor;
  editor.selections = ['prediction = ', 'target = '].map((name) => {
    const start = after(document, name);
    const end = document.getText().indexOf(']', start) + 1;
    return new vscode.Selection(document.positionAt(start), document.positionAt(end));
  });
  await evaluateLoss(context);
}

/** A model whose softmax its loss applies again, and the message there. */
export async function tryChecks(context: vscode.ExtensionContext): Promise<void> {
  const editor = await openCopy(context, 'softmax_twice.py');
  const place = editor.document.positionAt(after(editor.document, 'loss = '));
  editor.selection = new vscode.Selection(place, place);
  await vscode.commands.executeCommand('workbench.actions.view.problems');
}

/** The notebook itself: its outputs are saved, and a copy would have to be saved to be closed. */
export async function tryNotebook({ extensionUri }: vscode.ExtensionContext): Promise<void> {
  const uri = vscode.Uri.joinPath(extensionUri, 'demo', 'losses.ipynb');
  await vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(uri));
}

/** One that is open already is shown again. */
async function openCopy({ extensionUri }: vscode.ExtensionContext, name: string): Promise<vscode.TextEditor> {
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, 'demo', name));
  const content = new TextDecoder().decode(bytes);
  const before = vscode.workspace.textDocuments.find(
    (document) => document.isUntitled && document.getText() === content,
  );
  const document = before ?? (await vscode.workspace.openTextDocument({ language: 'python', content }));
  return vscode.window.showTextDocument(document);
}

/** The offset behind the first place of this text. */
function after(document: vscode.TextDocument, text: string): number {
  return document.getText().indexOf(text) + text.length;
}
