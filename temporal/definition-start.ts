import type { WorkflowStartOptions } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { asJson, jsonSize } from '../dsl/json.ts';
import type { Json } from '../dsl/json.ts';
import type { Definition, DocumentHeader } from '../dsl/types.ts';
import {
  definitionWorkflowType,
  maxArgumentBytes,
  memoKeys,
  searchAttributes,
} from '../workflows/contract.ts';
import type { RecordedSettings, StartArgument } from '../workflows/contract.ts';

/** An input that does not fit into a start beside its definition. */
export class InputTooLargeError extends Error {
  override readonly name = 'InputTooLargeError';
}

/**
 * The type and the options by which Temporal starts an execution of a definition, as the API's own starts have them.
 * Fails with an {@link InputTooLargeError}.
 */
export function definitionStart(
  definition: Definition,
  input: Json,
  recorded: RecordedSettings,
): {
  readonly type: string;
  readonly options: Pick<WorkflowStartOptions, 'args' | 'typedSearchAttributes' | 'memo'>;
} {
  const { namespace, name } = definition.document;
  const type = definitionWorkflowType(namespace, name);
  const start: StartArgument = { perdure: 1, type, definition, input, ...recorded };
  const size = jsonSize(asJson(start));
  if (size > maxArgumentBytes) {
    throw new InputTooLargeError(
      `The input of ${namespace}/${name} has ${size} bytes with its definition; a start takes ${maxArgumentBytes}`,
    );
  }
  return {
    type,
    options: {
      args: [start],
      typedSearchAttributes: attributesOf(definition.document),
      memo: { [memoKeys.workflow]: `${namespace}/${name}` },
    },
  };
}

function attributesOf({ namespace, name, version }: DocumentHeader): TypedSearchAttributes {
  const keyword = (attribute: string, value: string) => ({
    key: defineSearchAttributeKey(attribute, SearchAttributeType.KEYWORD),
    value,
  });
  return new TypedSearchAttributes([
    keyword(searchAttributes.namespace, namespace),
    keyword(searchAttributes.definition, `${namespace}/${name}`),
    keyword(searchAttributes.version, version),
    keyword(searchAttributes.status, 'running'),
  ]);
}
