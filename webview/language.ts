/** What this page says is in the language that the editor has given it with the page. Injected first into whatever a page loads, by esbuild.mjs. */
import { config } from '@vscode/l10n';

const words = document.getElementById('words')?.textContent;
if (words) config({ contents: words });
