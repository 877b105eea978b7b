import type { Command } from 'commander';
import { apiClient, printJson, withCommonOptions } from '../context.ts';
import type { CliContext, CommonOptions } from '../context.ts';
import { countUpTo } from '../count-argument.ts';
import { lockText } from '../lock-text.ts';
import { formatTable } from '../table.ts';

/** `locks ls` and `locks show`. */
export function addLockCommands(program: Command, context: CliContext): void {
  const { terminal } = context;
  const locks = program.command('locks').description('see who holds which lock, and who waits for it');

  withCommonOptions(locks.command('ls', { isDefault: true }).alias('list'))
    .description('list the locks that are held or waited for')
    .option('--limit <n>', 'at most so many, up to 10000', countUpTo(10_000), 100)
    .addHelpText(
      'after',
      `
Example:
  $ perdure locks ls`,
    )
    .action(async ({ limit, ...options }: CommonOptions & { readonly limit: number }) => {
      const found = await apiClient(context, options).locks(limit);
      if (options.json) return printJson(terminal, found);
      const rows = found.map(({ key, execution, token, since, waiting }) => [
        key,
        execution ?? '',
        token ?? '',
        since ?? '',
        String(waiting),
      ]);
      terminal.out(formatTable(['KEY', 'EXECUTION', 'TOKEN', 'SINCE', 'WAITING'], rows));
    });

  withCommonOptions(locks.command('show').argument('<key>', 'key of the lock'))
    .description('show one with its queue')
    .addHelpText(
      'after',
      `
Example:
  $ perdure locks show stock/A-17`,
    )
    .action(async (key: string, options: CommonOptions) => {
      const lock = await apiClient(context, options).lock(key);
      if (options.json) printJson(terminal, lock);
      else terminal.out(lockText(lock));
    });
}
