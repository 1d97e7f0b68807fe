/** What works in the browser as it does elsewhere: the same suites, whose files are those of a virtual workspace. */
import './evaluate.restricted.host.ts';
import './modules.host.ts';
import './network.host.ts';
import './virtual.host.ts';
