/** Training steps with each loss, while typing and from the palette. What is done is loaded on first use. */

import * as vscode from 'vscode';
import type { SnippetFramework } from '../../engine/snippets/snippet.ts';

const languages = ['python', 'typescript', 'javascript', 'typescriptreact', 'javascriptreact'];

/** Some framework's package. A file that names none is none of ours, and loads nothing; a notebook's cell need not. */
const mentions =
  /\b(tensorflow|keras|torch|torchvision|jax|optax|flax|numpy|sklearn|scipy|ot|monai|kornia)\b/;

/** What the hover's link passes: a loss or a symbol, and where it is named. */
export interface InsertArguments {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
  readonly name: string;
  /** Unless given, the one that the name or the file says, or the user. */
  readonly framework?: SnippetFramework;
}

export function completion(_context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.languages.registerCompletionItemProvider(languages, {
    async provideCompletionItems(document, position) {
      // Asked with nearly every key: whatever is behind other text is none of ours.
      if (!/^\s*\w*$/.test(document.lineAt(position).text.slice(0, position.character))) return undefined;
      if (document.uri.scheme !== 'vscode-notebook-cell' && !mentions.test(document.getText()))
        return undefined;
      const { completionsAt } = await import('../features.ts');
      return completionsAt(document, position);
    },
    async resolveCompletionItem(item) {
      const { documented } = await import('../features.ts');
      return documented(item);
    },
  });
}

export function insertSnippetCommand(_context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.commands.registerCommand('lossLens.insertSnippet', async (from?: unknown) => {
    const { insertSnippet } = await import('../features.ts');
    await insertSnippet(isInsertArguments(from) ? from : undefined);
  });
}

/** A menu passes a URI and other things of its own. */
function isInsertArguments(given: unknown): given is InsertArguments {
  return typeof given === 'object' && given !== null && 'name' in given && 'line' in given && 'uri' in given;
}
