/** What axe finds wrong in the webview in view. Colours are the theme's and are looked at in the pictures. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type axe from 'axe-core';
import * as vscode from 'vscode';
import { browser, evaluateIn, runScriptIn } from './browser.ts';

/** Every violation, with where it is. */
export async function violations(): Promise<string[]> {
  if (!(await evaluateIn('webview', () => 'axe' in globalThis))) {
    const library = path.join(__dirname, '../../node_modules/axe-core/axe.min.js');
    await runScriptIn('webview', await readFile(library, 'utf8'));
  }
  return evaluateIn('webview', async () => {
    const { axe: here } = globalThis as unknown as { axe: typeof axe };
    // A plot is one picture with its words; what the library calls the parts inside is heard by nobody.
    const context = { include: document, exclude: ['[role="img"] g'] };
    const { violations: found } = await here.run(context as axe.ElementContext, {
      resultTypes: ['violations'],
    });
    return found.map(
      ({ id, help, nodes }) => `${id}: ${help} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
    );
  });
}

/** Of a page without scripts, in which axe does not run either: of a copy that has them, which is shown in its place. */
export async function violationsOfCopy(): Promise<string[]> {
  const html = await evaluateIn('webview', () => document.documentElement.outerHTML);
  const panel = vscode.window.createWebviewPanel('lossLens.copy', 'Copy', vscode.ViewColumn.Two, {
    enableScripts: true,
  });
  try {
    panel.webview.html = html
      .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '')
      .replace('<main>', '<main id="copy">');
    await browser.waitFor('webview', '#copy');
    return await violations();
  } finally {
    panel.dispose();
  }
}
