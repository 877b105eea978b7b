import type { HttpReply, HttpRequest, HttpSender } from '../../network/http-sender.ts';
import { originOf } from '../../network/http-url.ts';
import { authorizationHeader } from './authorization.ts';
import type { Authorization } from './authorization.ts';

/**
 * Sends a request with its authorization. A 401 is answered once more where the policy has something else to offer: the
 * response to a digest challenge, or a new token. The time of all requests together is the request's. Rejects as `send`
 * does, and with the faults of the policy.
 */
export function sendAuthorized(
  http: HttpSender,
  request: HttpRequest,
  authorization: Authorization | undefined,
): Promise<HttpReply> {
  return exchangeAuthorized((next) => http.send(next), request, authorization);
}

type ReplyHead = Omit<HttpReply, 'body'>;

/** The same for replies of another form, such as streams. */
export async function exchangeAuthorized<Reply extends ReplyHead>(
  send: (request: HttpRequest) => Promise<Reply>,
  request: HttpRequest,
  authorization: Authorization | undefined,
): Promise<Reply> {
  const until = Date.now() + request.timeoutMs;
  let current = authorization;
  let next = request;
  for (;;) {
    const reply = await send({ ...next, headers: { ...next.headers, ...authorizationHeader(current) } });
    const url = new URL(reply.url);
    // A redirect may have led to somebody else, whose questions get no answer.
    const isOurs = originOf(url) === originOf(new URL(next.url));
    if (reply.status !== 401 || !isOurs || current?.afterRefusal === undefined) return reply;
    next = asAnswered(next, reply);
    const { method, body } = next;
    const challenge = reply.headers['www-authenticate'];
    current = await current.afterRefusal({ method, url, body, challenge });
    if (current === undefined) return reply;
    next = { ...next, timeoutMs: Math.max(1, until - Date.now()) };
  }
}

/** The request that the reply belongs to: the last one after redirects, which may have dropped the body. */
function asAnswered(request: HttpRequest, { method, url }: ReplyHead): HttpRequest {
  if (method === request.method) return { ...request, url };
  const headers = Object.entries(request.headers).filter(
    ([name]) => !name.toLowerCase().startsWith('content-'),
  );
  return { ...request, method, url, headers: Object.fromEntries(headers), body: undefined };
}
