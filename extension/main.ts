import type { ExtensionContext } from 'vscode';
import { evaluateCommand } from './evaluate/command.ts';
import { hover } from './hover/provider.ts';
import { panelRestoring } from './panel/restoring.ts';
import { reference } from './reference/command.ts';

export function activate(context: ExtensionContext): void {
  context.subscriptions.push(
    hover(context),
    evaluateCommand(context),
    panelRestoring(context),
    reference(context),
  );
}
