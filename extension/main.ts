import type { ExtensionContext } from 'vscode';
import { evaluateCommand } from './evaluate/command.ts';
import { hover } from './hover/provider.ts';
import { openReferenceCommand } from './hover/reference.ts';
import { panelRestoring } from './panel/restoring.ts';

export function activate(context: ExtensionContext): void {
  context.subscriptions.push(
    hover(context),
    openReferenceCommand(context),
    evaluateCommand(context),
    panelRestoring(context),
  );
}
