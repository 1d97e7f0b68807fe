/** Which array of a notebook was given to which input of a loss, from one evaluation to the next. */
import type * as vscode from 'vscode';
import type { ArrayOffer } from '../arrays/offer.ts';

export interface Memory {
  /** The names of the arrays, by input. */
  recall(loss: string): Readonly<Record<string, string>>;
  remember(loss: string, roles: ReadonlyMap<string, ArrayOffer>): void;
}

const key = 'lossLens.roles';
/** Notebooks; the one that was not evaluated for the longest time is forgotten. */
const most = 100;

type Remembered = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;

/** In the workspace's own storage. */
export function memoryOf({ workspaceState }: vscode.ExtensionContext, notebook: vscode.Uri): Memory {
  const all = () => workspaceState.get<Remembered>(key, {});
  const own = notebook.toString();
  return {
    recall: (loss) => all()[own]?.[loss] ?? {},
    remember(loss, roles) {
      const names = [...roles].flatMap(([input, { name }]) => (name === undefined ? [] : [[input, name]]));
      const { [own]: before, ...others } = all();
      const kept = Object.entries(others).slice(-(most - 1));
      void workspaceState.update(
        key,
        Object.fromEntries([...kept, [own, { ...before, [loss]: Object.fromEntries(names) }]]),
      );
    },
  };
}
