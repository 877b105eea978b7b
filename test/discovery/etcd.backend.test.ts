import { serviceCallConformance } from './conformance.ts';

const url = process.env.PERDURE_TEST_ETCD_URL ?? '';

serviceCallConformance('etcd', url);
