/** Thrown when the program of a server cannot be started, or ends before its session does. */
export class McpProcessError extends Error {
  override readonly name = 'McpProcessError';
}
