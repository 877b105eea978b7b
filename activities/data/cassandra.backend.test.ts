import { freshPlace } from '../../test/stores/fresh-place.ts';
import { bindingsConformance } from './bindings-conformance.ts';

bindingsConformance('Cassandra', {
  url: async () => (await freshPlace(process.env.PERDURE_TEST_CASSANDRA_URL ?? '')).url,
});
