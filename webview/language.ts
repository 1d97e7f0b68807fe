/** What this page says is in the language that the editor has given it with the page. First of what a page imports. */
import { config } from '@vscode/l10n';

const words = document.getElementById('words')?.textContent;
if (words) config({ contents: words });
