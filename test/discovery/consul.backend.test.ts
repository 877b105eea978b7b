import { serviceCallConformance } from './conformance.ts';
import { definitionConformance } from './definition.ts';

const url = process.env.PERDURE_TEST_CONSUL_URL ?? '';

serviceCallConformance('consul', url);
definitionConformance('consul', url);
