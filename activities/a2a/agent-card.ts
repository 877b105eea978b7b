import type { HttpSender } from '../../network/http-sender.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { createDocuments, fetchDocument } from '../http/documents.ts';
import type { Documents } from '../http/documents.ts';

/** Thrown for an agent card that cannot be used; the message says what is wrong with it. */
export class AgentCardError extends Error {
  override readonly name = 'AgentCardError';
}

/** Where an agent takes JSON-RPC, as its card says. */
export interface Agent {
  readonly url: URL;
}

/** Agents by the URLs of their cards. Their `fetch` rejects with an {@link AgentCardError} for what is no card. */
export type AgentCards = Documents<Agent>;

/** Agent cards fetched through the guarded sender. */
export function createAgentCards(http: HttpSender): AgentCards {
  return createDocuments(async (url, authorization) => {
    const { text, url: from } = await fetchDocument(http, url, authorization);
    return { url: jsonRpcUrl(cardOf(text), from) };
  });
}

function cardOf(text: string): JsonObject {
  let card: unknown;
  try {
    card = JSON.parse(text);
  } catch (error) {
    throw new AgentCardError('it is not JSON', { cause: error });
  }
  if (isJsonObject(card)) return card;
  throw new AgentCardError('it is not an object');
}

const jsonRpc = 'JSONRPC';

/** The main interface where it speaks JSON-RPC, as it does unless the card says otherwise, or another one that does. */
function jsonRpcUrl(card: JsonObject, from: URL): URL {
  const others = Array.isArray(card.additionalInterfaces)
    ? (card.additionalInterfaces as readonly Json[])
    : [];
  const main: JsonObject = { url: card.url ?? null, transport: card.preferredTransport ?? jsonRpc };
  for (const offered of [main, ...others]) {
    if (!isJsonObject(offered) || offered.transport !== jsonRpc || typeof offered.url !== 'string') continue;
    if (URL.canParse(offered.url, from.href)) return new URL(offered.url, from);
  }
  throw new AgentCardError('it names no URL where the agent takes JSON-RPC as A2A 0.3 has it');
}
