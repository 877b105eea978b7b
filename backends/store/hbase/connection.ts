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

/** How long calls may wait without any answer until the connection counts as dead. */
const deadAfterMs = 2_000;

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
  /** Since when calls wait and nothing came. */
  private silentSince: number | undefined;
  private isConnected = false;
  private lost: CallError | undefined;

  constructor({ host, port }: Address, service: ServiceName, user: string) {
    this.address = `${host}:${port}`;
    this.socket = connect({ host, port, noDelay: true, keepAlive: true });
    this.socket.write(encodeGreeting(service, user));
    this.socket.once('connect', () => (this.isConnected = true));
    this.socket.on('data', (chunk) => this.receive(chunk));
    this.socket.on('error', (error) => this.end(reasonOf(error), { cause: error }));
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
    this.silentSince ??= performance.now();
    return await new Promise<Response>((resolve, reject) => {
      const timer = setTimeout(() => {
        const reason = `no answer to ${method.name} in ${Math.round(timeoutMs)} ms`;
        // Other calls may have been answered; when none was for long, the connection is dead.
        if (this.isSilent()) this.end(reason);
        else fail(this.failure(reason));
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

  private isSilent(): boolean {
    return this.silentSince !== undefined && performance.now() - this.silentSince >= deadAfterMs;
  }

  private receive(chunk: Buffer): void {
    try {
      for (const frame of this.reader.push(chunk)) this.take(decodeAnswer(frame));
      this.silentSince = this.pending.size > 0 ? performance.now() : undefined;
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
