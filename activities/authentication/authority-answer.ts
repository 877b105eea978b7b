import { isJsonObject } from '../../dsl/json.ts';
import type { JsonObject } from '../../dsl/json.ts';
import type { HttpReply } from '../../network/http-sender.ts';

/** Answers of an authority are small; those with many groups in a token are the largest. */
export const maxAnswerBytes = 256 * 1024;

/** How long an authority may take for one request, in milliseconds. */
export const requestTimeoutMs = 30_000;

/** The JSON object in an authority's answer, whatever its media type says. */
export function answerObject({ body }: HttpReply): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
