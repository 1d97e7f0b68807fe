/** Names and texts that would like to be Markdown, HTML or a command: shown as they stand, wherever they are shown. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { zip } from '../zip.ts';
import { alive, commands, image, link } from './alive.ts';
import { browser, closeEditors, evaluateIn, putCursor, says, showHover, showText } from './browser.ts';
import { assertPolicy } from './policy.ts';
import { answer, asks } from './questions.ts';

const npy = (numbers: readonly number[]): Uint8Array => {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${numbers.length},), }\n`;
  const start = Buffer.from(`\x93NUMPY\x01\x00${String.fromCharCode(header.length)}\x00${header}`, 'latin1');
  return new Uint8Array(Buffer.concat([start, Buffer.from(Float32Array.from(numbers).buffer)]));
};

describe('hostile names', function () {
  this.timeout(60_000);
  let folder: string;
  const write = (name: string, content: string | Uint8Array): vscode.Uri => {
    writeFileSync(join(folder, name), content);
    return vscode.Uri.file(join(folder, name));
  };

  before(() => vscode.extensions.getExtension('loss-lens.loss-lens')!.activate());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'loss-lens-'));
    await closeEditors();
    await vscode.commands.executeCommand('notifications.clearAll');
  });
  afterEach(async () => {
    await closeEditors();
    rmSync(folder, { recursive: true });
  });

  for (const text of [link, image, `](command:x) ${link}`]) {
    it(`in a call, under a hover: ${text}`, async () => {
      const short = text.slice(0, 30);
      const source = `import torch.nn as nn\nloss = nn.CrossEntropyLoss(weight=w["${short}"], reduction=r['${short}'])(a, b)\n`;
      const editor = await showText(source, 'python');
      const position = editor.document.positionAt(source.indexOf('CrossEntropyLoss') + 2);
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        editor.document.uri,
        position,
      );
      const contents = hovers.flatMap(({ contents }) => contents as vscode.MarkdownString[]);
      assert(
        contents.some(({ value }) => value.includes('Set here')),
        JSON.stringify(contents),
      );
      for (const { isTrusted } of contents) {
        assert(typeof isTrusted === 'object', `trusted: ${isTrusted}`);
        assert.deepEqual(
          isTrusted.enabledCommands.filter((command) => !commands.includes(command)),
          [],
        );
      }
      await putCursor(editor, position);
      await showHover('.monaco-hover:visible:has-text("Set here")');
      assert.match(await browser.text('workbench', '.monaco-hover:visible'), /command:|img/);
      assert.deepEqual(await alive('workbench', '.monaco-hover'), []);
    });
  }

  it('of a file and of the arrays in it: in questions, in the panel, and in what is said of an error', async () => {
    const name = `${link.replaceAll('/', '')} ${image}.npz`;
    const member = `${link} ${image}`;
    const content = npy([1, 2, 4]);
    const file = write(name, zip(content, content.length, undefined, `${member}.npy`));
    const other = write(`${image}.npy`, npy([1, 1, 1]));
    const done = vscode.commands.executeCommand('lossLens.evaluateFiles', file, [file, other]);
    await answer('Loss, by title', 'torch.nn.MSELoss');
    await asks('input:');
    await browser.waitFor('workbench', `.quick-input-list:has-text("${image}")`);
    assert.deepEqual(await alive('workbench', '.quick-input-widget'), []);
    await browser.press('Enter');
    await answer('target:');
    await done;
    await browser.waitFor('webview', '.section-value .value');
    assert.deepEqual(await alive('webview', 'body'), []);
  });

  it('of a file that cannot be read: no link in the notification', async () => {
    const content = npy([1, 2, 4]);
    const file = write(`${link} ${image}.npz`, zip(content, content.length - 4));
    await vscode.commands.executeCommand('lossLens.evaluateFiles', file);
    await says('command:workbench.action.toggleZenMode');
    assert.equal(
      await browser.count('workbench', '.notifications-center .notification-list-item-message a'),
      0,
    );
    assert.deepEqual(await alive('workbench', '.notifications-center'), []);
  });

  it('of a source, in the panel', async () => {
    const source =
      'from torch import nn, tensor\nloss = nn.MSELoss()(tensor([1.0, 2.0]), tensor([0.0, 0.0]))\n';
    const file = write(`${link.replaceAll('/', '')} ${image}.py`, source);
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    const { line, character } = document.positionAt(source.indexOf('MSELoss') + 1);
    await vscode.commands.executeCommand('lossLens.evaluate', { uri: file.toString(), line, character });
    await browser.waitFor('webview', '.section-value:has-text("2.5")');
    await browser.waitFor('webview', `header:has-text("${image}")`);
    assert.deepEqual(await alive('webview', 'body'), []);
    assert.deepEqual(await alive('workbench', 'body'), []);
  });

  it('of files that are worked through row by row, in the page of the result', async () => {
    const rows = 140_000_000;
    const files = [`a ${link} ${image}.npy`, `b ${image}.npy`].map((name) => {
      const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows},), }\n`;
      const start = `\x93NUMPY\x01\x00${String.fromCharCode(header.length)}\x00${header}`;
      const uri = write(name, Buffer.from(start, 'latin1'));
      truncateSync(uri.fsPath, start.length + 4 * rows);
      return uri;
    });
    const done = vscode.commands.executeCommand('lossLens.evaluateFiles', files[0], files);
    await answer('Loss, by title', 'torch.nn.L1Loss');
    await answer('input:');
    await answer('target:');
    await done;
    await browser.waitFor('webview', '.section-value:has-text("rows")');
    await browser.waitFor('webview', `body:has-text("${image}")`);
    assert.deepEqual(await alive('webview', 'body'), []);
  });
});

describe('a message from a webview', function () {
  this.timeout(60_000);

  before(() => vscode.extensions.getExtension('loss-lens.loss-lens')!.activate());
  beforeEach(closeEditors);
  after(closeEditors);

  interface Reply {
    readonly ok: boolean;
    readonly code?: string;
    readonly message?: string;
  }

  /**
   * Posts as the page itself does, and waits for as many replies as there are requests. `$numbers` stands for a
   * Float64Array of so many numbers.
   */
  const posted = (messages: readonly unknown[]): Promise<Record<string, Reply>> =>
    evaluateIn(
      'webview',
      (given) => {
        // The page has the editor's side of it put out of reach; another window's view of it has not.
        const frame = document.body.appendChild(document.createElement('iframe'));
        const parent = Object.getOwnPropertyDescriptor(frame.contentWindow, 'parent')!.get!.call(
          window,
        ) as Record<string, (channel: string, data: unknown) => void>;
        frame.remove();
        const filled = (value: unknown): unknown => {
          if (typeof value !== 'object' || value === null) return value;
          if ('$numbers' in value) return new Float64Array(value.$numbers as number);
          if (Array.isArray(value)) return value.map(filled);
          return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filled(each)]));
        };
        const replies: Record<string, { ok: boolean; code?: string; message?: string }> = {};
        const requests = given.filter(
          (each) =>
            typeof (each as { id?: unknown } | null)?.id === 'number' &&
            (each as { kind: string }).kind === 'request',
        );
        return new Promise<typeof replies>((resolve) => {
          window.addEventListener('message', ({ data }) => {
            if (data?.kind !== 'reply' || data.id < 1e6) return;
            replies[data.id] = { ok: data.ok, code: data.error?.code, message: data.error?.message };
            if (Object.keys(replies).length === requests.length) resolve(replies);
          });
          for (const message of given)
            parent['__vscode_post_message__']!('onmessage', { message: filled(message) });
        });
      },
      messages,
    );

  const wrong: readonly (readonly [method: string, asked: unknown])[] = [
    ['evaluate', undefined],
    ['evaluate', { parameters: null }],
    ['evaluate', { parameters: { delta: 1 } }],
    ['evaluate', { parameters: { delta: { $numbers: 9 } } }],
    ['evaluate', { parameters: [] }],
    ['rows', { run: 1, start: -1, count: 1 }],
    ['rows', { run: 1, start: 0, count: 1e12 }],
    ['rows', { run: '1', start: 0, count: 1 }],
    ['plot', { run: 1, id: '__proto__', slice: 0 }],
    ['sweep', { parameters: {}, parameter: 'delta', values: [1, 2], isLast: true }],
    ['sweep', { parameters: {}, parameter: 'delta', values: { $numbers: 1_000_000 }, isLast: true }],
    ['part', { input: '__proto__', start: 0, count: 1e9 }],
    ['explainElement', { parameters: {}, row: 0.5 }],
    ['compare', { parameters: {}, others: [{ loss: 4, parameters: {} }] }],
    ['comparedControls', { loss: {} }],
    ['record', { parameters: {}, value: 4 }],
    ['goBack', { id: '1' }],
    ['page', { id: 4 }],
    ['page', { id: '__proto__' }],
    ['page', { id: 'constructor' }],
    ['openPage', { id: [] }],
    ['insertSnippet', { framework: 'toString' }],
    ['save', { name: '../../x', format: 'exe', bytes: { $numbers: 2 } }],
    ['save', { name: 'x', format: 'svg', bytes: 'text' }],
    ['copy', { text: 5 }],
    ['constructor', {}],
    ['open ', {}],
  ];

  it('that is not as the panel’s page sends it is refused, and the panel works on', async () => {
    const source =
      'from torch import nn, tensor\nloss = nn.HuberLoss()(tensor([1.0, 2.0]), tensor([0.0, 0.0]))\n';
    const { document } = await showText(source, 'python');
    const { line, character } = document.positionAt(source.indexOf('HuberLoss') + 1);
    await vscode.commands.executeCommand('lossLens.evaluate', {
      uri: document.uri.toString(),
      line,
      character,
    });
    await browser.waitFor('webview', '.section-value .value:text-is("1")');
    const requests = wrong.map(([method, asked], i) => ({ kind: 'request', id: 1e6 + i, method, asked }));
    const nothing = [
      null,
      4,
      'open',
      [],
      { kind: 'request' },
      { kind: 'request', id: 'x', method: 'open' },
      { kind: 'reply', id: 1, ok: true },
    ];
    const replies = await posted([...nothing, ...requests]);
    for (const [i, [method, asked]] of wrong.entries()) {
      const { ok, code, message } = replies[1e6 + i]!;
      assert(!ok && code === 'refused', `${method} ${JSON.stringify(asked)}: ${code} ${message}`);
    }
    await browser.click('webview', '[data-parameter="delta"] >> role=textbox');
    await browser.press('End');
    for (let i = 0; i < 8; i++) await browser.press('Backspace');
    await browser.type('0.5');
    await browser.waitFor('webview', '.section-value .value:text-is("0.625")');
  });

  it('that is not as the reference’s page sends it is refused', async () => {
    await vscode.commands.executeCommand('lossLens.openReference', 'huber');
    await browser.waitFor('webview', 'h1:has-text("Huber")');
    const replies = await posted(
      [
        ['page', { id: {} }],
        ['page', { id: '__proto__' }],
        ['curve', { name: 'huber', parameters: { delta: 1 } }],
        ['evaluate', { parameters: {} }],
      ].map(([method, asked], i) => ({ kind: 'request', id: 1e6 + i, method, asked })),
    );
    assert.deepEqual(
      Object.values(replies).map(({ code }) => code),
      ['refused', 'refused', 'refused', 'refused'],
    );
    await assertPolicy();
  });
});
