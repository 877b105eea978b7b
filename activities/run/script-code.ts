import { standardFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { ProcessRequest } from '../../workflows/contract.ts';
import { sendAuthorized } from '../authentication/send-authorized.ts';
import { endpointUrl } from '../http/endpoint.ts';
import { statusFault } from '../http/exchange.ts';
import type { CallEnvironment } from '../http/exchange.ts';
import { documentHeaders } from '../http/http-headers.ts';
import type { HttpRequest } from '../../network/http-sender.ts';
import { sendFault } from '../http/send-fault.ts';
import type { PreparedCall } from '../prepare-call.ts';

/** Longest script that is fetched, in bytes. */
const maxScriptBytes = 1_000_000;

/** The script itself: `code`, or what the server of `source` answers. The address guard holds for it as for any call. */
export async function scriptCode(
  call: PreparedCall,
  { reference }: ProcessRequest,
  { http, signal }: CallEnvironment,
): Promise<string> {
  const { code, source } = call.arguments;
  if (typeof code === 'string') return code;
  if (!isJsonObject(source)) {
    throw standardFault(
      'configuration',
      reference,
      'a script needs code, a text, or source, an external resource',
    );
  }
  const url = endpointUrl(source.endpoint, reference);
  const request: HttpRequest = {
    method: 'GET',
    url: url.href,
    headers: documentHeaders,
    timeoutMs: call.remainingMs(),
    maxResponseBytes: maxScriptBytes,
    followRedirects: true,
    signal,
  };
  const reply = await sendAuthorized(http, request, call.authorization).catch((error: unknown) => {
    throw sendFault(error, reference);
  });
  if (reply.status !== 200) throw statusFault(reply, reference, call.authorization);
  return new TextDecoder().decode(reply.body);
}
