/** What the suites use of Node, in a browser's worker: the bundle of their tests finds it here. */
import * as vscode from 'vscode';
import { browser } from '../browser.ts';
import { process } from './process.ts';

/** The variables come from the page's server. */
export async function learnEnvironment(): Promise<void> {
  const { extensionUri } = vscode.extensions.getExtension('loss-lens.loss-lens')!;
  const response = await fetch(extensionUri.with({ path: '/environment.json' }).toString(true));
  Object.assign(process.env, await response.json(), { TEST_TOTALS: 'the launcher’s' });
}

const writing: Promise<void>[] = [];

export const existsSync = (): boolean => false;

export function readFileSync(): never {
  throw new Error('A browser reads no files.');
}

/** Only totals are written, and the launcher knows where. */
export function writeFileSync(_file: string, text: string): void {
  writing.push(browser.report(text));
}

export async function written(): Promise<void> {
  await Promise.all(writing);
}

export function format(pattern: unknown = '', ...values: readonly unknown[]): string {
  const left = [...values];
  const text = String(pattern).replaceAll(/%[sdifjoO%]/g, (sign) =>
    sign === '%%' ? '%' : left.length > 0 ? String(left.shift()) : sign,
  );
  return [text, ...left.map(String)].join(' ');
}
