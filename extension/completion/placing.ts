/** A snippet as a document takes it: under the names that it imports, with the imports that it lacks. */
import * as vscode from 'vscode';
import {
  frameworksOf,
  type Imports,
  importLine,
  importsOf,
  inText,
  inTextOfScript,
  placed,
  type Snippet,
  type SnippetFramework,
  type SnippetLanguage,
  snippetText,
} from '../../engine/index.ts';
import { pythonPlaceOf } from '../sources.ts';

export const languageOf = ({ languageId }: vscode.TextDocument): SnippetLanguage | undefined =>
  languageId === 'python'
    ? 'python'
    : /^(type|java)script(react)?$/.test(languageId)
      ? 'typescript'
      : undefined;

interface Known {
  readonly version: number;
  readonly imports: Imports;
  readonly frameworks: readonly SnippetFramework[];
}

const known = new WeakMap<vscode.TextDocument, Known>();

/** What a document imports, read once a version; for a notebook's cell, what all of its cells do. */
export function importedBy(document: vscode.TextDocument): Pick<Known, 'imports' | 'frameworks'> {
  const before = known.get(document);
  const notebook = notebookOf(document);
  if (before?.version === document.version && !notebook) return before;
  const texts = notebook?.getCells().map((cell) => cell.document) ?? [document];
  const text = texts.map((one) => (one.languageId === document.languageId ? one.getText() : '')).join('\n');
  const imports = importsOf(text, languageOf(document) ?? 'python');
  const found = { version: document.version, imports, frameworks: frameworksOf(imports) };
  known.set(document, found);
  return found;
}

const notebookOf = (document: vscode.TextDocument): vscode.NotebookDocument | undefined =>
  document.uri.scheme === 'vscode-notebook-cell'
    ? vscode.workspace.notebookDocuments.find((notebook) =>
        notebook.getCells().some((cell) => cell.document === document),
      )
    : undefined;

/** Whether code can stand at the position: not in a comment, not in a string. */
export function isCode(document: vscode.TextDocument, position: vscode.Position): boolean {
  const offset = document.offsetAt(position);
  const python = pythonPlaceOf(document);
  return python ? !inText(python.source, python.start + offset) : !inTextOfScript(document.getText(), offset);
}

/** Text and edits that put a snippet into a document. */
export function placedIn(
  document: vscode.TextDocument,
  snippet: Snippet,
): { readonly text: string; readonly edits: vscode.TextEdit[] } {
  const { template, lines } = placed(snippet, importedBy(document).imports);
  const text = snippetText({ template });
  if (lines.length === 0 || !languageOf(document)) return { text, edits: [] };
  const at = new vscode.Position(importLine(document.getText(), snippet.language), 0);
  const blank = at.line >= document.lineCount || document.lineAt(at.line).text.trim() !== '';
  const first = importedBy(document).imports.size === 0 && blank ? '\n' : '';
  const before = at.line >= document.lineCount ? '\n' : '';
  return { text, edits: [vscode.TextEdit.insert(at, `${before}${lines.join('\n')}\n${first}`)] };
}
