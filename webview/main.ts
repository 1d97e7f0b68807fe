import 'katex/dist/katex.css';
import './styles.css';
// Style sheets cannot follow with the views that need them.
import './reference/reference.css';
import './views/compare/compare.css';
import './views/explain/explain.css';
import './views/history/history.css';
import { editor } from './host.ts';
import { panelView } from './panel.ts';
import { isChanged, Requests } from './requests.ts';

const requests = new Requests((message) => editor.postMessage(message));
const panel = panelView(document.getElementById('panel')!, requests, {
  read: () => editor.getState(),
  write: (state) => editor.setState(state),
});

window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (!requests.receive(data) && isChanged(data)) void panel.open();
});
window.addEventListener('pagehide', () => requests.dispose());
void panel.open();
