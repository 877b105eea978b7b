import { serviceCallConformance } from './conformance.ts';
import { definitionConformance } from './definition.ts';

const url = process.env.PERDURE_TEST_ETCD_URL ?? '';

serviceCallConformance('etcd', url);
definitionConformance('etcd', url);
