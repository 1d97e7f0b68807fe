/**
 * Measures and prints; `--save` also puts the sections that were measured into docs/BENCHMARKS.md. Nothing here passes
 * or fails.
 * npm run bench [-- --only SECTION,SECTION] [--loss TEXT] [--rounds N] [--peers eager,compile,jax,tfjs,jax-js] [--save]
 * A section is named by its key below or a part of its title; a loss by a part of its.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { dispose } from '../../engine/node.ts';
import { accuracyAndMemory } from './accuracy.ts';
import { matching } from './cases.ts';
import { editor } from './editor.ts';
import { largeFiles } from './files.ts';
import { firstRuns } from './first-run.ts';
import { framesPerSecond } from './frames.ts';
import { fromKernel } from './kernel.ts';
import { compareLosses } from './losses.ts';
import { mathematics } from './math.ts';
import { slidersPerSecond } from './panel.ts';
import { parsing } from './parse.ts';
import { type Peer, Peers, peerNames } from './peers.ts';
import { take, write } from './report.ts';
import { autoBesideOthers, timeBySize } from './sizes.ts';
import { compareWithMemory } from './triad.ts';

const project = path.resolve(import.meta.dirname, '..', '..');
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    loss: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    peers: { type: 'string', default: Object.keys(peerNames).join() },
    save: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const threads = os.availableParallelism();
const chosen = matching(values.loss);

const sections: Record<string, { title: string; run(): Promise<void> | void }> = {
  losses: { title: 'Value and gradient, data resident', run: losses },
  triad: { title: 'Beside the memory', run: () => compareWithMemory(chosen, threads, rounds) },
  sizes: { title: 'Time by size', run: timeBySize },
  auto: { title: 'What auto chooses', run: () => autoBesideOthers(rounds) },
  first: { title: 'The first evaluation of a process', run: () => firstRuns(rounds) },
  accuracy: { title: 'Accuracy and memory', run: () => accuracyAndMemory(chosen) },
  parse: { title: 'Reading arrays', run: () => parsing(rounds) },
  files: { title: 'Files larger than memory', run: () => largeFiles(rounds) },
  kernel: { title: 'From a kernel', run: () => fromKernel(rounds) },
  math: { title: 'Functions of the wasm backend', run: mathematics },
  panel: { title: 'Sliders of the panel', run: sliders },
  editor: { title: 'In VS Code', run: () => editor(project) },
};
const wanted = values.only
  ? [...new Set(values.only.split(',').flatMap(sectionsCalled))]
  : Object.keys(sections);
if (values.save && values.loss) throw new Error('--save keeps whole sections: it does not go with --loss.');

write('# Benchmarks');
write();
write(
  'Printed by `npm run bench`; this file is what `npm run bench -- --save` wrote. What is compared is measured in turns, block by block, so that a machine that drifts drifts for all. A ratio is theirs / ours of one round: the median of the rounds, the lowest and highest in brackets, and after the semicolon the fastest run of all against the fastest run of all. Above 1 we are ahead.',
);
write();
write(await machine());
const head = take();
const measured = new Map<string, string>();
for (const name of wanted) {
  const { title, run } = sections[name]!;
  write();
  write(`## ${title}`);
  write();
  write(moment());
  write();
  await run();
  measured.set(title, take());
}
dispose();
if (values.save) await save();

function sectionsCalled(name: string): string[] {
  const text = name.trim().toLowerCase();
  const called = Object.keys(sections).filter(
    (key) => key === text || sections[key]!.title.toLowerCase().includes(text),
  );
  if (called.length > 0) return called;
  throw new Error(`No section is called ${name}; there are ${Object.keys(sections).join(', ')}.`);
}

/** Sections that were not measured now stay as they are, as long as they are of this machine and these versions. */
async function save(): Promise<void> {
  const file = path.join(project, 'docs', 'BENCHMARKS.md');
  const [before, ...kept] = existsSync(file) ? (await readFile(file, 'utf8')).trim().split(/\n+(?=## )/) : [];
  const isSame = before === head;
  const texts = Object.values(sections).flatMap(({ title }) => {
    const old = isSame ? kept.find((text) => text.startsWith(`## ${title}\n`)) : undefined;
    return measured.get(title) ?? old ?? [];
  });
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${[head, ...texts].join('\n\n')}\n`);
}

/** When a section was measured, and how busy the machine was: on a shared one, fastest runs and ratios tell more than medians. */
function moment(): string {
  const load = os.loadavg()[0]!;
  return `${new Date().toISOString().slice(0, 10)}; ${load.toFixed(1)} processes wanted one of ${threads} cores as this began.`;
}

async function sliders(): Promise<void> {
  await slidersPerSecond();
  await framesPerSecond(project);
}

async function losses(): Promise<void> {
  const peers = await Peers.start(project, values.peers.split(',') as Peer[], threads);
  try {
    const told = Object.entries(await peers.versions()).map(
      ([peer, version]) => `${peerNames[peer as Peer]} ${version}`,
    );
    write(
      `float32, ${threads} threads, 10 000 000 elements where no size is given; median / fastest of all runs. ${told.join(', ') || 'No peer was found'}. The peers make new gradients each time, as they do in training; ours are views of the engine's memory. JAX decides on its threads itself. Values and gradients were compared before anything was timed.`,
    );
    await compareLosses(chosen, { peers, rounds });
  } finally {
    await peers.stop();
  }
}

async function machine(): Promise<string> {
  const cpu = os.cpus()[0]!;
  const { version } = JSON.parse(await readFile(path.join(project, 'package.json'), 'utf8')) as {
    version: string;
  };
  const gigabytes = Math.round(os.totalmem() / 2 ** 30);
  return [
    `- Machine: ${cpu.model.trim()}, ${threads} cores, ${gigabytes} GiB, ${os.type()} ${os.arch()}`,
    `- Loss Lens ${version}, Node ${process.versions.node} (V8 ${process.versions.v8})`,
  ].join('\n');
}
