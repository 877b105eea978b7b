import { attributeStatus, executionIdentity, executionStatus } from './execution-view.ts';
import { hasEnded, isHeld, runsDefinition } from './execution-view.ts';

describe('the status of an execution', () => {
  it.each([
    ['COMPLETED', 'completed'],
    ['FAILED', 'faulted'],
    ['TIMED_OUT', 'faulted'],
    ['CANCELLED', 'cancelled'],
    ['TERMINATED', 'cancelled'],
    ['RUNNING', 'running'],
    ['CONTINUED_AS_NEW', 'running'],
    ['PAUSED', 'suspended'],
    ['UNKNOWN', 'running'],
  ] as const)('%s on Temporal is %s', (temporal, status) => {
    expect(executionStatus(temporal)).toBe(status);
  });

  it('is refined by the execution itself only while it runs', () => {
    expect(executionStatus('RUNNING', 'waiting')).toBe('waiting');
    expect(executionStatus('TERMINATED', 'waiting')).toBe('cancelled');
  });

  it('does not believe a running execution that says it has ended', () => {
    expect(executionStatus('RUNNING', 'completed')).toBe('running');
  });

  it('is faulted and open where the execution is held', () => {
    expect(executionStatus('RUNNING', 'faulted')).toBe('faulted');
    expect(isHeld('RUNNING', 'faulted')).toBe(true);
    expect(isHeld('FAILED', 'faulted')).toBe(false);
    expect(isHeld('RUNNING', 'waiting')).toBe(false);
  });

  it('has not ended where a later run goes on', () => {
    expect(hasEnded('CONTINUED_AS_NEW')).toBe(false);
    expect(hasEnded('TERMINATED')).toBe(true);
  });
});

it('tells executions of definitions by the dot in their type', () => {
  expect(runsDefinition({ type: 'shop.fulfil' })).toBe(true);
  expect(runsDefinition({ type: 'approval' })).toBe(false);
});

describe('the identity of an execution', () => {
  const described = {
    workflowId: 'order-1',
    runId: 'run-1',
    type: 'shop.fulfil',
    memo: { perdureWorkflow: 'shop/fulfil' },
    searchAttributes: {
      PerdureDefinition: ['shop/fulfil'],
      PerdureVersion: ['1.2.0'],
      PerdureStatus: ['waiting'],
    },
  };

  it('speaks of the workflow as the start did', () => {
    expect(executionIdentity(described)).toEqual({
      id: 'order-1',
      runId: 'run-1',
      workflow: 'shop/fulfil',
      version: '1.2.0',
    });
    expect(attributeStatus(described)).toBe('waiting');
  });

  it('falls back to the type of a workflow that Perdure did not start', () => {
    const foreign = { workflowId: 'x', runId: 'r', type: 'someoneElses', searchAttributes: {} };
    expect(executionIdentity(foreign)).toMatchObject({ workflow: 'someoneElses' });
    expect(attributeStatus(foreign)).toBeUndefined();
  });
});
