/** The command line: `loss-lens COMMAND …`. What a command does is in the file of its name. */
import { LossLensError } from '../errors.ts';
import { dispose } from '../node.ts';
import { checkCommand } from './check.ts';
import { type Command, exit, type Output, UsageError } from './command.ts';
import { evalCommand } from './eval.ts';
import { explainCommand } from './explain.ts';
import { listCommand } from './list.ts';
import { manifest } from './package-files.ts';

const commands: readonly Command[] = [evalCommand, explainCommand, listCommand, checkCommand];

/** @returns the exit code */
export async function main(words: readonly string[], output: Output): Promise<number> {
  const [name, ...rest] = words;
  if (name === '--version') {
    output.print((await manifest()).version);
    return exit.done;
  }
  if (name === undefined || name === '--help' || name === 'help') {
    output.print(overview());
    return name === undefined ? exit.misused : exit.done;
  }
  const command = commands.find((each) => each.name === name);
  if (!command) {
    const known = commands.map((each) => each.name).join(', ');
    output.note(`loss-lens: there is no command '${name}'. Expected: ${known}, or --help.`);
    return exit.misused;
  }
  if (rest[0] === '--help') {
    output.print(`loss-lens ${command.name} ${command.usage}\n\n${command.help}`);
    return exit.done;
  }
  try {
    return await command.run(rest, output);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof LossLensError)) throw error;
    output.note(`loss-lens ${name}: ${error.message}`);
    if (error instanceof LossLensError) return exit.refused;
    output.note(`'loss-lens ${name} --help' says more.`);
    return exit.misused;
  } finally {
    dispose();
  }
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  loss-lens ${name.padEnd(width)}  ${summary}`);
  return [
    'What a loss computes on your data, and what gradient it sends back. Everything happens on this machine.',
    '',
    ...lines,
    '',
    "'loss-lens COMMAND --help' says more; --version says which this is.",
  ].join('\n');
}
