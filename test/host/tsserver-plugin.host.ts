/** The plugin in the TypeScript server of VS Code itself, beside the extension's own hovers. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { declarations } from '../engine/tsserver-plugin/project.ts';
import { browser, closeEditors, eventually, putCursor, showHover } from './browser.ts';

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
    await eventually(
      () => hoversOn(document, 'robust('),
      (hovers) =>
        assert.equal(hovers.filter((hover) => hover.includes('Huber loss')).length, 1, hovers.join('\n\n')),
    );
    const position = document.positionAt(document.getText().indexOf('robust(') + 2);
    await putCursor(vscode.window.activeTextEditor!, position);
    await showHover('.monaco-hover:has-text("Huber loss")');
    await browser.screenshot('hover-tsserver-plugin');
  });

  it('leaves to the extension’s own hover what this file says', async () => {
    await eventually(
      () => hoversOn(document, 'huberLoss('),
      (hovers) => {
        assert.equal(hovers.length, 2, 'TypeScript and the extension do not both describe the loss.');
        const ours = hovers.filter((hover) => hover.includes('Huber loss'));
        assert.equal(ours.length, 1, hovers.join('\n\n'));
        assert.match(ours[0]!, /<img src="data:image\/svg\+xml;base64,/);
      },
    );
  });
});

describe('checks with the plugin in VS Code', function () {
  this.timeout(90_000);
  let document: vscode.TextDocument;
  const settings = () => vscode.workspace.getConfiguration('lossLens.checks');
  const source = `import * as tf from '@tensorflow/tfjs';
import { entropy } from './passed';

declare const labels: tf.Tensor2D;
declare const scores: tf.Tensor2D;

export const there = entropy(labels, scores.softmax());
export const here = tf.losses.softmaxCrossEntropy(labels, scores.softmax());
`;
  const places = () =>
    vscode.languages
      .getDiagnostics(document.uri)
      .filter((diagnostic) => diagnostic.source === 'Loss Lens')
      .map(({ range, severity }) => `${range.start.line} ${severity}`)
      .sort();

  async function reported(...expected: string[]): Promise<void> {
    await eventually(places, (found) => assert.deepEqual(found, expected));
  }

  before(async () => {
    for (const [name, text] of Object.entries({
      ...files,
      'passed.ts':
        "import * as tf from '@tensorflow/tfjs';\nexport const entropy = tf.losses.softmaxCrossEntropy;\n",
      'used.ts': source,
    }))
      await write(name, text);
    for (const [name, text] of Object.entries(declarations)) {
      await write(`node_modules/@tensorflow/${name}`, text);
    }
    document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, 'used.ts'));
    await vscode.window.showTextDocument(document);
  });

  after(async () => {
    for (const key of ['enabled', 'severity']) {
      await settings().update(key, undefined, vscode.ConfigurationTarget.Global);
    }
    await closeEditors();
    await vscode.workspace.fs.delete(folder, { recursive: true });
  });

  it('report each finding once: the extension what one file says, the plugin the rest', async () => {
    const { Warning } = vscode.DiagnosticSeverity;
    await reported(`6 ${Warning}`, `7 ${Warning}`);
    await vscode.commands.executeCommand('workbench.actions.view.problems');
    await browser.waitFor('workbench', '.markers-panel:has-text("softmaxCrossEntropy takes logits")');
    await browser.screenshot('checks-tsserver-plugin');
    await vscode.commands.executeCommand('workbench.action.closePanel');
  });

  it('follow the settings, both of them', async () => {
    const { Global } = vscode.ConfigurationTarget;
    const { Warning } = vscode.DiagnosticSeverity;
    const worst = vscode.DiagnosticSeverity.Error;
    await settings().update('severity', { 'softmax-before-cross-entropy': 'error' }, Global);
    await reported(`6 ${worst}`, `7 ${worst}`);
    await settings().update('enabled', false, Global);
    await reported();
    await settings().update('enabled', undefined, Global);
    await settings().update('severity', undefined, Global);
    await reported(`6 ${Warning}`, `7 ${Warning}`);
  });

  it('mend what the plugin found', async () => {
    const at = document.positionAt(source.indexOf('scores.softmax()') + 2);
    const offered = () =>
      vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        new vscode.Range(at, at),
      );
    const actions = await eventually(offered, (all) => {
      const titles = all.map(({ title }) => title);
      const here = titles.filter((title) => title === 'Ignore softmax-before-cross-entropy here');
      assert.equal(here.length, 1, titles.join(', '));
      assert(titles.includes('Remove the softmax'), titles.join(', '));
    });
    const { edit } = actions.find(({ title }) => title === 'Remove the softmax')!;
    await vscode.workspace.applyEdit(edit!);
    assert.match(document.getText(), /there = entropy\(labels, scores\);/);
    await reported(`7 ${vscode.DiagnosticSeverity.Warning}`);
  });
});
