/** What works in the browser as it does elsewhere: the same suites, whose files are those of a virtual workspace. */
import './checks.host.ts';
import './completion.host.ts';
import './evaluate.host.ts';
import './modules.host.ts';
import './network.host.ts';
import './notebook.host.ts';
import './reference.host.ts';
import './virtual.host.ts';
