import { originOf } from '../../network/http-url.ts';

/** Thrown for a description that cannot be used; the message says what is wrong with it. */
export class OpenapiError extends Error {
  override readonly name = 'OpenapiError';
}

/** Thrown when the arguments do not fit the operation; the message names the parameter. */
export class OpenapiArgumentError extends Error {
  override readonly name = 'OpenapiArgumentError';
}

/** Thrown when a reference leads to a document that is not there yet. */
export class MissingDocumentError extends Error {
  override readonly name = 'MissingDocumentError';
  readonly url: URL;

  constructor(url: URL) {
    super(`${originOf(url)}${url.pathname} has to be fetched`);
    this.url = url;
  }
}
