/** How the panel looks in the real editor: every theme, every view, wide and narrow. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { allThemes, browser, closeEditors, evaluateIn, eventually, openView, withTheme } from './browser.ts';
import { bce, evaluate, huber } from './panels.ts';

/** How wide the panel is, as a share of the window. */
function layOut(share: number): Thenable<unknown> {
  return vscode.commands.executeCommand('vscode.setEditorLayout', {
    orientation: 0,
    groups: [{ size: 1 - share }, { size: share }],
  });
}

/** The page has nothing to the right of what is shown of it. */
function fits(view: string): Promise<unknown> {
  const beyond = () =>
    evaluateIn('webview', () => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
  return eventually(beyond, (pixels) => assert(pixels <= 0, `${view} is ${pixels} pixels too wide`));
}

/** For the pictures: what moves arrives, and scrollbars fade. Nothing is judged by it. */
const comesToRest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 300));

describe('looks of the panel', () => {
  before(() => vscode.extensions.getExtension('loss-lens.loss-lens')!.activate());
  beforeEach(closeEditors);
  after(closeEditors);

  for (const theme of allThemes) {
    it(`is shown in the ${theme} theme, wide and narrow`, async () => {
      await withTheme(theme, async () => {
        for (const [width, share] of [
          ['narrow', 0.34],
          ['wide', 0.78],
        ] as const) {
          await closeEditors();
          await evaluate(width === 'wide' ? huber : bce, width === 'wide' ? 'HuberLoss' : 'BCELoss');
          await vscode.commands.executeCommand('workbench.action.closeSidebar');
          await layOut(share);
          await browser.waitFor('webview', '.plot');
          await fits('Plots');
          await comesToRest();
          await browser.screenshot(`panel-${width}-${theme}`);
          for (const view of ['Elements', 'Explain', 'Compare', 'History', 'Reference']) {
            await openView(view);
            if (view === 'Explain') await browser.waitFor('webview', '.part-rules .ruled');
            if (view === 'Compare') {
              await browser.click('webview', '.compare-bar >> text=Keep the present parameters');
              await browser.waitFor('webview', '.compare-table th:last-child >> text=Remove');
            }
            await evaluateIn('webview', () => document.querySelector('.tabs')!.scrollIntoView());
            await fits(view);
            await comesToRest();
            await browser.screenshot(`panel-${width}-${theme}-${view.toLowerCase()}`);
          }
        }
      });
    });
  }
});
