import type { ExtensionContext } from 'vscode';
import { evaluateCommand } from './evaluate/command.ts';
import { messages } from './messages/provider.ts';
import { hover, readingAhead } from './hover/provider.ts';
import { panelRestoring } from './panel/restoring.ts';
import { reference } from './reference/command.ts';

export function activate(context: ExtensionContext): void {
  context.subscriptions.push(
    hover(context),
    readingAhead(),
    evaluateCommand(context),
    panelRestoring(context),
    reference(context),
    messages(context),
  );
}
