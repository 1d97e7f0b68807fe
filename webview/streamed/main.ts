import '../styles.css';
import './streamed.css';
import type { StreamedExchanges } from '../../extension/streamed/protocol.ts';
import { failureOf, failureView } from '../failure.ts';
import { editor } from '../host.ts';
import { loadLibraries } from '../libraries/index.ts';
import { Requests } from '../requests.ts';
import { kept, pageView, toKeep } from './page.ts';

const requests = new Requests<StreamedExchanges>((message) => editor.postMessage(message));
window.addEventListener('message', ({ data }) => requests.receive(data));
window.addEventListener('pagehide', () => requests.dispose());

const root = document.getElementById('panel')!;

async function open(): Promise<void> {
  try {
    const [opened] = await Promise.all([requests.ask('open', {}), loadLibraries()]);
    const shown = opened.shown ?? kept(editor.getState());
    editor.setState(toKeep(shown));
    root.replaceChildren(...pageView(shown));
  } catch (error) {
    root.replaceChildren(failureView(failureOf(error), { retry: () => void open() }));
  } finally {
    root.removeAttribute('aria-busy');
  }
}

void open();
