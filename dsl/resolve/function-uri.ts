/** Where functions stand ("Catalogs", "File Structure"; "Using a Custom Function"). */

/** A function's place in a catalog: `name:version@catalog`. */
export interface CatalogedName {
  readonly name: string;
  readonly version: string;
  readonly catalog: string;
}

/** Reads `name:version@catalog`; undefined for anything else. */
export function catalogedName(called: string): CatalogedName | undefined {
  const parts = /^(?<name>[^:@\s/]+):(?<version>[^:@\s/]+)@(?<catalog>[^:@\s/]+)$/.exec(called)?.groups;
  if (parts === undefined) return undefined;
  const { name = '', version = '', catalog = '' } = parts;
  return { name, version, catalog };
}

/** The URI of a function's document in the catalog at `root`, as a machine reads it. */
export function catalogedFunctionUri(root: string, { name, version }: CatalogedName): string {
  const path = `functions/${encodeURIComponent(name)}/${encodeURIComponent(version)}/function.yaml`;
  return rawUri(`${root.replace(/\/+$/, '')}/${path}`);
}

/**
 * The URI at which a machine reads what a person sees at `uri`: pages of repositories on GitHub and GitLab lead to the
 * file itself, a folder at a tag to its `function.yaml`. Any other URI stays as it is.
 */
export function rawUri(uri: string): string {
  if (!URL.canParse(uri)) return uri;
  const { origin, hostname, pathname, search } = new URL(uri);
  if (hostname === 'github.com' || hostname === 'www.github.com') return githubUri(pathname) ?? uri;
  const page = /^(?<project>\/.+?)\/-\/(?:blob|tree)\/(?<rest>.+)$/.exec(pathname)?.groups;
  if (page !== undefined) return `${origin}${page['project']}/-/raw/${page['rest']}${search}`;
  return hostname === 'gitlab.com' ? (gitlabUri(pathname) ?? uri) : uri;
}

const githubPage = /^\/(?<repository>[^/]+\/[^/]+)(?:\/(?:blob|tree)\/(?<ref>[^/]+))?\/(?<path>.+)$/;

function githubUri(pathname: string): string | undefined {
  const { repository, ref, path } = githubPage.exec(pathname)?.groups ?? {};
  if (repository === undefined || path === undefined) return undefined;
  const raw = `https://raw.githubusercontent.com/${repository}`;
  const tagged = /^(?<folder>.+)@(?<tag>[^/@]+)$/.exec(path)?.groups;
  if (ref !== undefined) return `${raw}/${isTagOrCommit(ref) ? ref : `refs/heads/${ref}`}/${path}`;
  if (tagged !== undefined) return `${raw}/${tagged['tag']}/${tagged['folder']}/function.yaml`;
  // Without a branch it is the default one. Other pages of a repository are no files.
  return path.startsWith('functions/') ? `${raw}/HEAD/${path}` : undefined;
}

function gitlabUri(pathname: string): string | undefined {
  const { project, path } = /^(?<project>\/.+?)\/(?<path>functions\/.+)$/.exec(pathname)?.groups ?? {};
  return project === undefined ? undefined : `https://gitlab.com${project}/-/raw/HEAD/${path}`;
}

/** Pages of branches, tags and commits look alike, and files of branches stand under `refs/heads`. */
function isTagOrCommit(ref: string): boolean {
  return /^(?:v?\d+(?:\.\d+)+(?:[-+].*)?|[0-9a-f]{40}|HEAD)$/.test(ref);
}
