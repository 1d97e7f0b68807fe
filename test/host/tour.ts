/** The scenes of `docs/images/tour.gif`, played in the real window. `animation.ts` runs it and puts the pictures together. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { browser, closeEditors, evaluateIn } from './browser.ts';

let taken = 0;

/** @param milliseconds  how long it is looked at */
async function frame(milliseconds: number): Promise<void> {
  taken++;
  await browser.screenshot(`tour-${String(taken).padStart(2, '0')}-${milliseconds}`);
}

/** The pictures show no mouse: an arrow is laid where it is. */
const point = (x: number, y: number): Promise<void> =>
  evaluateIn(
    'workbench',
    (left, top) => {
      const known = document.querySelector<HTMLElement>('#tour-pointer');
      const pointer = known ?? document.createElement('div');
      if (!known) {
        pointer.id = 'tour-pointer';
        pointer.style.cssText =
          'position:fixed;z-index:99999;width:16px;height:22px;pointer-events:none;background:#fff;' +
          'clip-path:polygon(0 0,0 78%,25% 60%,45% 100%,62% 92%,43% 54%,75% 54%)';
        document.body.append(pointer);
      }
      pointer.style.left = `${left}px`;
      pointer.style.top = `${top}px`;
    },
    x,
    y,
  );

async function setDelta(value: string, shown: string): Promise<void> {
  await browser.click('webview', '[data-parameter="delta"] >> role=textbox');
  await browser.press('End');
  for (let i = 0; i < 8; i++) await browser.press('Backspace');
  await browser.type(value);
  await browser.waitFor('webview', `.value:has-text("${shown}")`);
  // The curve follows the value.
  await browser.waitFor('webview', '.plots:not([aria-busy="true"]) .plot .points');
}

describe('tour', () => {
  it('goes from the hover to the explanation', async function () {
    this.timeout(120_000);
    await closeEditors();
    await vscode.commands.executeCommand('workbench.action.closeSidebar');
    await vscode.workspace
      .getConfiguration('editor')
      .update('minimap.enabled', false, vscode.ConfigurationTarget.Global);
    const [file] = await vscode.workspace.findFiles('train_torch.py');
    assert(file, 'the workspace is not the demo');
    const editor = await vscode.window.showTextDocument(file);
    const name = await browser.middle('workbench', '.view-line:has-text("HuberLoss")', 'HuberLoss');
    await point(name.x + 160, name.y + 120);
    await frame(900);

    await point(name.x, name.y);
    await browser.hover('workbench', '.view-line:has-text("HuberLoss")', 'HuberLoss');
    await browser.waitFor('workbench', '.monaco-hover:visible:has-text("torch.nn.HuberLoss") img');
    await frame(3200);
    await browser.press('Escape');

    const text = editor.document.getText();
    editor.selections = ['prediction = ', 'target = '].map((start) => {
      const from = text.indexOf(start) + start.length;
      const to = text.indexOf(']', from) + 1;
      return new vscode.Selection(editor.document.positionAt(from), editor.document.positionAt(to));
    });
    await browser.waitFor('workbench', '.selected-text');
    await frame(1200);

    await vscode.commands.executeCommand('lossLens.evaluate');
    await vscode.commands.executeCommand('vscode.setEditorLayout', {
      orientation: 0,
      groups: [{ size: 0.4 }, { size: 0.6 }],
    });
    await browser.waitFor('webview', '.value:has-text("1.905")');
    await browser.waitFor('webview', '.formula .katex-html');
    await browser.waitFor('webview', '.plot .points');
    await frame(2200);

    for (const [delta, value] of [
      ['2', '3.571667'],
      ['4', '6.405'],
      ['6', '8.571667'],
      ['0.5', '1.008333'],
    ] as const) {
      await setDelta(delta, value);
      await frame(800);
    }
    await browser.click('webview', '#tab-explain');
    await browser.waitFor('webview', '.part-rules .ruled');
    await frame(3600);
  });
});
