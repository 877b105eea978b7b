#!/usr/bin/env node
// The launcher. Written for old versions of Node, so that one of them can say what is needed instead of a syntax error.
import { spawn, spawnSync } from 'child_process';
import { existsSync } from 'fs';
import { dirname, join } from 'path';
import { fileURLToPath } from 'url';

const neededMajor = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);

if (majorOf(process.version) < neededMajor) restartOnNewerNode();
else if (args[0] === 'start' && args.indexOf('--watch') > 0) restartOnChange();
else run();

/** `start`, `replay` and `bundle` need the service's own code; every other command is one of the command line's own. */
function run() {
  // Under --watch, Node has worker threads report what they load to their parent; the Temporal SDK takes such a report
  // for a message of its own and fails. The watched paths are given outright, so nothing is lost.
  delete process.env.WATCH_REPORT_DEPENDENCIES;
  const ownCode = ['start', 'replay', 'bundle'].indexOf(args[0]) >= 0;
  const asksForHelp = args.indexOf('--help') > 0 || args.indexOf('-h') > 0;
  const program = ownCode && !asksForHelp ? '../main.ts' : './index.ts';
  import(program)
    .then((module) =>
      ownCode && !asksForHelp ? module.main(args) : module.main(args, undefined, undefined, root),
    )
    .then(
      (code) => process.exit(code),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
}

/** `npm ci` brings a Node of its own, which npm scripts find first on PATH; this is for every other way to come here. */
function restartOnNewerNode() {
  const own = join(root, 'node_modules', '.bin', 'node');
  const version = existsSync(own) ? String(spawnSync(own, ['--version']).stdout || '').trim() : '';
  if (majorOf(version) >= neededMajor) return passOnTo(own, [process.argv[1], ...args]);
  console.error(
    `perdure: Node ${neededMajor} or newer is needed, and this is ${process.version}. ` +
      `Run \`npm ci\` in ${root}: it brings a Node of its own. Or install one from https://nodejs.org.`,
  );
  process.exit(1);
}

/** Node restarts the program whenever a source, an example or the configuration changes. */
function restartOnChange() {
  const sources = [
    'main.ts',
    'temporal-config.yaml',
    'activities',
    'api',
    'backends',
    'config',
    'dsl',
    'examples',
  ];
  const watched = [...sources, 'temporal', 'workers', 'workflows']
    .map((path) => join(root, path))
    .filter(existsSync);
  const rest = args.filter((argument) => argument !== '--watch');
  const flags = ['--watch-preserve-output', ...watched.map((path) => `--watch-path=${path}`)];
  passOnTo(process.execPath, [...flags, process.argv[1], ...rest]);
}

/** Runs a child in this process's place: signals go to it, and its end is this one's. */
function passOnTo(command, commandArgs) {
  const child = spawn(command, commandArgs, { stdio: 'inherit' });
  // A Ctrl-C at a terminal reaches the child by itself; this process only has to outlive it.
  process.on('SIGINT', () => undefined);
  ['SIGTERM', 'SIGHUP'].forEach((signal) => process.on(signal, () => child.kill(signal)));
  child.on('error', (error) => {
    console.error(`perdure: ${command} cannot be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) =>
    process.exit(code === null ? 128 + (signal === 'SIGINT' ? 2 : 15) : code),
  );
}

function majorOf(version) {
  return Number((/^v(\d+)/.exec(version) || [])[1] || 0);
}
