import { serviceCallConformance } from './conformance.ts';

const url = process.env.PERDURE_TEST_CONSUL_URL ?? '';

serviceCallConformance('consul', url);
