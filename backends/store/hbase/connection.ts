import { connect, type Socket } from 'node:net';
import type protobuf from 'protobufjs';
import { reasonOf } from '../errors.ts';
import { CallError, remoteError } from './call-error.ts';
import { type Answer, decodeAnswer, encodeCall, encodeGreeting, FrameReader } from './frames.ts';
import type { Method, ServiceName } from './methods.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

interface Pending {
  /** Throws for a response that cannot be read. */
  readonly settle: (body: protobuf.Reader) => void;
  readonly fail: (error: CallError) => void;
}

/**
 * One connection to one service of one server: calls go out as they come, answers come back in any order. When it is lost
 * every call that is under way fails, and `isOpen` is false for good.
 */
export class Connection {
  private readonly address: string;
  private readonly socket: Socket;
  private readonly reader = new FrameReader();
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  private lastHeard = 0;
  private isConnected = false;
  private lost: CallError | undefined;

  constructor({ host, port }: Address, service: ServiceName, user: string) {
    this.address = `${host}:${port}`;
    this.socket = connect({ host, port, noDelay: true, keepAlive: true });
    this.socket.write(encodeGreeting(service, user));
    this.socket.once('connect', () => (this.isConnected = true));
    this.socket.on('data', (chunk) => this.receive(chunk));
    this.socket.on('error', (error) => this.end(error.message, { cause: error }));
    this.socket.on('close', () => this.end('the server closed the connection'));
  }

  get isOpen(): boolean {
    return this.lost === undefined;
  }

  /** Resolves to the response. Fails with a {@link CallError}, at the latest after `timeoutMs`. */
  async call<Request, Response>(
    method: Method<Request, Response>,
    request: Request,
    timeoutMs: number,
  ): Promise<Response> {
    if (this.lost !== undefined) throw this.lost;
    this.lastId += 1;
    const id = this.lastId;
    const frame = encodeCall(id, method, request, Math.ceil(timeoutMs));
    const begun = performance.now();
    return await new Promise<Response>((resolve, reject) => {
      const timer = setTimeout(() => {
        // Silence all that time means that the connection or its server is dead; other calls may have been answered.
        if (this.lastHeard < begun) this.end(`no answer in ${timeoutMs} ms`);
        else fail(this.failure(`no answer to ${method.name} in ${timeoutMs} ms`));
      }, timeoutMs);
      const fail = (error: CallError): void => {
        this.pending.delete(id);
        clearTimeout(timer);
        reject(error);
      };
      const settle = (body: protobuf.Reader): void => {
        const response = method.decode(body);
        this.pending.delete(id);
        clearTimeout(timer);
        resolve(response);
      };
      this.pending.set(id, { settle, fail });
      this.socket.write(frame);
    });
  }

  /** Ends the connection; calls under way fail for this reason. */
  end(reason: string, options?: ErrorOptions): void {
    this.lose(this.failure(reason, options));
  }

  private lose(error: CallError): void {
    if (this.lost !== undefined) return;
    this.lost = error;
    this.socket.destroy();
    for (const { fail } of this.pending.values()) fail(error);
  }

  private failure(reason: string, options?: ErrorOptions): CallError {
    // What was never connected has sent nothing.
    const failure = { retry: true, mayHaveRun: this.isConnected };
    return new CallError(`${this.address}: ${reason}`, failure, options);
  }

  private receive(chunk: Buffer): void {
    this.lastHeard = performance.now();
    try {
      for (const frame of this.reader.push(chunk)) this.take(decodeAnswer(frame));
    } catch (error) {
      this.end(reasonOf(error), { cause: error });
    }
  }

  private take({ id, exception, body }: Answer): void {
    const call = this.pending.get(id);
    if (exception === null) call?.settle(body);
    else if (call !== undefined) call.fail(remoteError(exception));
    // The answer to no call of ours refuses the connection: the server wants to know who this is, or speaks otherwise.
    else if (id > this.lastId) this.lose(remoteError(exception));
  }
}
