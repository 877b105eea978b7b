import { serviceCallConformance } from './conformance.ts';
import { definitionConformance } from './definition.ts';

const url = process.env.PERDURE_TEST_ZOOKEEPER_URL ?? '';

serviceCallConformance('zookeeper', url);
definitionConformance('zookeeper', url);
