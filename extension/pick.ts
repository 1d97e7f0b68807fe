/** Choosing one of many. */
import * as vscode from 'vscode';

export interface Choice<T> extends vscode.QuickPickItem {
  readonly value?: T;
}

/** One of the items; `preselected` is the one that Enter takes. `undefined` when the user backs out. */
export function pick<T>(
  title: string,
  placeholder: string,
  items: readonly Choice<T>[],
  preselected?: Choice<T>,
): Promise<T | undefined> {
  const picker = vscode.window.createQuickPick<Choice<T>>();
  picker.title = title;
  picker.placeholder = placeholder;
  picker.matchOnDescription = true;
  picker.items = items;
  if (preselected) picker.activeItems = [preselected];
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      resolve(picker.activeItems[0]?.value);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

export function group<T>(label: string, items: readonly Choice<T>[]): Choice<T>[] {
  return items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}
