/**
 * The losses in open documents. Each is analysed once a version, and parsed again only where an edit changed it; the
 * Python cells of a notebook are one source, since they share one namespace.
 */
import * as vscode from 'vscode';
import {
  assignedName,
  callAt,
  findLosses,
  type LossCall,
  type LossSignature,
  lossAt,
  PythonCells,
  type PythonDocument,
  type RecognisedLoss,
  recognisedLanguages,
  type SourceDocument,
  signatureAt,
  sourceDocument,
} from '../engine/index.ts';
import { sayWhetherRead } from './hover/partly-read.ts';

/** Where a document stands in the source that it is read in. */
interface Place {
  readonly source: SourceDocument;
  readonly start: number;
}

const sources = new WeakMap<vscode.TextDocument, { version: number; readonly source: SourceDocument }>();
const notebooks = new WeakMap<vscode.NotebookDocument, { versions: string; readonly cells: PythonCells }>();

/** `undefined` when it is in no language that losses are recognised in. */
function placeOf(document: vscode.TextDocument): Place | undefined {
  if (!recognisedLanguages.includes(document.languageId)) return undefined;
  return (document.languageId === 'python' && cellOf(document)) || { source: readOf(document), start: 0 };
}

/** A Python document by itself, even when it is a cell of a notebook; `undefined` for other languages. */
export function sourceOf(document: vscode.TextDocument): PythonDocument | undefined {
  return document.languageId === 'python' ? (readOf(document) as PythonDocument) : undefined;
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
function cellOf(document: vscode.TextDocument): Place | undefined {
  if (document.uri.scheme !== 'vscode-notebook-cell') return undefined;
  const notebook = vscode.workspace.notebookDocuments.find(({ uri }) => uri.path === document.uri.path);
  const own = (notebook?.getCells() ?? [])
    .filter(({ kind }) => kind === vscode.NotebookCellKind.Code)
    .map((cell) => cell.document)
    .filter(({ languageId }) => languageId === 'python');
  const index = own.indexOf(document);
  if (!notebook || index < 0) return undefined;
  const versions = own.map(({ uri, version }) => `${uri.fragment} ${version}`).join('\n');
  let known = notebooks.get(notebook);
  if (!known) {
    known = { versions: '', cells: new PythonCells() };
    notebooks.set(notebook, known);
  }
  if (known.versions !== versions) {
    known.cells.update(own.map((cell) => cell.getText()));
    known.versions = versions;
  }
  return { source: known.cells.document, start: known.cells.start(index) };
}

/** Milliseconds that the extension host does nothing else. */
const piece = 8;

/** Reads a document in pieces, so that the first hover in a long one finds it read. Ends when it is edited. */
export async function prepare(document: vscode.TextDocument): Promise<void> {
  const { version } = document;
  const source = placeOf(document)?.source;
  if (!source) return;
  while (!source.parse(piece)) {
    await new Promise((resolve) => setTimeout(resolve));
    if (document.version !== version || document.isClosed) return;
  }
  lossAt(source, 0);
  sayWhetherRead(document, source.complete);
}

/** The loss whose name the position touches, where it is imported or assigned too. */
export function lossNamedAt(
  document: vscode.TextDocument,
  position: vscode.Position,
): RecognisedLoss | undefined {
  const place = placeOf(document);
  const loss = place && lossAt(place.source, place.start + document.offsetAt(position));
  return loss && within(loss, place.start);
}

/** The call around the position, or that of the nearest loss on its line. */
export function lossCallAt(document: vscode.TextDocument, position: vscode.Position): LossCall | undefined {
  const place = placeOf(document);
  const call = place && callAt(place.source, place.start + document.offsetAt(position));
  if (!call || place.start === 0) return call;
  return {
    ...moved(call, place.start),
    loss: within(call.loss, place.start),
    arguments: call.arguments.map((argument) => moved(argument, place.start)),
  };
}

/** What the call that is being written at the position takes, if it calls a loss. */
export function lossSignatureAt(
  document: vscode.TextDocument,
  position: vscode.Position,
): LossSignature | undefined {
  if (document.languageId !== 'python') return undefined;
  const place = placeOf(document);
  return place && signatureAt(place.source as PythonDocument, place.start + document.offsetAt(position));
}

/** Every loss that the document names, in source order. */
export function lossesIn(document: vscode.TextDocument): readonly RecognisedLoss[] {
  const place = placeOf(document);
  if (!place) return [];
  const { source, start } = place;
  const all = findLosses(source, document.languageId);
  if (source.text.length === document.getText().length) return all;
  const end = start + document.getText().length;
  return all.filter((loss) => loss.start >= start && loss.end <= end).map((loss) => within(loss, start));
}

/** What a selected array is called, and the whole expression around it that makes it an array. */
export function nameAround(
  document: vscode.TextDocument,
  range: vscode.Range,
): { readonly name?: string; readonly range: vscode.Range } {
  const place = placeOf(document);
  if (!place) {
    const before = document.getText(
      new vscode.Range(range.start.line, 0, range.start.line, range.start.character),
    );
    const name =
      /([\w$]+)["']?\s*[:=]\s*$/.exec(before) ??
      /^\W*(?:(?:const|let|var)\s+)?([\w$]+)["']?\s*[:=]/.exec(document.getText(range));
    return { range, ...(name && { name: name[1]! }) };
  }
  const { name, start, end } = assignedName(
    place.source,
    place.start + document.offsetAt(range.start),
    place.start + document.offsetAt(range.end),
  );
  const whole = new vscode.Range(
    document.positionAt(start - place.start),
    document.positionAt(end - place.start),
  );
  return { range: whole, ...(name !== undefined && { name }) };
}

function within(loss: RecognisedLoss, start: number): RecognisedLoss {
  return { ...moved(loss, start), ...(loss.call && { call: moved(loss.call, start) }) };
}

function moved<R extends { readonly start: number; readonly end: number }>(range: R, by: number): R {
  return { ...range, start: range.start - by, end: range.end - by };
}
