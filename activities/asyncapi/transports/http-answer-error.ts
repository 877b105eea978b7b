/** Thrown when the server answers with another status than 2xx. */
export class HttpAnswerError extends Error {
  override readonly name = 'HttpAnswerError';
  readonly status: number;

  constructor(status: number) {
    super(`the server answered ${status}`);
    this.status = status;
  }
}
