/** The outputs of a notebook as a place that arrays are offered from. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ArrayOffer, ArraySource } from '../offer.ts';
import { arraysOfCell } from './outputs.ts';

/** Milliseconds that the extension host does nothing else. */
const piece = 20;
/** Of a notebook: nobody looks through more of them in a list. */
const mostOffers = 500;

/** The cell that a document is, in an open notebook. */
export function cellOf(document: vscode.TextDocument): vscode.NotebookCell | undefined {
  if (document.uri.scheme !== 'vscode-notebook-cell') return undefined;
  return vscode.workspace.notebookDocuments
    .find(({ uri }) => uri.path === document.uri.path)
    ?.getCells()
    .find((cell) => cell.document === document);
}

/** The first of those that are selected in the notebook that has the focus. */
export function selectedCell(): vscode.NotebookCell | undefined {
  const editor = vscode.window.activeNotebookEditor;
  return editor && editor.selection.start < editor.notebook.cellCount
    ? editor.notebook.cellAt(editor.selection.start)
    : undefined;
}

/** The nearest first: the cell's own outputs, those above it upwards, then those below. */
export function notebookSource(cell: vscode.NotebookCell): ArraySource {
  return {
    title: t('Notebook outputs'),
    async offers() {
      const cells = cell.notebook.getCells();
      const ordered = [...cells.slice(0, cell.index + 1).reverse(), ...cells.slice(cell.index + 1)];
      const found: ArrayOffer[] = [];
      let start = performance.now();
      for (const each of ordered) {
        for (const offer of arraysOfCell(each)) found.push(doubted(offer, each, cell));
        if (found.length >= mostOffers) break;
        if (performance.now() - start < piece) continue;
        await new Promise((resolve) => setTimeout(resolve));
        start = performance.now();
      }
      return found.slice(0, mostOffers);
    },
  };
}

/** Says so where the name has been given another value between the output and the cell. */
function doubted(offer: ArrayOffer, from: vscode.NotebookCell, to: vscode.NotebookCell): ArrayOffer {
  if (offer.doubt !== undefined || offer.name === undefined) return offer;
  if (from.index > to.index) return { ...offer, doubt: t('below this cell') };
  const base = /^[A-Za-z_]\w*/.exec(offer.name)?.[0];
  if (base === undefined) return offer;
  const assigned = new RegExp(
    `(?<![\\w.])${base}(?:\\[[^\\]\\n]*\\])?\\s*(?:[-+*/@&|^%]|//|\\*\\*)?=(?!=)`,
    'g',
  );
  const own = from.document.getText();
  const printed = own.lastIndexOf('print(');
  const after = printed < 0 ? '' : own.slice(printed).replace(/^print\(.*/, '');
  if (assigned.test(after)) return { ...offer, doubt: t('assigned again after it was printed') };
  for (let index = from.index + 1; index <= to.index; index++) {
    assigned.lastIndex = 0;
    const { document } = from.notebook.cellAt(index);
    if (document.languageId === 'python' && assigned.test(document.getText())) {
      return { ...offer, doubt: t`assigned again in cell ${index + 1}` };
    }
  }
  return offer;
}
