/** The media type in a `Content-Type` header, in lower case and without parameters; empty when there is none. */
export function mediaType(contentType: string | undefined): string {
  return (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** `application/json`, and everything whose syntax is JSON by its suffix (RFC 6839). */
export function isJsonType(type: string): boolean {
  return type === 'application/json' || type === 'text/json' || type.endsWith('+json');
}

const texts = new Set([
  'application/xml',
  'application/xhtml+xml',
  'application/javascript',
  'application/ecmascript',
  'application/graphql',
  'application/sql',
  'application/yaml',
  'application/x-yaml',
  'application/toml',
  'application/x-ndjson',
  'application/jsonl',
  'application/x-www-form-urlencoded',
]);

/** Media types whose content is text. */
export function isTextType(type: string): boolean {
  return type.startsWith('text/') || type.endsWith('+xml') || type.endsWith('+yaml') || texts.has(type);
}

/** The `charset` parameter of a `Content-Type` header, `utf-8` when there is none. */
export function charset(contentType: string | undefined): string {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase() ?? 'utf-8';
}
