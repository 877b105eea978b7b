/** The calls that the store makes. */
import type protobuf from 'protobufjs';
import type * as message from './messages.ts';
import { messageType } from './schema.ts';

/** What a connection is opened for; each connection serves one. */
export type ServiceName = 'ClientMetaService' | 'ClientService' | 'MasterService';

export interface Method<Request, Response> {
  readonly service: ServiceName;
  readonly name: string;
  /** The request with its length before it. */
  encode(request: Request): Uint8Array;
  /** Reads a response that has its length before it. */
  decode(reader: protobuf.Reader): Response;
}

export const getActiveMaster = method<message.Nothing, message.ActiveMaster>(
  'ClientMetaService',
  'GetActiveMaster',
);
export const getMetaRegionLocations = method<message.Nothing, message.MetaRegionLocations>(
  'ClientMetaService',
  'GetMetaRegionLocations',
);
export const get = method<message.GetRequest, message.GetResponse>('ClientService', 'Get');
export const multi = method<message.MultiRequest, message.MultiResponse>('ClientService', 'Multi');
export const scan = method<message.ScanRequest, message.ScanResponse>('ClientService', 'Scan');
export const createTable = method<message.CreateTableRequest, message.CreateTableResponse>(
  'MasterService',
  'CreateTable',
);
export const getProcedureResult = method<message.ProcedureResultRequest, message.ProcedureResult>(
  'MasterService',
  'getProcedureResult',
);

function method<Request extends object, Response>(
  service: ServiceName,
  name: string,
): Method<Request, Response> {
  return methodOf(messageType, service, name);
}

/** A call with the messages of a schema, which have the call's name with `Request` and `Response` behind it. */
export function methodOf<Request extends object, Response>(
  messageType: (name: string) => protobuf.Type,
  service: ServiceName,
  name: string,
): Method<Request, Response> {
  const stem = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const request = messageType(`${stem}Request`);
  const response = messageType(`${stem}Response`);
  return {
    service,
    name,
    encode: (value) => request.encodeDelimited(value).finish(),
    decode: (reader) => response.decodeDelimited(reader) as unknown as Response,
  };
}
