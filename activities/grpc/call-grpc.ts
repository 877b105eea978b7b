import { status } from '@grpc/grpc-js';
import { standardFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { GrpcArguments } from '../../dsl/types.ts';
import type { CallRequest } from '../../workflows/contract.ts';
import type { Authorization } from '../authentication/authorization.ts';
import type { CallEnvironment } from '../http/exchange.ts';
import { sendFault } from '../http/send-fault.ts';
import { tooLarge } from '../output-size.ts';
import { prepareCall } from '../prepare-call.ts';
import type { CallSecrets } from '../secrets/secrets.ts';
import { declaredMethod, protoPolicy } from './declared-method.ts';
import type { GrpcMethod } from './find-method.ts';
import { openGrpcClient } from './grpc-client.ts';
import { grpcFault, isServiceError } from './grpc-fault.ts';
import { decodeMessage, encodeMessage, GrpcArgumentError } from './grpc-messages.ts';
import { grpcMetadata } from './grpc-metadata.ts';
import { defaultGrpcPort, usesTls } from './grpc-settings.ts';
import type { GrpcSettings, GrpcTarget } from './grpc-settings.ts';
import type { Protos } from './protos.ts';
import { sendGrpc } from './send-grpc.ts';

/** What gRPC calls need of the worker. */
export interface GrpcCalls {
  readonly protos: Protos;
  readonly settings: GrpcSettings;
}

/**
 * `call: grpc`: calls a method that a proto file declares, and gives its message; of a method that gives a stream, the
 * list of them ("gRPC Call"). A status other than OK is a fault.
 */
export async function callGrpc(
  request: CallRequest<GrpcArguments>,
  secrets: CallSecrets,
  { protos, settings }: GrpcCalls,
  environment: CallEnvironment,
): Promise<Json> {
  const { reference, idempotencyKey, maxResponseBytes } = request;
  const { redactor, signal, http } = environment;
  const call = await prepareCall(request, {
    secrets,
    environment,
    policies: ['/service/authentication', protoPolicy],
  });
  const target = targetOf(call.arguments, reference);
  const method = await declaredMethod(call, reference, protos, signal);
  const label = `${method.path.slice(1)} of ${target.host}:${target.port}`;
  const messages = encoded(method, call.arguments.arguments, label, reference);

  const send = async (authorization: Authorization | undefined): Promise<Json[]> => {
    const metadata = grpcMetadata(idempotencyKey, authorization, reference);
    const client = await openGrpcClient(target, {
      guard: http.guard,
      tls: usesTls(target, settings),
      patience: { timeoutMs: call.remainingMs(), signal },
      maxMessageBytes: maxResponseBytes,
    });
    let size = 2;
    const accept = (message: Json): void => {
      size += Buffer.byteLength(JSON.stringify(message)) + 1;
      if (size <= maxResponseBytes) return;
      throw tooLarge(`${label} answered with more than ${maxResponseBytes} bytes as JSON`, reference);
    };
    const decode = (bytes: Uint8Array): Json => decodeMessage(method.response, bytes);
    const timeoutMs = call.remainingMs();
    try {
      const { path } = method;
      return await sendGrpc(client, { path, messages, metadata, timeoutMs, signal, decode, accept });
    } finally {
      client.close();
    }
  };
  const sendAgain = async (refusal: unknown): Promise<Json[]> => {
    if (!isServiceError(refusal) || refusal.code !== status.UNAUTHENTICATED) throw refusal;
    const url = new URL(`https://${target.host}:${target.port}${method.path}`);
    const renewed = await call.authorization?.afterRefusal?.({ method: 'POST', url });
    if (renewed === undefined) throw refusal;
    return send(renewed);
  };
  const received = await send(call.authorization)
    .catch(sendAgain)
    .catch((error: unknown) => {
      throw isServiceError(error) ? grpcFault(error, label, reference) : sendFault(error, reference);
    });

  if (method.givesStream) return redactor.json(received);
  const [message] = received;
  if (message !== undefined && received.length === 1) return redactor.json(message);
  const detail = `${label} answered with ${received.length} messages instead of one`;
  throw standardFault('communication', reference, detail, { status: 502, title: 'Invalid Response' });
}

function targetOf({ service }: JsonObject, reference: string): GrpcTarget {
  const { host, port = defaultGrpcPort } = isJsonObject(service) ? service : {};
  if (typeof host === 'string' && /^[\w.-]+$/.test(host) && typeof port === 'number') return { host, port };
  throw standardFault('configuration', reference, 'service needs a host, and a port that is a number');
}

/**
 * The messages that the arguments are: one, or for a method that takes a stream those in the list `messages`, or in the
 * arguments as a whole where an expression makes a list of them.
 */
function encoded(
  { request, takesStream }: GrpcMethod,
  given: Json | undefined,
  label: string,
  reference: string,
): Buffer[] {
  const single = given ?? {};
  const listed = isJsonObject(single) ? single.messages : single;
  const values: readonly Json[] = takesStream && Array.isArray(listed) ? listed : [single];
  try {
    return values.map((value) => encodeMessage(request, value));
  } catch (error) {
    if (!(error instanceof GrpcArgumentError)) throw error;
    const detail = `the arguments do not fit ${label}: ${error.message}`;
    throw standardFault('validation', reference, detail, { cause: error });
  }
}
