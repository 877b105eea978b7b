/** Messages from JSON and to JSON: ProtoJSON, with the defaults written out that it leaves away. */
import protobuf from 'protobufjs';
import protojson from 'protobufjs/ext/protojson.js';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';

/** Thrown for arguments that are no message of the type; the message names the field. */
export class GrpcArgumentError extends Error {
  override readonly name = 'GrpcArgumentError';
}

/** Encodes ProtoJSON. 64-bit integers may be numbers or texts, bytes are base64, enums are names or numbers. */
export function encodeMessage(type: protobuf.Type, value: Json): Buffer {
  try {
    const message = protojson.fromJson(type, value);
    const incomplete = type.verify(message);
    if (incomplete !== null) throw new Error(incomplete);
    return Buffer.from(type.encode(message).finish());
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const fields = type.fieldsArray.map(({ name }) => name).join(', ') || 'none';
    throw new GrpcArgumentError(`${message} (${type.fullName.slice(1)} has the fields: ${fields})`, {
      cause: error,
    });
  }
}

/**
 * Decodes a message to ProtoJSON: names in lowerCamelCase, 64-bit integers as texts, bytes in base64, timestamps in
 * RFC 3339. What has no presence of its own (lists, maps, plain scalars) is there with its default; what has, only
 * when it was sent.
 */
export function decodeMessage(type: protobuf.Type, bytes: Uint8Array): Json {
  return withDefaults(type, protojson.toJson(type, type.decode(bytes)) as Json);
}

function withDefaults(type: protobuf.Type, json: Json): Json {
  // Those have forms of their own in JSON.
  if (!isJsonObject(json) || type.fullName.startsWith('.google.protobuf.')) return json;
  const members = type.fieldsArray.flatMap((field): [string, Json][] => {
    const { jsonName } = field.resolve();
    const value = Object.hasOwn(json, jsonName) ? json[jsonName] : undefined;
    const completed = value === undefined ? defaultOf(field) : completedValue(field, value);
    return completed === undefined ? [] : [[jsonName, completed]];
  });
  return { ...json, ...Object.fromEntries(members) };
}

function completedValue({ resolvedType, repeated, map }: protobuf.Field, value: Json): Json {
  if (!(resolvedType instanceof protobuf.Type)) return value;
  if (repeated) return (value as readonly Json[]).map((item) => withDefaults(resolvedType, item));
  if (!map) return withDefaults(resolvedType, value);
  const entries = Object.entries(value as JsonObject);
  return Object.fromEntries(entries.map(([key, item]) => [key, withDefaults(resolvedType, item)]));
}

/** Undefined where absence means something of its own. */
function defaultOf(field: protobuf.Field): Json | undefined {
  const { resolvedType, repeated, map, hasPresence, type } = field;
  if (map) return {};
  if (repeated) return [];
  if (hasPresence || resolvedType instanceof protobuf.Type) return undefined;
  if (resolvedType !== null) return resolvedType.valuesById[0] ?? 0;
  if (type === 'string' || type === 'bytes') return '';
  if (type === 'bool') return false;
  return type.endsWith('64') ? '0' : 0;
}
