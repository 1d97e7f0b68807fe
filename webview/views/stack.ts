/** The tabs: which view is in front, and that only this one is kept up to date. */
import { t } from '@vscode/l10n';
import type { Outcome, PlotWanted } from '../../extension/panel/protocol.ts';
import { tabsControl } from '../controls/index.ts';
import { h } from '../dom.ts';
import { failureOf, failureView } from '../failure.ts';
import { loadLibraries } from '../libraries/index.ts';
import { views } from './index.ts';
import type { Stage, View, ViewInfo } from './view.ts';

export interface Stack {
  readonly element: HTMLElement;
  /** Until the view in front has what it needs of this outcome. */
  show(outcome: Outcome): Promise<void>;
  /** What the view in front wants of the next outcome. */
  wanted(): PlotWanted | undefined;
  /** Brings a view to the front. */
  open(id: string): void;
  dispose(): void;
}

/**
 * @param stageOf what each view stands on
 * @param first the tab to begin with, if there is one of that name
 * @param onTurn is told which view came to the front
 */
export function viewStack(
  stageOf: (view: ViewInfo) => Stage,
  offered: readonly ViewInfo[],
  first: string | undefined,
  onTurn: (id: string) => void,
): Stack {
  const contents = new Map(offered.map(({ id }) => [id, h('div', { class: 'view', 'data-view': id })]));
  const made = new Map<string, View>();
  let front = offered.some(({ id }) => id === first) ? first! : offered[0]!.id;
  let latest: Outcome | undefined;
  let disposed = false;

  const make = (info: ViewInfo): View => {
    const view = info.make(stageOf(info));
    contents.get(info.id)!.replaceChildren(view.element);
    made.set(info.id, view);
    return view;
  };
  const update = async (): Promise<void> => {
    const id = front;
    if (!latest) return;
    const info = offered.find((view) => view.id === id)!;
    try {
      if (info.draws) await loadLibraries();
    } catch (error) {
      contents.get(id)!.replaceChildren(failureView(failureOf(error), { retry: () => void update() }));
      return;
    }
    if (id === front && !disposed) await (made.get(id) ?? make(info)).show(latest);
  };

  const tabs = tabsControl({
    label: t('Views of this evaluation'),
    tabs: offered.map(({ id, title }) => ({ id, title, content: contents.get(id)! })),
    active: front,
    onChange(id) {
      front = id;
      onTurn(id);
      void update();
    },
  });
  return {
    element: tabs.element,
    open: tabs.activate,
    wanted: () => made.get(front)?.wanted?.(),
    show(outcome) {
      latest = outcome;
      return update();
    },
    dispose() {
      disposed = true;
      for (const view of made.values()) view.dispose?.();
    },
  };
}

/** Those that have something to say about what was opened. */
export const viewsFor = (opening: Stage['opening']): readonly ViewInfo[] =>
  views().filter(({ applies }) => applies?.(opening) ?? true);
