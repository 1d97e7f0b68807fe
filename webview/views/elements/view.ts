import type { Stage, View } from '../view.ts';
import { tableView } from './table.ts';

export function elementsTab(stage: Stage): View {
  return tableView((run, start, count) => stage.rows(run, start, count), stage.selection);
}
