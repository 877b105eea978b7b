/**
 * The workflows that workers run. Temporal hands every workflow type that has no export of its own to the default
 * export: the interpreter, which runs deployed definitions.
 */
export { interpret as default } from './engine/interpreter.ts';
export { afterCompletion } from './after-completion.ts';
export { approval } from './approval.ts';
export { detachedProcess } from './detached-process.ts';
export { eventTrigger } from './event-trigger.ts';
export { perdureLock } from './locks/lock.ts';
export { orderSaga } from './order-saga.ts';
