import type { RecordedSettings } from '../workflows/contract.ts';
import type { Settings } from './settings.ts';

/** What of the settings goes into each start: later changes hold for new executions only. */
export function recordedSettings({ limits, lifecycle }: Settings): RecordedSettings {
  const { maxAliases: _, ...execution } = limits;
  return lifecycle.length === 0 ? { limits: execution } : { limits: execution, lifecycle };
}
