/** The panel's views as axe sees them, in the real editor. Colours are the theme's and are looked at in the pictures. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { violations } from './axe.ts';
import { allThemes, browser, closeEditors, openView, showText, withTheme } from './browser.ts';

const source = `from torch import nn, tensor
loss = nn.PoissonNLLLoss()(tensor([0.5, 1000.0, 0.1]), tensor([1.0, 2.0, 3.0]))
`;

describe('accessibility of the panel', () => {
  before(() => vscode.extensions.getExtension('loss-lens.loss-lens')!.activate());
  after(closeEditors);

  for (const theme of allThemes) {
    it(`has no violations in any view, in the ${theme} theme`, async () => {
      await withTheme(theme, async () => {
        await closeEditors();
        const { document } = await showText(source, 'python');
        await vscode.commands.executeCommand('lossLens.evaluate', {
          uri: document.uri.toString(),
          line: 1,
          character: 12,
        });
        await browser.waitFor('webview', '.value');
        const all: string[] = [];
        for (const view of ['Plots', 'Elements', 'Explain', 'Compare', 'History', 'Reference']) {
          await openView(view);
          if (view === 'Elements') {
            await browser.click('webview', '.rows tbody tr:nth-child(2)');
            await browser.waitFor('webview', '.selected:has-text("Element 1")');
          }
          if (view === 'Explain') await browser.waitFor('webview', '.part-rules .ruled');
          if (view === 'Compare') {
            await browser.click('webview', '.compare-bar >> text=Keep the present parameters');
            await browser.waitFor('webview', '.compare-table >> text=Remove');
            await browser.click('webview', '.compare-parameters summary');
          }
          if (view === 'History') await browser.waitFor('webview', '.history-entry');
          if (view === 'Reference') await browser.waitFor('webview', '.reference .prose .katex-html');
          all.push(...(await violations()).map((each) => `${view}: ${each}`));
        }
        assert.deepEqual(all, []);
      });
    });
  }
});

describe('accessibility of the reference', () => {
  before(() => vscode.extensions.getExtension('loss-lens.loss-lens')!.activate());
  after(async () => {
    await closeEditors();
    await vscode.commands.executeCommand('workbench.view.explorer');
  });

  for (const theme of allThemes) {
    it(`has no violations in the ${theme} theme`, async () => {
      await withTheme(theme, async () => {
        await closeEditors();
        await vscode.commands.executeCommand('lossLens.openReference', 'huber');
        await browser.waitFor('webview', '.plot .curve path');
        assert.deepEqual(await violations(), []);
      });
    });
  }
});
