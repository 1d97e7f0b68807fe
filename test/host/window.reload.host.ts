/** What is open when the window is reloaded: `window.reloaded.host.ts` looks at what has come back. */
import * as vscode from 'vscode';
import { browser, closeEditors, evaluateIn, openView, until } from './browser.ts';
import { manyRows, writeLarge } from './large.ts';
import { answer } from './questions.ts';
import { evaluateLine, losses, workspaceFile } from './reloading.ts';

describe('before the window is reloaded', () => {
  before(async () => {
    await vscode.extensions.getExtension('loss-lens.loss-lens')!.activate();
    await vscode.workspace.fs.writeFile(workspaceFile('reloaded.py'), Buffer.from(losses));
    await closeEditors();
  });

  it('evaluates one loss, and another whose parameter, tab and element are chosen', async () => {
    await evaluateLine(5);
    await browser.waitFor('webview', '.value:text-is("0.164252")');
    await openView('History');
    await browser.waitFor('webview', '.history-here:has-text("torch.nn.BCELoss")');
    await evaluateLine(4);
    await browser.waitFor('webview', '.value:text-is("1.905")');
    await browser.fill('webview', '[data-parameter="delta"] >> role=textbox', '0.5');
    await browser.waitFor('webview', '.value:text-is("1.008333")');
    await openView('Elements');
    await browser.click('webview', '.rows tbody tr:nth-child(3)');
    await browser.waitFor('webview', '.selected:has-text("Element 2")');
  });

  it('works through files row by row', async () => {
    const files = ['predicted', 'target'].map((name) => workspaceFile(`${name}.npy`));
    for (const [i, file] of files.entries()) writeLarge(file.fsPath, manyRows, i * (manyRows / 10));
    await vscode.window.showTextDocument(workspaceFile('reloaded.py'), { viewColumn: vscode.ViewColumn.One });
    const done = vscode.commands.executeCommand('lossLens.evaluateFiles', files[0], files);
    await answer('Loss, by title', 'torch.nn.MSELoss');
    await done;
    await browser.waitFor('webview', '.section-value:has-text("0.1"):has-text("150,000,000 rows")');
  });

  it('opens the reference and goes to another place', async () => {
    await vscode.window.showTextDocument(workspaceFile('reloaded.py'), { viewColumn: vscode.ViewColumn.One });
    await vscode.commands.executeCommand('lossLens.openReference', 'regression');
    await browser.click('webview', 'article >> a[data-page="huber"]');
    await browser.waitFor('webview', 'h1:text-is("Huber loss")');
    await evaluateIn('webview', () => window.scrollTo(0, 300));
  });

  it('is at rest: the window has stored all that is open', () =>
    stored(
      /"written":"delta=0\.5"/,
      /\bdelta\W+number\W+0\.5\b.*\btab\W+elements\W+row\W+2\b/,
      /lossLens\.streamed.*\brows\W+150000000\b/,
      /lossLens\.reference.*\bid\W+huber\W+scroll\W+300\b/,
    ));
});

/** Waits until the window has put such texts away: while a page goes, a browser lets nothing be written. */
async function stored(...patterns: readonly RegExp[]): Promise<void> {
  const sources = patterns.map(({ source }) => source);
  const isStored = () => evaluateIn('workbench', storageHolds, sources);
  await until(isStored, `the window has not stored ${sources.join(' and ')}`, 30_000);
}

/** Runs in the page. A desktop window has no such databases: before it goes, it waits until its state is written. */
async function storageHolds(patterns: readonly string[]): Promise<boolean> {
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const names = (await indexedDB.databases()).flatMap(({ name = '' }) =>
    name.startsWith('vscode-web-state-db-') ? [name] : [],
  );
  const texts: string[] = [];
  for (const name of names) {
    const database = await settled(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const values = await settled(database.transaction(store).objectStore(store).getAll());
      texts.push(...values.map(String));
    }
    database.close();
  }
  return names.length === 0 || patterns.every((pattern) => texts.some((text) => RegExp(pattern).test(text)));
}
