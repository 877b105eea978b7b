import { serviceCallConformance } from './conformance.ts';

const url = process.env.PERDURE_TEST_ZOOKEEPER_URL ?? '';

serviceCallConformance('zookeeper', url);
