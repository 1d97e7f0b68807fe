/** The launch in the browser itself: VS Code for the Web, whose extension host is a worker without Node. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const extension = () => vscode.extensions.getExtension('loss-lens.loss-lens');

describe('host in the browser', () => {
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
});
