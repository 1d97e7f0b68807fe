#!/usr/bin/env node
/** What `loss-lens` runs. */
import { exit } from './command.ts';
import { main } from './main.ts';

// Whoever reads has seen enough: `loss-lens list | head`.
process.stdout.on('error', () => process.exit());
try {
  process.exitCode = await main(process.argv.slice(2), {
    print: (text) => process.stdout.write(`${text}\n`),
    note: (text) => process.stderr.write(`${text}\n`),
  });
} catch (error) {
  console.error(
    'loss-lens failed, which is a mistake of its own. Please report it with what you have typed.',
  );
  console.error(error);
  process.exitCode = exit.failed;
}
