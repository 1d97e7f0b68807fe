/** What goes wrong around an evaluation: panels closed in the middle, evaluations that overtake each other, a full disk. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { browser, closeEditors, evaluateIn, openView, showText, until } from './browser.ts';
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
    const rows = 2_000_000;
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

  it('says that the disk is full when a plot is saved, and saves it once there is room', async function () {
    // Only Linux has a file on which there is never room.
    if (process.platform !== 'linux') this.skip();
    const name = 'huber-loss-loss-and-gradient.csv';
    const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);
    const save = async (): Promise<void> => {
      await browser.click('webview', '.exports-line .link:text-is("CSV")');
      await until(
        () =>
          evaluateIn(
            'workbench',
            (proposed) => {
              // Hidden, it still holds what was proposed before.
              const input = document.querySelector<HTMLInputElement>('.quick-input-widget input[type=text]');
              return input?.offsetParent !== null && input?.value.endsWith(proposed) === true;
            },
            name,
          ),
        `${name} is not proposed`,
        30_000,
      );
      await browser.press('Enter');
    };
    symlinkSync('/dev/full', uri.fsPath);
    try {
      await evaluateAt(await placed());
      await showsValue();
      await openView('Plots');
      await save();
      await browser.waitFor('workbench', '.quick-input-widget:visible :text("already exists")');
      await browser.press('Enter');
      await browser.waitFor('webview', '.exports-told:has-text("no space left on device")');
      await browser.screenshot('faults-full');
    } finally {
      rmSync(uri.fsPath);
    }
    await save();
    await browser.waitFor('webview', `.exports-told:has-text("Saved as ${name}")`);
    assert((await vscode.workspace.fs.readFile(uri)).length > 20);
    await vscode.workspace.fs.delete(uri);
  });
});
