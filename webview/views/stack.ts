/** The tabs: which view is in front, and that only this one is kept up to date. */
import { t } from '@vscode/l10n';
import type { Outcome, PlotWanted } from '../../extension/panel/protocol.ts';
import { tabsControl } from '../controls/index.ts';
import { h } from '../dom.ts';
import { failureOf, failureView } from '../failure.ts';
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
  const loaded = new Map<string, Promise<View>>();
  const there = new Map<string, View>();
  let front = offered.some(({ id }) => id === first) ? first! : offered[0]!.id;
  let latest: Outcome | undefined;
  let disposed = false;

  const load = (id: string): Promise<View> => {
    const known = loaded.get(id);
    if (known) return known;
    const info = offered.find((view) => view.id === id)!;
    const loading = fetched(info).then((make) => {
      const view = make(stageOf(info));
      contents.get(id)!.replaceChildren(view.element);
      there.set(id, view);
      return view;
    });
    loaded.set(id, loading);
    loading.catch((error) => {
      loaded.delete(id);
      const retry = (): void => void update();
      contents.get(id)!.replaceChildren(failureView(failureOf(error), { retry }));
    });
    return loading;
  };
  const update = async (): Promise<void> => {
    const id = front;
    if (!latest) return;
    const view = await load(id).catch(() => undefined);
    if (view && id === front && !disposed) await view.show(latest);
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
    wanted: () => there.get(front)?.wanted?.(),
    show(outcome) {
      latest = outcome;
      return update();
    },
    dispose() {
      disposed = true;
      for (const view of loaded.values()) view.then(({ dispose }) => dispose?.()).catch(() => undefined);
    },
  };
}

/** What a page loads comes by VS Code's service worker, which at times loses a request; asked again it answers. */
async function fetched(info: ViewInfo): ReturnType<ViewInfo['load']> {
  try {
    return await info.load();
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 250));
    return info.load();
  }
}

/** Those that have something to say about what was opened. */
export const viewsFor = (opening: Stage['opening']): readonly ViewInfo[] =>
  views().filter(({ applies }) => applies?.(opening) ?? true);
