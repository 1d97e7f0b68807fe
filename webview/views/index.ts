/** The views of the panel, in the order of their tabs. */
import type { ViewInfo } from './view.ts';

export const views: readonly ViewInfo[] = [
  {
    id: 'plots',
    title: 'Plots',
    load: async () => (await import('./plots/view.ts')).plotsTab,
  },
  {
    id: 'elements',
    title: 'Elements',
    ofElement: true,
    load: async () => (await import('./elements/view.ts')).elementsTab,
  },
  {
    id: 'reference',
    title: 'Reference',
    applies: ({ loss }) => loss !== undefined,
    load: async () => (await import('./reference/view.ts')).referenceTab,
  },
];
