import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { isNativeError } from 'node:util/types';
import { standardFault, WorkflowFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { JsonObject } from '../../dsl/json.ts';
import { HttpSendError } from '../../network/http-send-error.ts';
import type { Authorization } from '../authentication/authorization.ts';
import { statusFault } from '../http/exchange.ts';
import { sendFault } from '../http/send-fault.ts';
import { McpProcessError } from './mcp-process-error.ts';

const requestTimeout: number = ErrorCode.RequestTimeout;

/** The call that failed. */
export interface FailedCall {
  readonly reference: string;
  /** Names method and server. */
  readonly label: string;
  readonly timeoutMs: number;
  /** The server's URL, of a call over HTTP. */
  readonly url?: URL;
  readonly authorization: Authorization | undefined;
}

/**
 * The definition's error for a call without a result: what the server answers is `runtime`, as the reference asks for;
 * what kept it from answering is named as for every call over the network.
 */
export function mcpFault(error: unknown, call: FailedCall): unknown {
  const { label, reference, timeoutMs, url, authorization } = call;
  if (error instanceof WorkflowFault) return error;
  if (error instanceof HttpSendError) return sendFault(error, reference, 'limits.payloadBytes');
  if (error instanceof McpProcessError) {
    return standardFault('runtime', reference, `${label}: ${error.message}`, {
      title: 'MCP Server Failed',
      cause: error,
    });
  }
  if (error instanceof StreamableHTTPError && (error.code ?? 0) >= 300 && url !== undefined) {
    const reply = {
      status: error.code ?? 500,
      method: 'POST',
      url: url.href,
      headers: {},
      body: Buffer.alloc(0),
    };
    return statusFault(reply, reference, authorization);
  }
  if (error instanceof McpError && error.code === requestTimeout) {
    const detail = `${label} gave no complete answer within ${timeoutMs} ms`;
    return standardFault('timeout', reference, detail, { title: 'Request Timeout', cause: error });
  }
  if (error instanceof McpError) {
    return standardFault('runtime', reference, `${label} answered: ${error.message}`, {
      title: 'MCP Error',
      cause: error,
    });
  }
  const message = isNativeError(error) ? error.message : String(error);
  return standardFault('communication', reference, `${label} gave no answer of MCP: ${message}`, {
    status: 502,
    title: 'Invalid Response',
    cause: error,
  });
}

/** The fault for a tool that says of its own result that it is an error. The detail is what it wrote. */
export function toolFault(result: JsonObject, label: string, reference: string): WorkflowFault {
  const content = Array.isArray(result.content) ? (result.content as readonly unknown[]) : [];
  const texts = content.flatMap((item) =>
    isJsonObject(item) && typeof item.text === 'string' ? [item.text] : [],
  );
  const said = texts.length === 0 ? '' : `: ${texts.join('\n')}`;
  return standardFault('runtime', reference, `${label} reported an error${said}`, { title: 'Tool Error' });
}
