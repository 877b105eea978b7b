/** The workflows written in TypeScript: their names, inputs and input schemas. */
import type { JsonObject } from '../../dsl/json.ts';

/** What the API tells of a workflow written in TypeScript, and checks its input against (JSON Schema 2020-12). */
export interface TypescriptWorkflow {
  readonly title: string;
  readonly summary: string;
  readonly inputSchema: JsonObject;
}

/** Names of the order saga: its workflow type and its query. */
export const orderSagaNames = { workflow: 'orderSaga', progressQuery: 'progress' } as const;

export interface OrderSagaInput {
  readonly orderId: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  readonly payment: { readonly amount: number; readonly currency: string; readonly card: string };
  readonly shipTo: { readonly name: string; readonly city: string; readonly country: string };
}

/** Names of the approval. Signal and update share a name: Temporal keeps the two apart, and people need only one. */
export const approvalNames = {
  workflow: 'approval',
  decideSignal: 'decide',
  decideUpdate: 'decide',
  stateQuery: 'state',
} as const;

export interface ApprovalInput {
  readonly subject: string;
  readonly requestedBy: string;
  readonly approvers: readonly string[];
  /** Approvals that are needed, 1 unless told; one rejection rejects. */
  readonly needed?: number;
  readonly deadlineSeconds: number;
  readonly remindEverySeconds: number;
}

/** Argument of the signal and of the update `decide`. A signal that repeats an `id` counts once. */
export interface ApprovalDecision {
  readonly id: string;
  readonly who: string;
  readonly verdict: 'approve' | 'reject';
  readonly comment?: string;
}

const text: JsonObject = { type: 'string', minLength: 1, maxLength: 200 };
const seconds: JsonObject = { type: 'integer', minimum: 1, maximum: 31_536_000 };

function closedObject(properties: JsonObject, optional: readonly string[] = []): JsonObject {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

/** The TypeScript workflows that can be started, by workflow type. No name contains a dot. */
export const typescriptWorkflows: Readonly<Record<string, TypescriptWorkflow>> = {
  [orderSagaNames.workflow]: {
    title: 'Order saga',
    summary:
      'Reserves stock, charges the payment and creates the shipment; undoes what was done if a step fails.',
    inputSchema: closedObject({
      orderId: text,
      items: {
        type: 'array',
        minItems: 1,
        maxItems: 100,
        items: closedObject({ sku: text, quantity: { type: 'integer', minimum: 1, maximum: 1_000 } }),
      },
      payment: closedObject({
        amount: { type: 'number', exclusiveMinimum: 0 },
        currency: { type: 'string', pattern: '^[A-Z]{3}$' },
        card: text,
      }),
      shipTo: closedObject({ name: text, city: text, country: { type: 'string', pattern: '^[A-Z]{2}$' } }),
    }),
  },
  [approvalNames.workflow]: {
    title: 'Approval',
    summary: 'Waits for decisions by signal or update, reminds the approvers, and expires at its deadline.',
    inputSchema: closedObject(
      {
        subject: text,
        requestedBy: text,
        approvers: { type: 'array', minItems: 1, maxItems: 50, uniqueItems: true, items: text },
        needed: { type: 'integer', minimum: 1, maximum: 50 },
        deadlineSeconds: seconds,
        remindEverySeconds: seconds,
      },
      ['needed'],
    ),
  },
};
