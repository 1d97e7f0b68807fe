/** What goes wrong around an evaluation: panels closed in the middle, evaluations that overtake each other, a full disk. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { browser, closeEditors, openView, showText } from './browser.ts';
import { answer } from './questions.ts';

const source = `from torch import nn, tensor
loss = nn.HuberLoss()(tensor([1.0, 2.0, 0.5]), tensor([0.0, 0.0, 0.0]))
`;
/** (0.5 + 1.5 + 0.125) / 3. */
const value = '0.7083333';

async function placed(): Promise<{ uri: string; line: number; character: number }> {
  const { document } = await showText(source, 'python');
  const { line, character } = document.positionAt(source.indexOf('HuberLoss') + 1);
  return { uri: document.uri.toString(), line, character };
}

const evaluateAt = (place: object): Thenable<unknown> =>
  vscode.commands.executeCommand('lossLens.evaluate', place);
const showsValue = (): Promise<void> =>
  browser.waitFor('webview', `.section-value .value:text-is("${value}")`);

const panels = (): vscode.Tab[] =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview);

describe('an evaluation', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'loss-lens-'));

  before(() => vscode.extensions.getExtension('loss-lens.loss-lens')!.activate());
  beforeEach(closeEditors);
  after(async () => {
    await closeEditors();
    rmSync(folder, { recursive: true });
  });

  it('whose panel is closed in the middle leaves the next one right', async () => {
    const rows = 6_000_000;
    const files = ['prediction', 'target'].map((name) => {
      const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows},), }\n`;
      const start = Buffer.from(
        `\x93NUMPY\x01\x00${String.fromCharCode(header.length)}\x00${header}`,
        'latin1',
      );
      const path = join(folder, `${name}.npy`);
      writeFileSync(path, Buffer.concat([start, new Uint8Array(4 * rows)]));
      return vscode.Uri.file(path);
    });
    const done = vscode.commands.executeCommand('lossLens.evaluateFiles', files[0], files);
    await answer('Loss, by title', 'torch.nn.BCEWithLogitsLoss');
    await done;
    // The evaluation runs since the panel is there.
    await vscode.window.tabGroups.close(panels());
    assert.deepEqual(panels(), []);
    await evaluateAt(await placed());
    await showsValue();
  });

  it('asked for fifty times at once is shown once, and right', async () => {
    const place = await placed();
    await Promise.all(Array.from({ length: 50 }, () => evaluateAt(place)));
    await showsValue();
    assert.equal(panels().length, 1);
  });

  it('says that the disk is full when a plot is saved, and saves it elsewhere', async function () {
    // Only Linux has a file on which there is never room.
    if (process.platform !== 'linux') this.skip();
    const workspace = vscode.workspace.workspaceFolders![0]!.uri;
    const full = vscode.Uri.joinPath(workspace, 'full.csv');
    symlinkSync('/dev/full', full.fsPath);
    try {
      await evaluateAt(await placed());
      await showsValue();
      await openView('Plots');
      const saveAs = async (uri: vscode.Uri): Promise<void> => {
        await browser.click('webview', '.exports-line .link:text-is("CSV")');
        await browser.waitFor(
          'workbench',
          '.quick-input-widget:visible .quick-input-title:has-text("Save plot")',
        );
        await browser.fill('workbench', '.quick-input-widget:visible input[type=text]', uri.fsPath);
        await browser.press('Enter');
      };
      await saveAs(full);
      await browser.screenshot('faults-overwrite');
      await browser.waitFor('webview', '.exports-told:has-text("no space left on device")');
      const other = vscode.Uri.joinPath(workspace, 'elsewhere.csv');
      await saveAs(other);
      await browser.waitFor('webview', '.exports-told:has-text("Saved as elsewhere.csv")');
      assert((await vscode.workspace.fs.readFile(other)).length > 20);
      await vscode.workspace.fs.delete(other);
    } finally {
      rmSync(full.fsPath);
    }
  });
});
