/** Thrown for a proto file that cannot be used; the message says what is wrong with it. */
export class ProtoError extends Error {
  override readonly name = 'ProtoError';
}
