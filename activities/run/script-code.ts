import { standardFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { ProcessRequest } from '../../workflows/contract.ts';
import { endpointUrl } from '../http/endpoint.ts';
import { statusFault } from '../http/exchange.ts';
import type { CallEnvironment } from '../http/exchange.ts';
import { documentHeaders } from '../http/http-headers.ts';
import { sendFault } from '../http/send-fault.ts';
import type { PreparedCall } from '../prepare-call.ts';

/** Longest script that is fetched, in bytes. */
const maxScriptBytes = 1_000_000;

/** The script itself: `code`, or what the server of `source` answers. The address guard holds for it as for any call. */
export async function scriptCode(
  { arguments: described, authorization }: PreparedCall,
  { reference, timeoutMs }: ProcessRequest,
  { http, signal }: CallEnvironment,
): Promise<string> {
  const { code, source } = described;
  if (typeof code === 'string') return code;
  if (!isJsonObject(source)) {
    throw standardFault(
      'configuration',
      reference,
      'a script needs code, a text, or source, an external resource',
    );
  }
  const url = endpointUrl(source.endpoint, reference);
  const reply = await http
    .send({
      method: 'GET',
      url: url.href,
      headers: documentHeaders(authorization),
      timeoutMs,
      maxResponseBytes: maxScriptBytes,
      followRedirects: true,
      signal,
    })
    .catch((error: unknown) => {
      throw sendFault(error, reference);
    });
  if (reply.status !== 200) throw statusFault(reply, reference);
  return new TextDecoder().decode(reply.body);
}
