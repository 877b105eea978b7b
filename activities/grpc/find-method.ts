import protobuf from 'protobufjs';
import { ProtoError } from './proto-error.ts';

/** A method as a proto file declares it. */
export interface GrpcMethod {
  /** `/package.Service/Method`, as it is sent. */
  readonly path: string;
  readonly request: protobuf.Type;
  readonly response: protobuf.Type;
  /** Whether any number of messages is sent, or comes back. */
  readonly takesStream: boolean;
  readonly givesStream: boolean;
}

/** Finds a method of a service. Throws a {@link ProtoError} that names the ones there are. */
export function findMethod(root: protobuf.Root, service: string, method: string): GrpcMethod {
  const services = servicesIn(root);
  const found = services.find((known) => nameOf(known) === service.replace(/^\./, ''));
  if (found === undefined) {
    throw new ProtoError(`there is no service "${service}"; services: ${list(services.map(nameOf))}`);
  }
  const declared = found.methodsArray.find(({ name }) => name === method);
  if (declared === undefined) {
    const names = found.methodsArray.map(({ name }) => name);
    throw new ProtoError(`the service ${nameOf(found)} has no method "${method}"; methods: ${list(names)}`);
  }
  declared.resolve();
  const { resolvedRequestType, resolvedResponseType, requestStream, responseStream } = declared;
  if (resolvedRequestType === null || resolvedResponseType === null) {
    throw new ProtoError(`the messages of ${nameOf(found)}.${method} are not defined`);
  }
  return {
    path: `/${nameOf(found)}/${method}`,
    request: resolvedRequestType,
    response: resolvedResponseType,
    takesStream: requestStream === true,
    givesStream: responseStream === true,
  };
}

function servicesIn(namespace: protobuf.NamespaceBase): protobuf.Service[] {
  return namespace.nestedArray.flatMap((nested) => {
    if (nested instanceof protobuf.Service) return [nested];
    return nested instanceof protobuf.Namespace ? servicesIn(nested) : [];
  });
}

function nameOf({ fullName }: protobuf.ReflectionObject): string {
  return fullName.replace(/^\./, '');
}

function list(names: readonly string[]): string {
  return names.join(', ') || 'none';
}
