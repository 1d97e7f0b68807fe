/** The launch in the browser itself: VS Code for the Web, whose extension host is a worker without Node. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { browser, closeEditors, putCursor } from './browser.ts';

const extension = () => vscode.extensions.getExtension('loss-lens.loss-lens');

describe('host in the browser', () => {
  after(closeEditors);

  it('is a worker without Node, in a virtual workspace', () => {
    assert.equal(vscode.env.uiKind, vscode.UIKind.Web);
    assert.equal(vscode.env.remoteName, undefined);
    assert.equal('process' in globalThis, false);
    assert.equal(vscode.workspace.workspaceFolders?.[0]?.uri.scheme, 'memory');
  });

  it('activates the extension', async () => {
    const found = extension();
    assert(found, 'the extension has no entry for the browser');
    await found.activate();
    assert(found.isActive);
  });

  it('shows the typeset formula of a loss in a file of the workspace', async () => {
    const file = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'train_torch.py');
    const editor = await vscode.window.showTextDocument(file);
    const { document } = editor;
    await putCursor(editor, document.positionAt(document.getText().indexOf('CrossEntropyLoss') + 3));
    await vscode.commands.executeCommand('editor.action.showHover');
    await browser.waitFor('workbench', '.monaco-hover:visible img[src^="data:image/svg+xml"]');
    await browser.screenshot('web-hover');
  });
});
