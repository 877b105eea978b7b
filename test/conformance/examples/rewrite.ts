/** Points an example at the stand-ins and shortens what takes minutes; everything else stays as it is written. */
import { isPair, isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { Pair, Scalar } from 'yaml';
import type { Json } from '../../../dsl/json.ts';

/** Where the stand-ins are for one run. */
export interface Places {
  /** Before the name of a host: `http://127.0.0.1:1234/r1`. */
  readonly base: string;
  readonly namespace: string;
  readonly greeterPort: number;
  readonly node: string;
  readonly messengerFile: string;
  /** Where images are, such as `127.0.0.1:1234`. */
  readonly registry: string;
}

export interface Rewritten {
  readonly yaml: string;
  readonly name: string;
  /** One line each: where, what it was, what it is. */
  readonly changes: readonly string[];
}

/** A member of the document: the names that lead to it, its own name, its value when that is a scalar. */
interface Member {
  readonly above: readonly string[];
  readonly key: string;
  readonly value: unknown;
}

const urlMembers = new Set(['endpoint', 'uri', 'authority', 'call']);

/** What a scalar becomes; undefined when it stays. */
function replacement({ above, key, value }: Member, places: Places): string | number | undefined {
  const parent = above.at(-1);
  if (key === 'namespace' && (above.join() === 'document' || above.slice(-2).join() === 'run,workflow')) {
    return places.namespace;
  }
  if (urlMembers.has(key) && typeof value === 'string') {
    const moved = pointedAtStandIns(value, places.base);
    return moved === value ? undefined : moved;
  }
  if (parent === 'container' && key === 'image') return `${places.registry}/${String(value)}`;
  if (parent === 'service' && key === 'port') return places.greeterPort;
  if (parent === 'stdio' && key === 'command') return places.node;
  if (key === 'wait' && value === 'PT30S') return 'PT1S';
  if (parent === 'wait' && key === 'seconds' && value === 30) return 1;
  return undefined;
}

/** Half an hour of listening, or until a container is removed, becomes some seconds. */
function isLongTime({ above, key }: Member): boolean {
  const where = above.slice(-2).join();
  return key === 'minutes' && (where === 'consume,for' || where === 'lifetime,after');
}

/** A text with its hosts behind the stand-ins' address; `http://host/path` and `https://host/path` alike. */
export function pointedAtStandIns(text: string, base: string): string {
  return text.replaceAll(/https?:\/\/(?=[a-z])/g, `${base}/`);
}

/** A value of a secret with its hosts behind the stand-ins' address. */
export function secretAtStandIns(secret: Json, base: string): Json {
  return JSON.parse(pointedAtStandIns(JSON.stringify(secret), base)) as Json;
}

/** The document as it is deployed. */
export function rewritten(text: string, places: Places): Rewritten {
  const document = parseDocument(text);
  const changes: string[] = [];
  visit(document, {
    Pair(_, pair, path) {
      const above = path.filter((node) => isPair(node)).map(nameOf);
      const member: Member = {
        above,
        key: nameOf(pair),
        value: isScalar(pair.value) ? pair.value.value : undefined,
      };
      const where = [...above, member.key].join('.');
      if (isLongTime(member)) {
        changes.push(`${where}: ${String(member.value)} → seconds: 3`);
        (pair as Pair<Scalar, Scalar>).key.value = 'seconds';
        (pair as Pair<Scalar, Scalar>).value = document.createNode(3);
        return;
      }
      if (above.at(-1) === 'stdio' && member.key === 'arguments' && isSeq(pair.value)) {
        changes.push(`${where}.0: ${String(pair.value.get(0))} → ${places.messengerFile}`);
        pair.value.set(0, places.messengerFile);
        return;
      }
      if (!isScalar(pair.value)) return;
      const next = replacement(member, places);
      if (next === undefined) return;
      changes.push(`${where}: ${String(member.value)} → ${next}`);
      pair.value.value = next;
    },
  });
  return { yaml: document.toString(), name: String(document.getIn(['document', 'name'])), changes };
}

function nameOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}
