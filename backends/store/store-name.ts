/** A store's URL without user, password and parameters: for messages. */
export function storeName(url: string): string {
  return url.replace(/^([^:]+:\/\/)[^/]*@/, '$1').replace(/\?.*$/s, '');
}
