/** What a reload of the window brings back of what `window.reload.host.ts` has opened. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { browser, closeEditors, evaluateIn, openView, until } from './browser.ts';
import { evaluateLine, panelLabels, workspaceFile } from './reloading.ts';

const show = (tab: string): Promise<void> => browser.click('workbench', `.tab:has-text("${tab}")`);

describe('after the window was reloaded', () => {
  after(closeEditors);

  it('has the reference where it was, without being asked', async () => {
    await browser.waitFor('webview', 'h1:text-is("Huber loss")');
    await until(() => evaluateIn('webview', () => window.scrollY === 300), 'another place of the page');
  });

  it('has the panel with its value, parameter, tab and element', async () => {
    await show('HuberLoss');
    await browser.waitFor('webview', '.value:text-is("1.008333")');
    await browser.waitFor('webview', '.rows tr.marked:visible:has-text("25.1")');
    await browser.waitFor('webview', '.selected:has-text("Element 2")');
    await browser.waitFor('webview', 'role=tab[name="Elements"][selected]');
    assert.equal(
      await evaluateIn(
        'webview',
        () => document.querySelector<HTMLInputElement>('[data-parameter="delta"] .number-text')!.value,
      ),
      '0.5',
    );
    await browser.screenshot('reloaded-panel');
  });

  it('has the history, and goes back to data of before', async () => {
    await show('HuberLoss');
    await openView('History');
    await browser.waitFor('webview', '.history-here:has-text("delta=0.5")');
    for (const text of ['delta=0.5', 'BCELoss']) {
      assert.equal(await browser.count('webview', `.history-entry:has-text("${text}")`), 1, text);
    }
    await browser.click('webview', '.history-entry:has-text("BCELoss") >> text=Binary cross-entropy');
    await browser.waitFor('webview', '.value:text-is("0.164252")');
    await browser.click('webview', '.history-entry:has-text("delta=0.5") >> text=Huber loss');
    await browser.waitFor('webview', '.value:text-is("1.008333")');
  });

  it('has what was worked through row by row, though the files are not read again', async () => {
    await vscode.workspace.fs.delete(workspaceFile('target.npy'));
    await show('Mean squared error');
    await browser.waitFor('webview', '.section-value:has-text("0.1"):has-text("150,000,000 rows")');
    await browser.waitFor('webview', '.section-gradient:has-text("5.163978e-5")');
    await browser.waitFor('webview', '.section-parts .plot-frame svg');
  });

  it('takes the panel over that came back when the loss is evaluated again', async () => {
    await show('HuberLoss');
    await browser.waitFor('webview', '.value');
    const before = panelLabels();
    assert.equal(before.length, 4);
    await evaluateLine(4);
    await browser.waitFor('webview', '.value:text-is("1.905")');
    assert.deepEqual(panelLabels(), before);
  });
});
