import 'katex/dist/katex.css';
import '../styles.css';
import './reference.css';
import type { ReferenceExchanges } from '../../extension/reference/protocol.ts';
import { editor } from '../host.ts';
import { isChanged, Requests } from '../requests.ts';
import { type Place, readerView } from './reader.ts';

const requests = new Requests<ReferenceExchanges>((message) => editor.postMessage(message));
const reader = readerView(document.getElementById('panel')!, requests, (places) => editor.setState(places));

window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (!requests.receive(data) && isChanged(data)) void reader.open();
});
window.addEventListener('pagehide', () => requests.dispose());
void reader.open(editor.getState() as Place | undefined);
