/** Names in what the checks say: in messages, related places and the file's own name, wherever the editor shows them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { alive, icon, image, link, picture } from './alive.ts';
import { browser, closeEditors, eventually, putCursor, showHover } from './browser.ts';

const hostile = `${link} ${picture} ${image} ${icon}`;

/** Finding, the source that it is in, where in it, and what of the source the message repeats. */
const findings: readonly (readonly [code: string, file: string, source: string, at: string, said: string])[] =
  [
    [
      'unknown-loss',
      'js',
      `import * as tf from '@tensorflow/tfjs';\nconst model = tf.sequential();\nmodel.compile({ optimizer: 'sgd', loss: '${hostile}' });\n`,
      `'${link}`,
      hostile,
    ],
    [
      'broadcast-shapes',
      'py',
      `from torch import nn\nloss = nn.MSELoss()(net(x).unsqueeze(-1), y["${hostile}"].flatten())\n`,
      'net(x)',
      `y["${hostile}"].flatten()`,
    ],
    [
      'softmax-before-cross-entropy',
      'py',
      `import torch\nimport torch.nn.functional as F\nout = torch.softmax(x["${hostile}"], dim=1)\nloss = F.cross_entropy(out, y)\n`,
      'out, y',
      'softmax',
    ],
  ];

describe('hostile names', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'loss-lens-'));

  before(() => vscode.extensions.getExtension('loss-lens.loss-lens')!.activate());
  beforeEach(closeEditors);
  after(async () => {
    await closeEditors();
    await vscode.commands.executeCommand('workbench.action.closePanel');
    rmSync(folder, { recursive: true });
  });

  for (const [code, ending, source, at, said] of findings) {
    it(`in what is found, in its hover, its peek and the list of problems: ${code}`, async () => {
      // Slashes end a file's name.
      const path = join(folder, `${code} ${hostile.replaceAll('/', '')}.${ending}`);
      writeFileSync(path, source);
      const document = await vscode.workspace.openTextDocument(path);
      const editor = await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
      const [found] = await eventually(
        () =>
          vscode.languages
            .getDiagnostics(document.uri)
            .filter((each) => each.source === 'Loss Lens' && String(each.message).includes(said)),
        (own) => assert.equal(own.length, 1),
      );
      const { target, value } = found!.code as { target: vscode.Uri; value: string };
      assert.equal(value, code);
      assert.equal(target.toString(true), `command:lossLens.openReference?["checks/${code}"]`);

      await putCursor(editor, document.positionAt(source.indexOf(at) + 1));
      const start = found!.message.slice(0, 20);
      await showHover(`.monaco-hover:visible .marker:has-text("${start}")`);
      assert.ok(
        (await browser.text('workbench', `.monaco-hover .marker:has-text("${start}")`)).includes(said),
      );
      assert.deepEqual(await alive('workbench', '.monaco-hover'), []);

      await vscode.commands.executeCommand('editor.action.hideHover');
      await vscode.commands.executeCommand('editor.action.marker.next');
      await browser.waitFor('workbench', `.marker-widget:has-text("${start}")`);
      assert.deepEqual(await alive('workbench', '.marker-widget'), []);
      await vscode.commands.executeCommand('closeMarkersNavigation');

      await vscode.commands.executeCommand('workbench.panel.markers.view.focus');
      await browser.waitFor('workbench', `.markers-panel .monaco-list-row:has-text("${start}")`);
      assert.deepEqual(await alive('workbench', '.markers-panel'), []);
    });
  }
});
