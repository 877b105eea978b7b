import { isJsonObject } from '../../json.ts';
import type { Json } from '../../json.ts';
import { nestedLists } from '../../nested-lists.ts';
import { catalogedName } from '../../resolve/function-uri.ts';
import { orList, quote, suggestion } from '../../wording.ts';
import { templateObject } from '../expressions.ts';
import { report } from '../place.ts';
import type { Place, Rule } from '../place.ts';
import { uriTemplate } from '../uri-template.ts';
import { semanticVersion } from '../version.ts';

/**
 * The name of a function: one of `use.functions`, `name:version@catalog`, or the URI of a function's definition.
 * "Using Cataloged Functions", "Using a Custom Function".
 */
export function functionName(name: string, protocols: Iterable<string>, place: Place): void {
  const { functions } = place.context.names;
  if (functions.has(name)) return;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) return functionUri(name, place);
  const cataloged = catalogedName(name);
  if (cataloged !== undefined) {
    place.context.refer({ kind: 'function', pointer: place.pointer, name });
    return catalogedFunction(cataloged.version, cataloged.catalog, place);
  }
  if (name.includes('@')) {
    const message = `expected a function of a catalog as name:version@catalog, found ${quote(name)}`;
    return report(place, 'format', message);
  }
  const hint = suggestion(name, [...protocols, ...functions]);
  const message = `${quote(name)} is no protocol, and use.functions defines no function of that name${hint}`;
  report(place, 'unknown-reference', message);
}

function functionUri(uri: string, place: Place): void {
  if (!/^(?:https?|file):/i.test(uri)) {
    const message = `the URI of a function begins with https://, http:// or file://, found ${quote(uri)}`;
    return report(place, 'value', message);
  }
  uriTemplate(uri, place);
  place.context.refer({ kind: 'function', pointer: place.pointer, name: uri });
}

function catalogedFunction(version: string, catalog: string, place: Place): void {
  if (!semanticVersion.pattern.test(version)) {
    report(place, 'format', `expected ${semanticVersion.what} of the function, found ${quote(version)}`);
  }
  const { catalogs } = place.context.names;
  // Every runtime has a catalog of that name; a definition may put its own in its place.
  if (catalog === 'default' || catalogs.has(catalog)) return;
  const known = ['default', ...catalogs];
  const hint =
    suggestion(catalog, known) || `; there are ${orList(known.map(quote)).replace(' or ', ' and ')}`;
  report(place, 'unknown-reference', `no catalog named ${quote(catalog)} is defined in use.catalogs${hint}`);
}

/** The arguments of a function become its input, which is data of the workflow: they see no secrets. */
export const functionArguments: Rule = templateObject;

/** The names of the functions that a task calls, at any depth. */
export function functionsCalledIn(task: Json): ReadonlySet<string> {
  const called = new Set<string>();
  const visit = (found: Json): void => {
    if (!isJsonObject(found)) return;
    if (typeof found.call === 'string') called.add(found.call);
    for (const { tasks } of nestedLists(found)) {
      for (const item of tasks) if (isJsonObject(item)) Object.values(item).forEach(visit);
    }
  };
  visit(task);
  return called;
}
