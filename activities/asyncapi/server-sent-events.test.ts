import { readServerSentEvents } from './server-sent-events.ts';

async function eventsIn(...chunks: readonly string[]) {
  async function* body() {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  const events: object[] = [];
  for await (const event of readServerSentEvents(body(), 100)) events.push(event);
  return events;
}

test('events end at an empty line, whatever ends lines and wherever chunks do', async () => {
  const expected = [{ data: 'one\ntwo' }, { data: 'three' }];
  expect(await eventsIn('data: one\ndata:two\n\ndata: three\n\n')).toMatchObject(expected);
  expect(await eventsIn('data: one\r\ndata: two\r\n\r\ndata: three\r\n\r\n')).toMatchObject(expected);
  expect(await eventsIn('data: o', 'ne\ndata: two\n', '\nda', 'ta: three\n\n')).toMatchObject(expected);
});

test('comments and events without data are none; the id lasts, the name does not', async () => {
  expect(await eventsIn(': hello\n\nid: 1\nevent: order\ndata: a\n\ndata: b\n\nretry: 5\n\n')).toEqual([
    { data: 'a', id: '1', event: 'order' },
    { data: 'b', id: '1', event: undefined },
  ]);
});

test('an event that never ends is too large', async () => {
  await expect(eventsIn(`data: ${'x'.repeat(200)}`)).rejects.toThrow('more than 100 bytes');
});
