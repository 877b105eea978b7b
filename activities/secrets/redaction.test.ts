import { standardFault, WorkflowFault } from '../../dsl/errors.ts';
import { createRedactor } from './redaction.ts';

const token = 'p@ss w"rd/ü';

describe('redaction', () => {
  const redactor = createRedactor([token, { username: 'ann.smith', pin: 48151623, port: 80, note: 'ok' }]);

  it.each([
    ['the value itself', token],
    ['its JSON form', JSON.stringify(token).slice(1, -1)],
    ['its percent-encoded form', encodeURIComponent(token)],
    ['its form-encoded form', new URLSearchParams({ v: token }).toString().slice(2)],
    ['its base64', Buffer.from(token).toString('base64')],
    ['its base64url', Buffer.from(token).toString('base64url')],
    ['its JSON form in ASCII', 'p@ss w\\"rd\\/\\u00fc'],
    ['JSON in a text in JSON', JSON.stringify(JSON.stringify(token)).slice(3, -3)],
    ['escapes of URLs in small letters', 'p%40ss%20w%22rd%2f%c3%bc'],
    ['what was percent-encoded twice', encodeURIComponent(encodeURIComponent(token))],
    ['its HTML', 'p@ss w&quot;rd/ü'],
    ['characters by their numbers', 'p&#64;ss w&#x22;rd&#47;&#xFC;'],
    ['HTML in HTML', 'p@ss w&amp;quot;rd/ü'],
    ['its bytes taken for characters', Buffer.from(token).toString('latin1')],
    ['other capitals, as in host names', token.toUpperCase()],
    ['an accent that is a character of its own', token.normalize('NFD')],
    ['its hexadecimal', Buffer.from(token).toString('hex').toUpperCase()],
    ['a field of a secret', 'ann.smith'],
    ['a number of a secret', '48151623'],
  ])('masks %s inside a text', (_form, text) => {
    expect(redactor.text(`before ${text} after ${text}.`)).toBe('before *** after ***.');
    expect(redactor.finds(`x${text}x`)).toBe(true);
  });

  it.each([
    [0, 0, 16],
    [1, 1, 14],
    [2, 2, 13],
  ])(
    'masks what %i bytes stand before in base64, with the characters that they share',
    (before, left, right) => {
      const encoded = Buffer.from(`${'x'.repeat(before)}${token}, and more`).toString('base64');
      expect(redactor.text(encoded)).toBe(`${encoded.slice(0, left)}***${encoded.slice(-right)}`);
    },
  );

  it('masks what was folded into lines', () => {
    const encoded = Buffer.from(`user:${token}`).toString('base64');
    expect(redactor.text(`${encoded.slice(0, 12)}\r\n${encoded.slice(12)}`)).toMatch(/^.{6}\*\*\*$/);
    expect(redactor.text(`${token}\n\n${token}\r\n`)).toBe('***\n\n***\r\n');
    expect(createRedactor(['one\ntwo']).text('one\r\ntwo, one%0Atwo, onetwo, one\\ntwo')).toBe(
      '***, ***, ***, ***',
    );
  });

  it('leaves escapes alone that hold no secret', () => {
    const text = 'a\\u0041 %41+%2541 &lt;&#65; \\\\ \n % & \\';
    expect(redactor.text(text)).toBe(text);
  });

  it('masks what remains of escapes that were none', () => {
    expect(createRedactor(['one+two%41&amp;x']).text('one twoA&x, one+two%41&x')).toBe('***, ***');
  });

  it('masks a secret in base64 among others', () => {
    expect(createRedactor(['abc1', 'abcdefgh']).text('abc1YWJjMQ==')).toBe('******');
  });

  it('goes through values at any depth, keys included, and leaves the rest alone', () => {
    const value = { a: [{ [token]: `id ${token}` }, 48151623, 80, null, true], b: 'okay', c: 'ok' };
    expect(redactor.json(value)).toEqual({
      a: [{ '***': 'id ***' }, '***', 80, null, true],
      b: 'okay',
      c: '***',
    });
  });

  it('keeps keys like __proto__ as data', () => {
    const value = JSON.parse('{"__proto__": {"x": 1}}') as { readonly [key: string]: never };
    expect(JSON.stringify(redactor.json(value))).toBe('{"__proto__":{"x":1}}');
  });

  it('masks bytes and keeps those around them', () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0]), Buffer.from(token), Buffer.from([0xfe])]);
    expect(Buffer.from(redactor.bytes(bytes))).toEqual(
      Buffer.concat([Buffer.from([0xff, 0]), Buffer.from('***'), Buffer.from([0xfe])]),
    );
  });

  it('masks the longest secret first', () => {
    expect(createRedactor(['abcd', 'abcdefgh']).text('abcdefgh abcd')).toBe('*** ***');
  });

  it('masks what it learns later', () => {
    const learning = createRedactor([]);
    expect(learning.text('derived')).toBe('derived');
    learning.learn('derived');
    expect(learning.text('derived')).toBe('***');
  });

  it('takes secrets out of faults and other errors, their stacks and causes', () => {
    const fault = redactor.error(
      standardFault('communication', '/do/0/call', `GET /${encodeURIComponent(token)}`),
    );
    expect(fault).toBeInstanceOf(WorkflowFault);
    expect(fault).toMatchObject({ message: 'Communication Error: GET /***', error: { detail: 'GET /***' } });

    const bug = redactor.error(new Error(`cannot read ${token}`, { cause: new Error(token) }));
    expect(bug).toMatchObject({ message: 'cannot read ***', cause: { message: '***' } });
    expect(bug instanceof Error && bug.stack).not.toContain(token);
  });

  it('takes what was cut off out of errors, and secrets out of what clients hang on to theirs', () => {
    const long = createRedactor(['a-very-long-token']);
    expect(long.error(new Error('string ("a-very-lo...") cannot be parsed'))).toMatchObject({
      message: 'string ("***...") cannot be parsed',
    });
    const client = Object.assign(new AggregateError([new Error('a-very-long-token')], 'all failed'), {
      input: 'http://ann:a-very-long-token@x',
      request: { headers: ['a-very-long-token'] },
    });
    client.cause = client;
    expect(long.error(client)).toMatchObject({
      errors: [{ message: '***' }],
      input: 'http://ann:***@x',
      request: { headers: ['***'] },
    });
  });

  it('leaves the words of the language alone that a secret with a whole policy chooses', () => {
    const policy = {
      grant: 'password',
      client: { authentication: 'none', secret: 'none-of-it' },
      password: 'grant',
    };
    const redacting = createRedactor([policy]);
    expect(redacting.json({ password: 'none', texts: ['none-of-it', 'grant'] })).toEqual({
      password: 'none',
      texts: ['***', '***'],
    });
  });

  it('changes nothing when there are no secrets', () => {
    const value = { a: '' };
    expect(createRedactor(['', { enabled: true }]).json(value)).toBe(value);
  });
});
