/** What is checked as one text: a document, or the Python cells of a notebook. */
import * as vscode from 'vscode';
import type { SourceDocument } from '../../engine/index.ts';
import { placeOf, sourceOfNotebook } from '../sources.ts';

export type Subject = vscode.TextDocument | vscode.NotebookDocument;

export interface SubjectText {
  /** Another one for another text. */
  readonly version: string;
  /** `undefined` where there is nothing in a language that is checked. */
  readonly source: SourceDocument | undefined;
  /** The documents that it is made of. */
  readonly documents: readonly vscode.TextDocument[];
  /** Where offsets of the text are. What ends in a later cell is shown to the end of its first. */
  location(start: number, end: number): vscode.Location;
}

export function textOf(subject: Subject): SubjectText {
  return 'notebookType' in subject ? notebookText(subject) : documentText(subject);
}

function documentText(document: vscode.TextDocument): SubjectText {
  const source = placeOf(document)?.source;
  return {
    // The modules that it imports count as well.
    version: `${document.version} ${source?.version}`,
    source,
    documents: [document],
    location: (start, end) => locationIn(document, start, end),
  };
}

function notebookText(notebook: vscode.NotebookDocument): SubjectText {
  const { version, cells, documents } = sourceOfNotebook(notebook);
  return {
    version: `${version} ${cells.document.version}`,
    source: documents.length > 0 ? cells.document : undefined,
    documents,
    location(start, end) {
      const from = cells.place(start);
      const to = cells.place(end);
      const document = documents[from.cell]!;
      const last = to.cell === from.cell ? to.offset : document.getText().length;
      return locationIn(document, from.offset, last);
    },
  };
}

function locationIn(document: vscode.TextDocument, start: number, end: number): vscode.Location {
  return new vscode.Location(
    document.uri,
    new vscode.Range(document.positionAt(start), document.positionAt(end)),
  );
}
