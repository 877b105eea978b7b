/** A real A2A agent over JSON-RPC on a free port, for tests. */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { AgentCard, Message, Task } from '@a2a-js/sdk';
import { DefaultRequestHandler, InMemoryPushNotificationStore, InMemoryTaskStore } from '@a2a-js/sdk/server';
import type { AgentExecutor, ExecutionEventBus, RequestContext } from '@a2a-js/sdk/server';
import { agentCardHandler, jsonRpcHandler, UserBuilder } from '@a2a-js/sdk/server/express';
import express from 'express';

export interface AgentUnderTest {
  readonly origin: string;
  readonly host: string;
  readonly seen: { readonly url: string; readonly headers: IncomingHttpHeaders; readonly body?: unknown }[];
  close(): Promise<void>;
}

/**
 * An agent that answers a text with `You said: …`; told `work` it makes a task of three steps, told `wait` one that never
 * ends. Its card is at the usual place; `/locked` wants `Bearer open`, `/down` is down.
 */
export async function startAgent(): Promise<AgentUnderTest> {
  const seen: AgentUnderTest['seen'] = [];
  const app = express();
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const port = typeof bound === 'object' ? bound?.port : undefined;
  const origin = `http://127.0.0.1:${port}`;
  const card: AgentCard = {
    name: 'Echo',
    description: 'Repeats what it is told.',
    version: '1.0.0',
    protocolVersion: '0.3.0',
    url: `${origin}/rpc`,
    preferredTransport: 'JSONRPC',
    capabilities: { streaming: true, pushNotifications: true },
    defaultInputModes: ['text'],
    defaultOutputModes: ['text'],
    skills: [],
    supportsAuthenticatedExtendedCard: true,
  };
  const handler = new DefaultRequestHandler(
    card,
    new InMemoryTaskStore(),
    executor,
    undefined,
    new InMemoryPushNotificationStore(),
    undefined,
    card,
  );
  const rpc = jsonRpcHandler({ requestHandler: handler, userBuilder: UserBuilder.noAuthentication });
  app.use(express.json());
  app.use((request, response, next) => {
    seen.push({ url: request.url, headers: request.headers, body: request.body as unknown });
    const { authorization } = request.headers;
    if (request.url === '/down') response.status(503).send('later');
    else if (request.url === '/locked' && authorization !== 'Bearer open')
      response.status(401).json({ error: 'no' });
    else if (request.url === '/card-elsewhere') response.json({ ...card, url: 'http://127.0.0.1:9/rpc' });
    else if (request.url === '/card-of-grpc') response.json({ ...card, preferredTransport: 'GRPC' });
    else if (request.url === '/card-of-text') response.send('hello');
    else if (request.url === '/card-locked') response.json({ ...card, url: '/locked' });
    else next();
  });
  app.use('/.well-known/agent-card.json', agentCardHandler({ agentCardProvider: handler }));
  app.use('/rpc', rpc);
  app.use('/locked', rpc);
  return {
    origin,
    host: `127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const executor: AgentExecutor = {
  async execute({ userMessage, taskId, contextId }: RequestContext, bus: ExecutionEventBus) {
    const [part] = userMessage.parts;
    const said = part?.kind === 'text' ? part.text : '';
    if (said !== 'work' && said !== 'wait') {
      const answer: Message = {
        kind: 'message',
        role: 'agent',
        messageId: 'answer-1',
        contextId,
        parts: [{ kind: 'text', text: said.startsWith('x') ? said : `You said: ${said}` }],
      };
      bus.publish(answer);
      return bus.finished();
    }
    const task: Task = { kind: 'task', id: taskId, contextId, status: { state: 'submitted' } };
    bus.publish(task);
    for (const state of said === 'wait' ? (['working'] as const) : (['working', 'completed'] as const)) {
      await delay(20);
      bus.publish({
        kind: 'status-update',
        taskId,
        contextId,
        status: { state },
        final: state === 'completed',
      });
    }
    if (said === 'work') bus.finished();
  },
  async cancelTask(taskId: string, bus: ExecutionEventBus) {
    bus.publish({
      kind: 'status-update',
      taskId,
      contextId: 'any',
      status: { state: 'canceled' },
      final: true,
    });
    bus.finished();
  },
};
