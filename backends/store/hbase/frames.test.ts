import protobuf from 'protobufjs';
import { decodeAnswer, encodeCall, encodeGreeting, FrameReader } from './frames.ts';
import { get } from './methods.ts';
import { messageType } from './schema.ts';

function answer(header: object, body: Uint8Array = Buffer.alloc(0)): Buffer {
  const content = Buffer.concat([messageType('ResponseHeader').encodeDelimited(header).finish(), body]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

test('a greeting is the preamble and the header behind its length', () => {
  const greeting = encodeGreeting('ClientService', 'ann');
  expect(greeting.subarray(0, 6)).toEqual(Buffer.from('HBas\u0000P', 'latin1'));
  expect(greeting.readUInt32BE(6)).toBe(greeting.length - 10);
  const header = messageType('ConnectionHeader').decode(greeting.subarray(10));
  expect(header.toJSON()).toEqual({ userInfo: { effectiveUser: 'ann' }, serviceName: 'ClientService' });
});

test('a call is its header and its request, each behind its length', () => {
  const row = Buffer.from('a\u0000\uffff');
  const request = { region: { type: 1, value: Buffer.from('t,,1.x.') }, get: { row, column: [] } };
  const frame = encodeCall(7, get, request, 250);
  expect(frame.readUInt32BE(0)).toBe(frame.length - 4);
  const reader = protobuf.Reader.create(frame.subarray(4));
  expect(messageType('RequestHeader').decodeDelimited(reader).toJSON()).toEqual({
    callId: 7,
    methodName: 'Get',
    requestParam: true,
    timeout: 250,
  });
  const written = messageType('GetRequest').decodeDelimited(reader) as unknown as typeof request;
  expect(Buffer.from(written.get.row)).toEqual(row);
});

test.each([1, 2, 3, 5, 1_000])('answers that come in pieces of %i bytes are put together', (size) => {
  const sent = Buffer.concat([answer({ callId: 1 }), answer({ callId: 2 }), answer({ callId: 300 })]);
  const reader = new FrameReader();
  const ids: number[] = [];
  for (let at = 0; at < sent.length; at += size) {
    ids.push(...reader.push(sent.subarray(at, at + size)).map((frame) => decodeAnswer(frame).id));
  }
  expect(ids).toEqual([1, 2, 300]);
});

test('an answer tells of an exception, or leads to the response', () => {
  const exception = { exceptionClassName: 'java.io.IOException', stackTrace: 'x', doNotRetry: true };
  expect(decodeAnswer(answer({ callId: 1, exception }).subarray(4)).exception).toMatchObject(exception);
  const found = { result: { cell: [{ row: Buffer.from('r'), value: Buffer.from('v') }] } };
  const body = messageType('GetResponse').encodeDelimited(found).finish();
  const { result } = get.decode(decodeAnswer(answer({ callId: 1 }, body).subarray(4)).body);
  expect(Buffer.from(result?.cell[0]?.value ?? []).toString()).toBe('v');
});

test('what is not the protocol is known by its length', () => {
  const reader = new FrameReader();
  expect(() => reader.push(Buffer.from('HTTP/1.1 400 Bad Request'))).toThrow('does not speak the protocol');
});
