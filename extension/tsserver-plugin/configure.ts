/** Tells the plugin in VS Code's TypeScript server what the extension shows itself, and the settings of the checks. */
import * as vscode from 'vscode';
import type { ChecksSettings, Configuration } from './settings.ts';

const script = /^(?:javascript|typescript)(?:react)?$/;

/** What TypeScript's extension lets others call, version 0. */
interface TypeScriptApi {
  getAPI(version: 0): { configurePlugin(name: string, configuration: object): void } | undefined;
}

const name = 'loss-lens-tsserver-plugin';

/** Waits for the first document in one of the plugin's languages: before, it would start TypeScript for nothing. */
export function typescriptPlugin(): vscode.Disposable {
  let api: ReturnType<TypeScriptApi['getAPI']>;
  let asked = false;
  const configure = () => api?.configurePlugin(name, configuration());
  const start = async ({ languageId }: vscode.TextDocument): Promise<void> => {
    if (asked || !script.test(languageId)) return;
    asked = true;
    // Missing where the user disabled it; TypeScript 7 brings an extension of its own, which loads no plugins.
    const extension = vscode.extensions.getExtension<TypeScriptApi>('vscode.typescript-language-features');
    api = (await extension?.activate())?.getAPI(0);
    configure();
  };
  for (const document of vscode.workspace.textDocuments) void start(document);
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument(start),
    vscode.workspace.onDidChangeWorkspaceFolders(configure),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('lossLens.checks')) configure();
    }),
  );
}

/** What one file says is shown by the extension itself; settings may differ from folder to folder. */
function configuration(): Configuration {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const { uri: words } = vscode.l10n;
  return {
    report: 'across-files',
    ...(words?.scheme === 'file' && { words: words.fsPath }),
    checks: settings(undefined),
    folders: folders.map(({ uri }) => ({ folder: pathOf(uri), ...settings(uri) })),
  };
}

function settings(scope: vscode.Uri | undefined): ChecksSettings {
  const checks = vscode.workspace.getConfiguration('lossLens.checks', scope);
  return {
    enabled: checks.get<boolean>('enabled', true),
    severity: checks.get<Readonly<Record<string, string>>>('severity', {}),
  };
}

/** As TypeScript writes paths. */
function pathOf(uri: vscode.Uri): string {
  return uri.scheme === 'file'
    ? uri.fsPath.replaceAll('\\', '/')
    : `^/${uri.scheme}/${uri.authority}${uri.path}`;
}
