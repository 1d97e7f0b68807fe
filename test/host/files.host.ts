/** `Evaluate on Files…`: from the explorer and the palette to the panel, and what is larger than memory row by row. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { zip } from '../zip.ts';
import { violations } from './axe.ts';
import { allThemes, browser, closeEditors, says, withTheme } from './browser.ts';
import { manyRows, writeLarge } from './large.ts';
import { assertPolicy } from './policy.ts';
import { answer, asks, showsValue } from './questions.ts';

const demo = async (name: string): Promise<vscode.Uri> => {
  const [file] = await vscode.workspace.findFiles(`**/${name}`);
  assert(file, `${name} is not in the workspace`);
  return file;
};

const run = (...given: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand('lossLens.evaluateFiles', ...given);

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loss-lens-'));
  const write = (name: string, content: string | Uint8Array): vscode.Uri => {
    writeFileSync(join(folder, name), content);
    return vscode.Uri.file(join(folder, name));
  };

  /** Predictions that begin with so many ones, and targets. */
  const large = (rows: number, ones: number): vscode.Uri[] =>
    ['predicted', 'target'].map((name, i) => {
      const path = join(folder, `${name}.npy`);
      writeLarge(path, rows, i === 0 ? ones : 0);
      return vscode.Uri.file(path);
    });

  before(() => vscode.extensions.getExtension('loss-lens.loss-lens')!.activate());

  after(async () => {
    await closeEditors();
    rmSync(folder, { recursive: true });
  });

  beforeEach(async () => {
    await closeEditors();
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('stands in the explorer’s context menu of a file of arrays', async () => {
    await vscode.commands.executeCommand('revealInExplorer', await demo('weather_logits.npy'));
    await browser.waitFor('workbench', '.explorer-item:has-text("weather_logits.npy")');
    await browser.press('Shift+F10');
    await browser.waitFor('workbench', '.monaco-menu:visible :text("Evaluate on Files…")');
    await browser.screenshot('files-explorer');
    // A menu that has just opened takes no click.
    const chosen = '.monaco-menu:visible .action-item.focused:has-text("Evaluate on Files…")';
    for (let ups = 0; ups < 20 && (await browser.count('workbench', chosen)) === 0; ups++) {
      await browser.press('ArrowUp');
    }
    await browser.press('Enter');
    await asks('Loss, by title');
    await browser.press('Escape');
  });

  it('takes an array of each file that is selected, by their names', async () => {
    const files = [await demo('weather_labels.npy'), await demo('weather_logits.npy')];
    const done = run(files[0], files);
    await answer('Loss, by title', 'torch.nn.CrossEntropyLoss');
    await done;
    await browser.waitFor('webview', '.section-value .value');
    await browser.screenshot('files-panel');
    assert.match(await browser.text('webview', 'header'), /input float32 .*target int64/s);
  });

  it('asks which of a table’s columns is which', async () => {
    const table = write('scores.csv', 'y_true,y_pred\n0,0.5\n1,0.25\n1,\n');
    const done = run(table);
    await answer('Loss, by title', 'torch.nn.MSELoss');
    await asks('input:');
    await browser.waitFor('workbench', '.quick-input-list:has-text("y_pred"):has-text("[3, 2]")');
    await browser.screenshot('files-columns');
    await browser.press('Enter');
    await asks('target:');
    await browser.press('Enter');
    await done;
    // The empty cell is missing, and so is the mean.
    await showsValue('nan');
  });

  it('is one of the places in the question of Evaluate Loss', async () => {
    await closeEditors();
    const done = vscode.commands.executeCommand('lossLens.evaluate');
    await answer('Loss, by title', 'torch.nn.MSELoss');
    await asks('input:');
    await browser.waitFor('workbench', '.quick-input-list:has-text("From a file…")');
    await browser.type('From a file');
    await browser.press('Enter');
    await asks('Files of arrays');
    await browser.waitFor(
      'workbench',
      '.quick-input-list:has-text("weather_logits.npy"):has-text("Browse…")',
    );
    await browser.screenshot('files-question');
    await browser.press('Escape');
    await done;
  });

  it('refuses a .pt file with code in it, and names the code', async () => {
    const state = `archive/data.pkl`;
    const pickle = Buffer.from('\x80\x02cos\nsystem\nX\x04\x00\x00\x00true\x85R.', 'latin1');
    await run(write('evil.pt', zip(pickle, pickle.length, undefined, state)));
    await says('os.system');
    await browser.screenshot('files-refused');
  });

  it('works through what is larger than memory row by row, and shows what is known at the end', async () => {
    // A tenth of the predictions are 1, everything else is 0.
    const files = large(manyRows, manyRows / 10);
    const done = run(files[0], files);
    await answer('Loss, by title', 'torch.nn.MSELoss');
    await done;
    await browser.waitFor('webview', '.section-value:has-text("0.1"):has-text("150,000,000 rows")');
    // √(2 · 0.1 / N) · √2, and 2 / N.
    await browser.waitFor('webview', '.section-gradient:has-text("1.333333e-8"):has-text("5.163978e-5")');
    await browser.waitFor('webview', '.section-parts .plot-frame svg');
    await assertPolicy();
    for (const theme of allThemes) {
      await withTheme(theme, async () => {
        await browser.screenshot(`files-streamed-${theme}`);
        assert.deepEqual(await violations(), [], theme);
      });
    }
  });

  it('keeps quiet about a stream that is cancelled', async () => {
    const files = large(4_000_000_000, 0);
    const done = run(files[0], files);
    await answer('Loss, by title', 'torch.nn.L1Loss');
    await says('row by row');
    if ((await browser.count('workbench', '.notifications-center .codicon-notifications-expand')) > 0) {
      await browser.click('workbench', '.notifications-center .codicon-notifications-expand');
    }
    await browser.waitFor('workbench', '.notifications-center .monaco-button:has-text("Cancel")');
    await browser.screenshot('files-progress');
    await browser.click('workbench', '.notifications-center .monaco-button:has-text("Cancel")');
    await done;
    assert.equal(await browser.count('workbench', '.tab:has-text("Mean absolute error")'), 0);
  });
});
