/** The restricted launch itself. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { browser } from './browser.ts';

describe('host in Restricted Mode', () => {
  it('has a workspace that is not trusted, and says so', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    await browser.waitFor('workbench', '.statusbar-item:has-text("Restricted Mode")');
  });

  it('activates the extension all the same', async () => {
    const extension = vscode.extensions.getExtension('loss-lens.loss-lens');
    assert(extension, 'the extension does not support untrusted workspaces');
    await extension.activate();
    assert(extension.isActive);
  });
});
