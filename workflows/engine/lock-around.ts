/**
 * Where sites keep the lock around them: the tasks inside see it as `$task.lock`. No variable has such a name, so that no
 * expression names it and no `for` takes it.
 */
export const aroundLock = 'task.lock';
