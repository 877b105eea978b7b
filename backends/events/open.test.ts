import { openEvents } from './open.ts';

it('opens memory:', async () => {
  const events = await openEvents('memory:');
  await events.publisher.publish({ specversion: '1.0', id: '1', source: 'test', type: 'test.happened' });
  await events.close();
});

it.each(['mqtt://ann:s3cret@broker', 'nonsense', ''])('names what there is for "%s"', async (url) => {
  const opening = openEvents(url);
  await expect(opening).rejects.toThrow('expected memory:, kafka://…, kafkas://…, amqp://…, amqps://…');
  await expect(opening).rejects.not.toThrow('s3cret');
});

it.each([
  ['kafka://ann:s3cret@broker/a/b', 'topic has to be a name'],
  ['kafka://ann:s3cret@[::1]/', 'takes no IPv6 addresses'],
  ['kafka://ann:s3cret@broker/?sasl=gssapi', 'sasl has to be plain or scram-sha-256 or scram-sha-512'],
  ['amqp://ann:s3cret@broker/?lanes=0', 'lanes has to be a whole number from 1 to 256'],
  ['nats://ann:s3cret@broker/shop.events', 'names the stream'],
  ['nats://ann:s3cret@broker/?creds=/user.creds', 'exclude each other'],
  ['nats://broker/?creds=/not/there.creds', 'the file of creds cannot be read'],
  ['nats://ann:s3cret@broker/?maxBytes=10', 'maxBytes has to be a whole number'],
  ['redis://ann:s3cret@one,two/', 'takes one host'],
  ['redis://ann:s3cret@broker/events', 'the number of a database'],
  ['redis://ann:s3cret@broker/?maxLength=many', 'maxLength has to be a whole number'],
  ['redis://ann:s3cret@broker/?ca=/ca.pem', 'ca is for TLS'],
])('says what does not fit of %s, without the password', async (url, complaint) => {
  const opening = openEvents(url);
  await expect(opening).rejects.toThrow(complaint);
  await expect(opening).rejects.not.toThrow('s3cret');
});
