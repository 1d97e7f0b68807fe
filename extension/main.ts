import type { ExtensionContext } from 'vscode';
import { checks } from './checks/provider.ts';
import { evaluateCommand } from './evaluate/command.ts';
import { hover, openReferenceCommand } from './hover/provider.ts';
import { panelRestoring } from './panel/restoring.ts';

export function activate(context: ExtensionContext): void {
  context.subscriptions.push(
    hover(context),
    openReferenceCommand(context),
    evaluateCommand(context),
    checks(),
    panelRestoring(context),
  );
}
