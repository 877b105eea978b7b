import type { ApiDependencies } from './dependencies.ts';
import { cancelRoute } from './operations/cancel.ts';
import { migrateRoute } from './operations/migrate.ts';
import { retryRoute } from './operations/retry.ts';
import { suspendRoutes } from './operations/suspend.ts';
import { terminateRoute } from './operations/terminate.ts';
import type { Route } from './route.ts';

/** What a person does to an execution. With `?dryRun=true` each says what would happen and changes nothing. */
export function operationRoutes(dependencies: ApiDependencies): Route[] {
  return [
    ...suspendRoutes(dependencies),
    retryRoute(dependencies),
    migrateRoute(dependencies),
    cancelRoute(dependencies),
    terminateRoute(dependencies),
  ];
}
