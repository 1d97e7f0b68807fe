/**
 * The sources that documents are read in, for recognition and checks alike: parsed again only where an edit changed
 * them. The Python cells of a notebook are one source, since they share one namespace.
 */
import * as vscode from 'vscode';
import {
  PythonCells,
  type PythonDocument,
  recognisedLanguages,
  type SourceDocument,
  sourceDocument,
} from '../engine/index.ts';

/** Where a document stands in the source that it is read in. */
export interface Place<S extends SourceDocument = SourceDocument> {
  readonly source: S;
  readonly start: number;
}

/** The Python of a notebook as it is now. */
export interface NotebookSource {
  /** Another one for other cells. */
  readonly version: string;
  readonly cells: PythonCells;
  /** The documents of the cells, in order. */
  readonly documents: readonly vscode.TextDocument[];
}

const sources = new WeakMap<vscode.TextDocument, { version: number; readonly source: SourceDocument }>();
const notebooks = new WeakMap<vscode.NotebookDocument, NotebookSource>();

/** `undefined` when the document is in no language that losses are recognised in. */
export function placeOf(document: vscode.TextDocument): Place | undefined {
  if (!recognisedLanguages.includes(document.languageId)) return undefined;
  return pythonPlaceOf(document) ?? { source: readOf(document), start: 0 };
}

/** `undefined` when the document is in another language. */
export function pythonPlaceOf(document: vscode.TextDocument): Place<PythonDocument> | undefined {
  if (document.languageId !== 'python') return undefined;
  return cellOf(document) ?? { source: readOf(document) as PythonDocument, start: 0 };
}

/** The file that a document is, or is a cell of. */
export function fileOf({ uri }: vscode.TextDocument): vscode.Uri {
  if (uri.scheme !== 'vscode-notebook-cell') return uri;
  return vscode.workspace.notebookDocuments.find((notebook) => notebook.uri.path === uri.path)?.uri ?? uri;
}

export function sourceOfNotebook(notebook: vscode.NotebookDocument): NotebookSource {
  const documents = notebook
    .getCells()
    .map(({ document }) => document)
    .filter(({ languageId }) => languageId === 'python');
  const version = documents.map(({ uri, version }) => `${uri.fragment} ${version}`).join('\n');
  const known = notebooks.get(notebook);
  if (known?.version === version) return known;
  const cells = known?.cells ?? new PythonCells();
  cells.update(documents.map((document) => document.getText()));
  const now = { version, cells, documents };
  notebooks.set(notebook, now);
  return now;
}

function readOf(document: vscode.TextDocument): SourceDocument {
  let known = sources.get(document);
  if (known?.source.languageId !== document.languageId) {
    known = {
      version: document.version,
      source: sourceDocument(document.getText(), document.languageId)!,
    };
    sources.set(document, known);
  } else if (known.version !== document.version) {
    known.source.update(document.getText());
    known.version = document.version;
  }
  return known.source;
}

/** `undefined` when the document is no cell of an open notebook. */
function cellOf(document: vscode.TextDocument): Place<PythonDocument> | undefined {
  if (document.uri.scheme !== 'vscode-notebook-cell') return undefined;
  const notebook = vscode.workspace.notebookDocuments.find(({ uri }) => uri.path === document.uri.path);
  if (!notebook) return undefined;
  const { cells, documents } = sourceOfNotebook(notebook);
  const index = documents.indexOf(document);
  return index < 0 ? undefined : { source: cells.document, start: cells.start(index) };
}
