import { HttpSendError } from './http-send-error.ts';

/** Parses a URL that can be called: absolute, http or https, without credentials. */
export function callableUrl(text: string): URL {
  if (!URL.canParse(text)) {
    throw new HttpSendError('invalid-request', `"${cutOff(text, 200)}" is not an absolute URL`);
  }
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new HttpSendError(
      'invalid-request',
      `${url.protocol} is not supported: only http: and https: are called`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new HttpSendError(
      'invalid-request',
      `the URL of ${url.host} holds credentials: use authentication`,
    );
  }
  return url;
}

/** What two URLs of one server share; that of a service is its name, since its instances are one server to who calls. */
export function originOf(url: URL): string {
  return url.origin === 'null' ? `${url.protocol}//${url.host}` : url.origin;
}

/** `GET https://host/path`: without query string and fragment, where personal data and tokens often are. */
export function requestLabel(method: string, url: URL): string {
  return `${method} ${cutOff(`${originOf(url)}${url.pathname}`, 300)}`;
}

/** The mark at the end tells a person, and who looks for secrets, that something is missing. */
export function cutOff(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
