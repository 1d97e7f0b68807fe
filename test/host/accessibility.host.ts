/** The panel's views as axe sees them, in the real editor. Colours are the theme's and are looked at in the pictures. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type axe from 'axe-core';
import * as vscode from 'vscode';
import {
  allThemes,
  browser,
  closeEditors,
  evaluateIn,
  openView,
  runScriptIn,
  showText,
  withTheme,
} from './browser.ts';

const source = `from torch import nn, tensor
loss = nn.PoissonNLLLoss()(tensor([0.5, 1000.0, 0.1]), tensor([1.0, 2.0, 3.0]))
`;

/** Every violation, with where it is. */
async function violations(): Promise<string[]> {
  return evaluateIn('webview', async () => {
    const { axe: here } = globalThis as unknown as { axe: typeof axe };
    // A plot is one picture with its words; what the library calls the parts inside is heard by nobody.
    const context = { include: document, exclude: ['[role="img"] g'] };
    const { violations: found } = await here.run(context as axe.ElementContext, {
      resultTypes: ['violations'],
    });
    return found.map(
      ({ id, help, nodes }) => `${id}: ${help} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
    );
  });
}

/** axe in the webview's page, where it finds what is wrong. */
async function takeAxeThere(): Promise<void> {
  await runScriptIn(
    'webview',
    await readFile(path.join(__dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8'),
  );
}

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
        await takeAxeThere();
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
        await takeAxeThere();
        assert.deepEqual(await violations(), []);
      });
    });
  }
});
