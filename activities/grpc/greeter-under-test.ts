/** A real gRPC server for tests, and the proto files that describe it. */
import { Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';
import type {
  sendUnaryData,
  ServerDuplexStream,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
} from '@grpc/grpc-js';
import protobuf from 'protobufjs';

/** What a server gets and gives: messages as objects of protobufjs. */
type Message = Readonly<Record<string, unknown>>;

/** The file of the service, which imports the one of its messages, a bundled one and one of options. */
export const greeterProto = `
  syntax = "proto3";
  package shop.greet.v1;
  import "shop/greet/v1/messages.proto";
  import "google/protobuf/timestamp.proto";
  import "google/api/annotations.proto";
  service Greeter {
    rpc SayHello (HelloRequest) returns (HelloReply) { option (google.api.http) = { get: "/v1/hello" }; }
    rpc Collect (stream HelloRequest) returns (HelloReply);
    rpc Count (HelloRequest) returns (stream HelloReply);
    rpc Chat (stream HelloRequest) returns (stream HelloReply);
  }
`;

/** The messages, with a field of every kind. */
export const messagesProto = `
  syntax = "proto3";
  package shop.greet.v1;
  import "google/protobuf/timestamp.proto";
  import "google/protobuf/struct.proto";
  enum Mood { MOOD_UNKNOWN = 0; MOOD_GLAD = 1; }
  message HelloRequest {
    string name = 1;
    int64 big_number = 2;
    bytes blob = 3;
    Mood mood = 4;
    repeated string tags = 5;
    map<string, int32> counts = 6;
    google.protobuf.Timestamp at = 7;
    google.protobuf.Struct extra = 8;
    optional int32 age = 9;
    oneof contact { string email = 10; string phone = 11; }
  }
  message HelloReply {
    string greeting = 1;
    int32 total = 2;
    HelloRequest request = 3;
  }
`;

/** What is the same for the calls of all kinds. */
interface NotedCall {
  readonly metadata: Metadata;
  getHost(): string;
  on(event: 'cancelled', listener: () => void): unknown;
}

/** What the server saw of one call. */
export interface SeenCall {
  readonly method: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly authority: string;
  cancelled: boolean;
}

export interface GreeterUnderTest {
  readonly port: number;
  readonly seen: SeenCall[];
  close(): void;
}

/**
 * Starts the service on a free port. A name that is a gRPC status (`NOT_FOUND`) makes it fail with that, `wait` makes it
 * wait for ever, a number is how many times `Count` answers, `stale` asks for another token than `Bearer stale`.
 */
export async function startGreeter(
  credentials = ServerCredentials.createInsecure(),
  host = '127.0.0.1',
): Promise<GreeterUnderTest> {
  const root = new protobuf.Root();
  for (const name of ['timestamp', 'struct']) {
    root.addJSON(protobuf.common.get(`google/protobuf/${name}.proto`)?.nested ?? {});
  }
  protobuf.parse(messagesProto, root, { keepCase: true });
  protobuf.parse(greeterProto, root, { keepCase: true });
  root.resolveAll();
  const request = root.lookupType('shop.greet.v1.HelloRequest');
  const reply = root.lookupType('shop.greet.v1.HelloReply');
  const seen: SeenCall[] = [];

  const note = (method: string, call: NotedCall): void => {
    const noted: SeenCall = {
      method,
      metadata: call.metadata.getMap(),
      authority: call.getHost(),
      cancelled: false,
    };
    call.on('cancelled', () => (noted.cancelled = true));
    seen.push(noted);
  };
  const failure = (name: unknown, metadata: Metadata): { code: status; details: string } | undefined => {
    if (name === 'stale' && metadata.get('authorization')[0] === 'Bearer stale')
      return { code: status.UNAUTHENTICATED, details: 'the token is stale' };
    const code = typeof name === 'string' && name in status ? status[name as keyof typeof status] : undefined;
    return code === undefined
      ? undefined
      : { code, details: `you asked for ${String(name)}, ${String(metadata.get('authorization')[0])}` };
  };
  const greeting = (name: unknown): string => `Hello, ${String(name)}!`;

  const definition = (path: string, requestStream: boolean, responseStream: boolean): object => ({
    path: `/shop.greet.v1.Greeter/${path}`,
    requestStream,
    responseStream,
    requestSerialize: (value: Message) => Buffer.from(request.encode(value).finish()),
    requestDeserialize: (bytes: Buffer) => request.decode(bytes),
    responseSerialize: (value: Message) => Buffer.from(reply.encode(value).finish()),
    responseDeserialize: (bytes: Buffer) => reply.decode(bytes),
  });
  const server = new Server();
  server.addService(
    Object.fromEntries([
      ['SayHello', definition('SayHello', false, false)],
      ['Collect', definition('Collect', true, false)],
      ['Count', definition('Count', false, true)],
      ['Chat', definition('Chat', true, true)],
    ]) as Parameters<Server['addService']>[0],
    {
      SayHello: (call: ServerUnaryCall<Message, Message>, answer: sendUnaryData<Message>) => {
        note('SayHello', call);
        const { name } = call.request;
        if (name === 'wait') return;
        const failed = failure(name, call.metadata);
        if (failed !== undefined) return answer({ ...failed, metadata: new Metadata() });
        answer(null, { greeting: greeting(name), request: call.request });
      },
      Collect: (call: ServerReadableStream<Message, Message>, answer: sendUnaryData<Message>) => {
        note('Collect', call);
        const names: unknown[] = [];
        call.on('data', ({ name }: Message) => names.push(name));
        call.on('end', () => answer(null, { greeting: greeting(names.join(' and ')), total: names.length }));
      },
      Count: (call: ServerWritableStream<Message, Message>) => {
        note('Count', call);
        for (let total = 1; total <= Number(call.request.name); total++) {
          call.write({ greeting: greeting(call.request.name), total });
        }
        call.end();
      },
      Chat: (call: ServerDuplexStream<Message, Message>) => {
        note('Chat', call);
        call.on('data', ({ name }: Message) => {
          const failed = failure(name, call.metadata);
          if (failed === undefined) call.write({ greeting: greeting(name) });
          else call.emit('error', failed);
        });
        call.on('end', () => call.end());
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:0`, credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, seen, close: () => server.forceShutdown() };
}
