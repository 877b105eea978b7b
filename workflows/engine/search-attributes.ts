import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import type { DocumentHeader } from '../../dsl/types.ts';
import { searchAttributes } from '../contract.ts';

export const statusAttribute = defineSearchAttributeKey(searchAttributes.status, 'KEYWORD');
export const versionAttribute = defineSearchAttributeKey(searchAttributes.version, 'KEYWORD');
export const errorTypeAttribute = defineSearchAttributeKey(searchAttributes.errorType, 'KEYWORD');

/** The attributes that an execution of a definition starts with. */
export function attributesOf(document: DocumentHeader): TypedSearchAttributes {
  const { namespace, name, version } = document;
  return new TypedSearchAttributes([
    { key: defineSearchAttributeKey(searchAttributes.namespace, 'KEYWORD'), value: namespace },
    { key: defineSearchAttributeKey(searchAttributes.definition, 'KEYWORD'), value: `${namespace}/${name}` },
    { key: versionAttribute, value: version },
    { key: statusAttribute, value: 'running' },
  ]);
}
