import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { searchAttributes } from '../workflows/contract.ts';
import type { Startable } from './startable.ts';

const keys = {
  namespace: keyword(searchAttributes.namespace),
  definition: keyword(searchAttributes.definition),
  version: keyword(searchAttributes.version),
  status: keyword(searchAttributes.status),
};

/** The search attributes that lists filter by. TypeScript workflows have no namespace and no version. */
export function startAttributes({
  workflow,
  namespace,
  version,
}: Pick<Startable, 'workflow' | 'namespace' | 'version'>): TypedSearchAttributes {
  return new TypedSearchAttributes([
    { key: keys.definition, value: workflow },
    { key: keys.status, value: 'running' },
    ...(namespace === undefined ? [] : [{ key: keys.namespace, value: namespace }]),
    ...(version === undefined ? [] : [{ key: keys.version, value: version }]),
  ]);
}

function keyword(name: string) {
  return defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
}
