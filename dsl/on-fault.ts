/** What an execution does when it faults, an extension of Perdure's: `document.metadata.onFault`. */
import type { Definition } from './types.ts';

/** `hold` keeps the execution open for a person to decide, `fail` ends it. */
export const faultReactions = ['hold', 'fail'] as const;

export type FaultReaction = (typeof faultReactions)[number];

/** What the definition asks for; undefined where it says nothing, and where older definitions kept something else there. */
export function onFaultOf({ document }: Definition): FaultReaction | undefined {
  return faultReactions.find((reaction) => reaction === document.metadata?.onFault);
}
