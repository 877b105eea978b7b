import type { CompensationRun } from '../../contract.ts';
import { firstThatFit, shorten } from '../status-size.ts';
import { inUndoOrder, type CompensationEntry, type CompensationFrame } from './registry.ts';

const maxListed = 200;

// Where not all can be listed, these are the first to be.
const states = ['failed', 'running', 'registered', 'completed'] as const;

/**
 * What the status tells of the tasks that can be undone, in the order in which that is done, and how many it leaves out.
 * The list has at most so many bytes of JSON.
 */
export function reportCompensations(
  frame: CompensationFrame,
  maxBytes: number,
): { readonly compensations: readonly CompensationRun[]; readonly omittedCompensations: number } {
  const all = inUndoOrder(frame).map(compensationRun);
  const places = new Map(all.map((run, place) => [run, place]));
  const byWeight = states.flatMap((state) => all.filter(({ status }) => status === state));
  const listed = firstThatFit(byWeight.slice(0, maxListed), maxBytes);
  return {
    compensations: listed.toSorted((left, right) => (places.get(left) ?? 0) - (places.get(right) ?? 0)),
    omittedCompensations: all.length - listed.length,
  };
}

function compensationRun({ reference, name, undo }: CompensationEntry): CompensationRun {
  return {
    reference: shorten(reference, 4_000),
    name: shorten(name, 1_000),
    status: undo?.state ?? 'registered',
    ...(undo?.error === undefined ? {} : { error: undo.error }),
  };
}
