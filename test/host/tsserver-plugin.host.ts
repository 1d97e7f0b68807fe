/** The plugin in the TypeScript server of VS Code itself, beside the extension's own hovers. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { declarations } from '../engine/tsserver-plugin/project.ts';
import { browser, closeEditors, putCursor, until } from './browser.ts';

const workspace = vscode.workspace.workspaceFolders![0]!.uri;
const folder = vscode.Uri.joinPath(workspace, 'with-library');
const files: Readonly<Record<string, string>> = {
  'tsconfig.json':
    '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "types": [] }, "include": ["*.ts"] }',
  'passed.ts': "import * as tf from '@tensorflow/tfjs';\nexport const robust = tf.losses.huberLoss;\n",
  'used.ts': `import * as tf from '@tensorflow/tfjs';
import { robust } from './passed';

export const there = robust(a, b);
export const here = tf.losses.huberLoss(a, b);
`,
};

async function write(name: string, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, name), new TextEncoder().encode(text));
}

/** Every hover on the name, whoever it is from. */
async function hoversOn(document: vscode.TextDocument, text: string): Promise<string[]> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    document.positionAt(document.getText().indexOf(text) + 1),
  );
  return hovers.map(({ contents }) =>
    (contents as vscode.MarkdownString[]).map(({ value }) => value).join('\n'),
  );
}

describe('hovers with the plugin in VS Code', function () {
  this.timeout(60_000);
  let document: vscode.TextDocument;

  before(async () => {
    for (const [name, text] of Object.entries(files)) await write(name, text);
    for (const [name, text] of Object.entries(declarations)) {
      await write(`node_modules/@tensorflow/${name}`, text);
    }
    document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, 'used.ts'));
    await vscode.window.showTextDocument(document);
  });

  after(async () => {
    await closeEditors();
    await vscode.workspace.fs.delete(folder, { recursive: true });
  });

  it('describes what another file passes on, once', async () => {
    await until(
      async () => (await hoversOn(document, 'robust(')).some((hover) => hover.includes('Loss Lens')),
      'The TypeScript server does not describe the loss.',
      30_000,
    );
    const hovers = await hoversOn(document, 'robust(');
    assert.equal(hovers.filter((hover) => hover.includes('Huber loss')).length, 1, hovers.join('\n\n'));
    const position = document.positionAt(document.getText().indexOf('robust(') + 2);
    await putCursor(vscode.window.activeTextEditor!, position);
    await vscode.commands.executeCommand('editor.action.showHover');
    await browser.waitFor('workbench', '.monaco-hover:has-text("Huber loss")');
    await browser.screenshot('hover-tsserver-plugin');
  });

  it('leaves to the extension’s own hover what this file says', async () => {
    await until(
      async () => (await hoversOn(document, 'huberLoss(')).length === 2,
      'TypeScript and the extension do not both describe the loss.',
      30_000,
    );
    const hovers = await hoversOn(document, 'huberLoss(');
    const ours = hovers.filter((hover) => hover.includes('Huber loss'));
    assert.equal(ours.length, 1, hovers.join('\n\n'));
    assert.match(ours[0]!, /<img src="data:image\/svg\+xml;base64,/);
  });
});
