/** The gRPC service that `greet.proto` declares. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { handleUnaryCall } from '@grpc/grpc-js';
import protobuf from 'protobufjs';

const proto = `syntax = "proto3";
package GreeterApi;
service Greeter {
  rpc SayHello (HelloRequest) returns (HelloReply);
}
message HelloRequest { string name = 1; }
message HelloReply { string message = 1; }
`;

export interface Greeter {
  readonly port: number;
  /** The folder in which `file://app/greet.proto` is found. */
  readonly folder: string;
  close(): void;
}

interface Hello {
  readonly name: string;
}

interface HelloReply {
  readonly message: string;
}

/** Starts the service without TLS, and writes its proto file to `app/` in `folder`. */
export async function startGreeter(folder: string): Promise<Greeter> {
  await mkdir(join(folder, 'app'), { recursive: true });
  await writeFile(join(folder, 'app/greet.proto'), proto);
  const { root } = protobuf.parse(proto);
  const request = root.lookupType('GreeterApi.HelloRequest');
  const reply = root.lookupType('GreeterApi.HelloReply');
  const sayHello: handleUnaryCall<Hello, HelloReply> = (call, answer) =>
    answer(null, { message: `Hello ${call.request.name}` });
  const server = new Server();
  server.addService(
    {
      SayHello: {
        path: '/GreeterApi.Greeter/SayHello',
        requestStream: false,
        responseStream: false,
        requestDeserialize: (bytes: Buffer): Hello => ({
          name: String(request.toObject(request.decode(bytes)).name),
        }),
        requestSerialize: (hello: Hello) => Buffer.from(request.encode(hello).finish()),
        responseSerialize: (message: HelloReply) => Buffer.from(reply.encode(message).finish()),
        responseDeserialize: (bytes: Buffer) => reply.toObject(reply.decode(bytes)),
      },
    },
    { SayHello: sayHello },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, folder, close: () => server.forceShutdown() };
}
