/** Where a deploy reads what a definition names. */

/** What a server asks for before it hands a resource out. */
export type Credentials =
  { readonly username: string; readonly password: string } | { readonly token: string };

export interface ResourceSource {
  /** The text at an absolute http or https URI. Rejects with a {@link ResourceError}. */
  read(uri: string, credentials: Credentials | undefined): Promise<string>;
  /** The text of a function of the default catalog; undefined where it has no such function or version. */
  defaultFunction(name: string, version: string): Promise<string | undefined>;
}

/** Why a resource could not be read. The message is for the definition's author: it names the URI, and no credential. */
export class ResourceError extends Error {
  override readonly name = 'ResourceError';
}
