#!/usr/bin/env node
/** What `loss-lens` runs. */
import { main } from './main.ts';

process.exitCode = await main(process.argv.slice(2), {
  print: (text) => process.stdout.write(`${text}\n`),
  note: (text) => process.stderr.write(`${text}\n`),
});
