/** Tells the plugin in VS Code's TypeScript server that a hover of the extension's own shows what one file says. */
import * as vscode from 'vscode';

const script = /^(?:javascript|typescript)(?:react)?$/;

/** What TypeScript's extension lets others call, version 0. */
interface TypeScriptApi {
  getAPI(version: 0): { configurePlugin(name: string, configuration: object): void } | undefined;
}

/** Waits for the first document in one of the plugin's languages: before, it would start TypeScript for nothing. */
export function typescriptPlugin(): vscode.Disposable {
  let done = false;
  const configure = async ({ languageId }: vscode.TextDocument): Promise<void> => {
    if (done || !script.test(languageId)) return;
    done = true;
    opened.dispose();
    // Missing where the user disabled it; TypeScript 7 brings an extension of its own, which loads no plugins.
    const extension = vscode.extensions.getExtension<TypeScriptApi>('vscode.typescript-language-features');
    const api = (await extension?.activate())?.getAPI(0);
    api?.configurePlugin('loss-lens-tsserver-plugin', { hover: 'across-files' });
  };
  const opened = vscode.workspace.onDidOpenTextDocument(configure);
  for (const document of vscode.workspace.textDocuments) void configure(document);
  return opened;
}
