/** Choosing one of many, or some of them. */
import * as vscode from 'vscode';
import { plainInList } from './plain.ts';

/** What it says is shown as it stands. */
export interface Choice<T> extends Omit<vscode.QuickPickItem, 'iconPath' | 'buttons'> {
  /** In front of the label; one of VS Code's. */
  readonly icon?: string;
  readonly value?: T;
}

type Item<T> = vscode.QuickPickItem & { readonly choice: Choice<T> };

/** One of the items; `preselected` is the one that Enter takes. `undefined` when the user backs out. */
export function pick<T>(
  title: string,
  placeholder: string,
  choices: readonly Choice<T>[],
  preselected?: Choice<T>,
): Promise<T | undefined> {
  const picker = vscode.window.createQuickPick<Item<T>>();
  picker.title = title;
  picker.placeholder = placeholder;
  picker.matchOnDescription = true;
  picker.items = choices.map(itemOf);
  if (preselected) picker.activeItems = picker.items.filter(({ choice }) => choice === preselected);
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      resolve(picker.activeItems[0]?.choice.value);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

/** Those that the user ticks, of which `picked` are ticked at first; `undefined` when they back out. */
export async function pickSome<T>(
  title: string,
  placeholder: string,
  choices: readonly (Choice<T> & { readonly value: T })[],
): Promise<T[] | undefined> {
  const chosen = await vscode.window.showQuickPick(
    choices.map((choice) => ({ ...itemOf(choice), value: choice.value })),
    { title, placeHolder: placeholder, canPickMany: true, matchOnDescription: true, ignoreFocusOut: true },
  );
  return chosen?.map(({ value }) => value);
}

function itemOf<T>(choice: Choice<T>): Item<T> {
  const { icon, value: _, label, description, detail, ...rest } = choice;
  return {
    ...rest,
    label: `${icon === undefined ? '' : `$(${icon}) `}${plainInList(label)}`,
    ...(description !== undefined && { description: plainInList(description) }),
    ...(detail !== undefined && { detail: plainInList(detail) }),
    choice,
  };
}

export function group<T>(label: string, items: readonly Choice<T>[]): Choice<T>[] {
  return items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}
