import { HttpSendError } from '../../network/http-send-error.ts';

/** One event of a stream; `id` is the last that the stream gave, `event` is absent for plain messages. */
export interface ServerSentEvent {
  readonly data: string;
  readonly id?: string;
  readonly event?: string;
}

/**
 * The events of a `text/event-stream` (HTML Living Standard, "Server-sent events"). Events without data are left out.
 * Throws a HttpSendError of the kind `too-large` for an event over `maxBytes`.
 */
export async function* readServerSentEvents(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  let id: string | undefined;
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    // A line ends with \n, \r\n or \r; a \r at the end may be half of \r\n.
    const blocks = rest.split(/(?:\r\n|\n|\r(?=[^\n])){2}/);
    rest = blocks.pop() ?? '';
    if (rest.length > maxBytes) {
      throw new HttpSendError('too-large', `an event has more than ${maxBytes} bytes`);
    }
    for (const block of blocks) {
      const fields = fieldsOf(block);
      id = fields.get('id') ?? id;
      const data = fields.get('data');
      if (data !== undefined) yield { data, id, event: fields.get('event') };
    }
  }
}

function fieldsOf(block: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, name = '', value = ''] = /^\uFEFF?([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    const known = fields.get(name);
    if (name === 'data' && known !== undefined) fields.set(name, `${known}\n${value}`);
    else if (name !== '') fields.set(name, value);
  }
  return fields;
}
