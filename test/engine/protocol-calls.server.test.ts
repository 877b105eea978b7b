/** Calls of gRPC, MCP and A2A as parts of executions, against real servers. */
import { join } from 'node:path';
import { startAgent, type AgentUnderTest } from '../../activities/a2a/agent-under-test.ts';
import {
  greeterProto,
  messagesProto,
  startGreeter,
  type GreeterUnderTest,
} from '../../activities/grpc/greeter-under-test.ts';
import { startPartner, type Partner } from '../../activities/partner-under-test.ts';
import { startToolServer, type ToolServerUnderTest } from '../mcp/tool-server.ts';
import { startDefinitionService, type DefinitionService, type Ended } from './definition-service.ts';

describe('executions that call', () => {
  let greeter: GreeterUnderTest;
  let tools: ToolServerUnderTest;
  let agent: AgentUnderTest;
  let protos: Partner;
  let service: DefinitionService;

  beforeAll(async () => {
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    greeter = await startGreeter();
    tools = await startToolServer();
    agent = await startAgent();
    protos = await startPartner(({ url }, response) =>
      response.end(url === '/greeter.proto' ? greeterProto : messagesProto),
    );
    service = await startDefinitionService(join(__dirname, '../..'), ['127.0.0.1'], {
      PERDURE_SECRET_KEY: 'hush-hush-key',
    });
  });

  afterAll(async () => {
    await service.close();
    greeter.close();
    await Promise.all([tools.close(), agent.close(), protos.close()]);
    jest.restoreAllMocks();
  });

  const run = async (body: string, input: object): Promise<Ended> =>
    service.ended(await service.start(body, { ...input }));

  const greet = (method: string, given: string): string => `
use:
  secrets: [key]
  authentications:
    shop: { bearer: { token: '\${ $secrets.key }' } }
do:
  - greet:
      call: grpc
      with:
        proto: { endpoint: '${protos.origin}/{file}.proto' }
        service:
          name: shop.greet.v1.Greeter
          host: 127.0.0.1
          port: ${greeter.port}
          authentication: { use: shop }
        method: ${method}
        arguments: ${given}
      output: { as: '\${ map(.greeting)? // .greeting }' }
`;

  it('a gRPC service, with a policy of its own and a secret', async () => {
    const ended = await run(greet('SayHello', "{ name: '${ .who }' }"), { who: 'Ada', file: 'greeter' });
    expect(ended).toMatchObject({ output: 'Hello, Ada!' });
    expect(greeter.seen.at(-1)?.metadata).toMatchObject({ authorization: 'Bearer hush-hush-key' });
    expect(JSON.stringify(await service.history(ended.id))).not.toContain('hush-hush');
  });

  it('a gRPC service with streams both ways', async () => {
    const given = "{ messages: '${ .names | map({ name: . }) }' }";
    expect(await run(greet('Chat', given), { names: ['Ada', 'Bob'], file: 'greeter' })).toMatchObject({
      output: ['Hello, Ada!', 'Hello, Bob!'],
    });
  });

  it('a gRPC service whose status they catch, or time out on', async () => {
    const calling = (catching: string): string =>
      greet('SayHello', "{ name: '${ .who }' }").replace(
        /  - greet:\n([^]*)$/,
        (_match, task: string) =>
          `  - attempt:\n      try:\n        - greet:\n${task.replace(/^/gm, '      ')}\n${catching}`,
      );
    const missing =
      '      catch: { errors: { with: { status: 404 } }, as: e, do: [{ say: { set: { title: "${ $e.title }" } } }] }';
    expect(await run(calling(missing), { who: 'NOT_FOUND', file: 'greeter' })).toMatchObject({
      output: { title: 'NOT_FOUND' },
    });
    const timed = greet('SayHello', "{ name: '${ .who }' }").replace(
      '      call: grpc\n',
      '      timeout: { after: { milliseconds: 500 } }\n      call: grpc\n',
    );
    const ended = await run(timed, { who: 'wait', file: 'greeter' });
    expect(ended.error).toMatchObject({ type: expect.stringMatching(/timeout$/), instance: '/do/0/greet' });
    while (greeter.seen.at(-1)?.cancelled !== true) await new Promise((resolve) => setTimeout(resolve, 50));
  });

  it('an MCP server', async () => {
    const body = `
do:
  - greet:
      call: mcp
      with:
        method: tools/call
        parameters: { name: greet, arguments: { name: '\${ .who }' } }
        timeout: { seconds: 10 }
        transport: { http: { endpoint: '${tools.origin}/{path}', headers: { x-shop: '\${ .who }' } } }
      output: { as: .structuredContent.greeting }
  - fail:
      try:
        - call:
            call: mcp
            with:
              method: tools/call
              parameters: '\${ { name: "fail", arguments: {} } }'
              transport: { http: { endpoint: '${tools.origin}/mcp' } }
      catch:
        errors: { with: { type: https://open-workflow-specification.org/spec/1.0.0/errors/runtime } }
        as: e
        do:
          - say: { set: { greeting: '\${ . }', detail: '\${ $e.detail }' } }
`;
    const ended = await run(body, { who: 'Ada', path: 'mcp' });
    expect(ended).toMatchObject({
      output: { greeting: 'Hello, Ada!', detail: expect.stringContaining('there is no more paper') },
    });
    expect(tools.seen[0]?.headers).toMatchObject({ 'x-shop': 'Ada' });
  });

  it('an A2A agent', async () => {
    const body = `
do:
  - work:
      call: a2a
      with:
        method: message/stream
        agentCard: { endpoint: '${agent.origin}/.well-known/agent-card.json' }
        parameters: { message: { parts: [{ kind: text, text: '\${ .task }' }] } }
      output: { as: 'map(.status.state)' }
  - ask:
      call: a2a
      with:
        method: tasks/get
        server: { uri: '${agent.origin}/rpc' }
        parameters: { id: none }
`;
    const ended = await run(body, { task: 'work' });
    expect(ended.error).toMatchObject({
      type: expect.stringMatching(/runtime$/),
      instance: '/do/1/ask',
      detail: expect.stringContaining('Task not found'),
    });
    expect(ended.report.tasks?.[0] ?? null).toMatchObject({ name: 'work', status: 'completed' });
    const states = await run(body.replace(/ {2}- ask:[^]*$/, ''), { task: 'work' });
    expect(states).toMatchObject({ output: ['submitted', 'working', 'completed'] });
  });
});
