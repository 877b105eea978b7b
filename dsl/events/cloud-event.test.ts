import type { Json } from '../json.ts';
import { parseCloudEvent, readEvent } from './cloud-event.ts';

const event = { specversion: '1.0', id: '1', source: '/s', type: 't' } as const;

test('takes an event with extensions, and drops attributes that are null', () => {
  const parsed = parseCloudEvent({ ...event, subject: null, roomid: 'kitchen', floor: 3, data: null });
  expect(parsed).toEqual({ ok: true, event: { ...event, roomid: 'kitchen', floor: 3, data: null } });
});

test.each<[string, Json, string[]]>([
  ['a text', 'event', ['']],
  ['nothing', {}, ['/specversion', '/id', '/source', '/type']],
  ['another version', { ...event, specversion: '0.3' }, ['/specversion']],
  ['an empty id', { ...event, id: '' }, ['/id']],
  ['a number as type', { ...event, type: 5 }, ['/type']],
  ['a time that is none', { ...event, time: '2026-13-45T00:00:00Z' }, ['/time']],
  ['an extension with capitals', { ...event, roomId: 'x' }, ['/roomId']],
  ['an extension that is an object', { ...event, room: {} }, ['/room']],
  ['a large number', { ...event, room: 2 ** 40 }, ['/room']],
  ['data twice', { ...event, data: 1, data_base64: 'AA==' }, ['/data_base64']],
  ['bytes that are no base64', { ...event, data_base64: '!' }, ['/data_base64']],
])('refuses %s', (_what, value, pointers) => {
  const parsed = parseCloudEvent(value);
  expect(parsed.ok ? [] : parsed.problems.map(({ pointer }) => pointer)).toEqual(pointers);
});

test('reads data, envelope and raw data', () => {
  const whole = { ...event, data: { n: 1 } };
  expect(readEvent(whole)).toEqual({ n: 1 });
  expect(readEvent(whole, 'envelope')).toEqual(whole);
  expect(readEvent(whole, 'raw')).toBe('{"n":1}');
  expect(readEvent({ ...event, data_base64: 'AA==' }, 'raw')).toBe('AA==');
  expect(readEvent(event)).toBeNull();
});
