import { notFound } from './site.ts';
import type { Site } from './site.ts';

/** A function of our own with the inputs of the specification's catalog function `log`. */
const logFunction = `
input:
  schema:
    format: json
    document:
      type: object
      required: [message]
      properties:
        message: { type: string }
        level: { type: string, default: information }
        timestamp: { type: boolean }
        format: { type: string }
run:
  script:
    language: js
    environment:
      MESSAGE: \${ .message }
      LEVEL: \${ .level // "information" | ascii_upcase }
      FORMAT: '\${ .format // "[{LEVEL}] ({CONTEXT}): {MESSAGE}" }'
      TIMESTAMP: \${ if .timestamp then (now | todate) else "" end }
      CONTEXT: workflow
    code: |
      const { FORMAT, ...words } = process.env;
      console.log(FORMAT.replace(/\\{(\\w+)\\}/g, (all, word) => words[word] ?? all).trim());
`;

/** raw.githubusercontent.com: the specification's catalog, of which there is one function. */
export const catalog: Site = ({ path }) =>
  path === '/serverlessworkflow/catalog/main/functions/log/1.0.0/function.yaml'
    ? { body: logFunction, headers: { 'content-type': 'application/yaml' } }
    : notFound;
