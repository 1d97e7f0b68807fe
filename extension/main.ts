import type { ExtensionContext } from 'vscode';
import { evaluateVariableCommand } from './arrays/debugger/command.ts';
import { pausedHover } from './arrays/debugger/hover.ts';
import { evaluateFilesCommand } from './arrays/files/command.ts';
import { checks } from './checks/provider.ts';
import { completion, insertSnippetCommand } from './completion/provider.ts';
import { notebookCells } from './evaluate/cells.ts';
import { evaluateCommand } from './evaluate/command.ts';
import { checkGradientCommand } from './gradient-check/command.ts';
import { hover, readingAhead } from './hover/provider.ts';
import { messages } from './messages/provider.ts';
import { panelRestoring } from './panel/restoring.ts';
import { reference } from './reference/command.ts';
import { signatures } from './signature/provider.ts';
import { streamedRestoring } from './streamed/restoring.ts';
import { typescriptPlugin } from './tsserver-plugin/configure.ts';
import { gettingStarted } from './walkthrough/commands.ts';

export function activate(context: ExtensionContext): void {
  context.subscriptions.push(
    hover(context),
    readingAhead(context),
    typescriptPlugin(),
    signatures(context),
    completion(context),
    insertSnippetCommand(context),
    evaluateCommand(context),
    evaluateVariableCommand(context),
    evaluateFilesCommand(context),
    pausedHover(context),
    notebookCells(context),
    checkGradientCommand(context),
    checks(context),
    panelRestoring(context),
    streamedRestoring(context),
    reference(context),
    messages(context),
    gettingStarted(context),
  );
}
