import type { RunnableKind } from './position.ts';
import type { Runner } from './runner.ts';
import { runCall } from './tasks/call.ts';
import { runDo } from './tasks/do.ts';
import { runEmit } from './tasks/emit.ts';
import { runFor } from './tasks/for.ts';
import { runFork } from './tasks/fork.ts';
import { runListen } from './tasks/listen.ts';
import { runRaise } from './tasks/raise.ts';
import { runRun } from './tasks/run.ts';
import { runSet } from './tasks/set.ts';
import { runSwitch } from './tasks/switch.ts';
import { runTry } from './tasks/try.ts';
import { runWait } from './tasks/wait.ts';

/** A task type without a runner is a type error. */
type Runners = { readonly [K in RunnableKind]: Runner<K> };

export const runners: Runners = {
  call: runCall,
  do: runDo,
  emit: runEmit,
  for: runFor,
  fork: runFork,
  listen: runListen,
  raise: runRaise,
  run: runRun,
  set: runSet,
  switch: runSwitch,
  try: runTry,
  wait: runWait,
};
