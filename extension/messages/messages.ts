/** Where an output holds a known message, and what leads from there to its page. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { findMessages } from '../../engine/index.ts';
import { book } from '../reference/book.ts';
import { titleOf } from '../reference/view.ts';

/** Longer lines are no messages; a terminal asks for every line under the pointer. */
const longestLine = 10_000;
/** Of an output, from its end: errors stand there. */
const mostOutput = 100_000;

export interface MessageLink extends vscode.TerminalLink {
  /** Its id in the reference. */
  readonly page: string;
}

export async function linksIn(line: string): Promise<MessageLink[]> {
  if (line.length > longestLine) return [];
  const found = findMessages(line);
  if (found.length === 0) return [];
  const pages = await book();
  return found.map(({ page, start, end }) => ({
    startIndex: start,
    length: end - start,
    tooltip: t`Loss Lens: ${titleOf(pages, idOf(page))}`,
    page: idOf(page),
  }));
}

/** One item for each page that the cell's errors and warnings lead to, the last message first. */
export async function explanationsOf(cell: vscode.NotebookCell): Promise<vscode.NotebookCellStatusBarItem[]> {
  const found = findMessages(printed(cell));
  if (found.length === 0) return [];
  const pages = await book();
  return [...new Set(found.map(({ page }) => page).reverse())].map((page) => {
    const title = titleOf(pages, idOf(page));
    const item = new vscode.NotebookCellStatusBarItem(
      `$(lightbulb) ${title}`,
      vscode.NotebookCellStatusBarAlignment.Left,
    );
    item.tooltip = t('Loss Lens: what this message means, and how to fix it');
    item.command = { command: 'lossLens.openReference', title, arguments: [idOf(page)] };
    item.accessibilityInformation = { label: t`Explain: ${title}`, role: 'button' };
    return item;
  });
}

const idOf = (page: string): string => `messages/${page}`;

const told = new Set(['application/vnd.code.notebook.error', 'application/vnd.code.notebook.stderr']);

/** What the cell printed as errors and warnings, as plain text. */
function printed(cell: vscode.NotebookCell): string {
  const texts = cell.outputs
    .flatMap(({ items }) => items)
    .filter(({ mime }) => told.has(mime))
    .map(({ mime, data }) => {
      const text = new TextDecoder().decode(data.subarray(Math.max(0, data.length - mostOutput)));
      return mime.endsWith('.error') ? lastWords(text) : text;
    });
  return texts.join('\n').replaceAll(terminalColours, '');
}

/** An error travels as JSON of its name, message and traceback; the message is what is wanted. */
function lastWords(json: string): string {
  try {
    const { name, message } = JSON.parse(json) as { name?: unknown; message?: unknown };
    return `${name}: ${message}`;
  } catch {
    // Cut at the front for its length.
    return json;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const terminalColours = /\u001b\[[\d;]*m/g;
