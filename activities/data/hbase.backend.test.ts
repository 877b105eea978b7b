import { freshPlace } from '../../test/stores/fresh-place.ts';
import { bindingsConformance } from './bindings-conformance.ts';

bindingsConformance('HBase', {
  url: async () => (await freshPlace(process.env.PERDURE_TEST_HBASE_URL ?? '')).url,
});
