import { standardFault } from '../../dsl/errors.ts';

/**
 * A component written in place, or the one of that name under `use`. The deploy has checked the name, so that the fault
 * tells of a definition that came another way. Open Workflow DSL, "Use".
 */
export function reusable<Component extends object>(
  written: string | Component,
  defined: Readonly<Record<string, Component>> | undefined,
  what: string,
  instance: string,
): Component {
  if (typeof written !== 'string') return written;
  const component = defined !== undefined && Object.hasOwn(defined, written) ? defined[written] : undefined;
  if (component === undefined) throw standardFault('configuration', instance, `No ${what} named ${written}`);
  return component;
}
