/** Small definitions, one for each thing that the engine does on the server in a way of its own. */
import type { Json } from '../../dsl/json.ts';

export const manoeuvres: Readonly<Record<string, { readonly body: string; readonly input: Json }>> = {
  'nested-everything': {
    body: `
use: { retries: { soon: { delay: { milliseconds: 20 }, backoff: { linear: {} }, limit: { attempt: { count: 2 } } } } }
do:
  - each:
      for: { in: '\${ .numbers }', each: number }
      do:
        - both:
            fork:
              branches:
                - risky:
                    try:
                      - fail: { raise: { error: { type: 'https://x.test/odd', status: 503, title: Odd } } }
                    catch:
                      retry: soon
                      do: [{ mend: { set: { mended: '\${ $number }' } } }]
                - pause: { wait: { milliseconds: 30 } }
            output: { as: '\${ $input + { seen: (($input.seen // []) + [.[0].mended]) } }' }
`,
    input: { numbers: [1, 2] },
  },
  'timeout-caught': {
    body: `
do:
  - risky:
      try: [{ slow: { timeout: { after: { milliseconds: 100 } }, wait: { hours: 1 } } }]
      catch: { errors: { with: { status: 408 } }, do: [{ late: { set: { late: true } } }] }
`,
    input: {},
  },
  race: {
    body: `
do:
  - race: { fork: { compete: true, branches: [{ slow: { wait: { hours: 1 } } }, { fast: { wait: { milliseconds: 20 } } }] } }
`,
    input: {},
  },
  'long-pure-loop': {
    body: `
do:
  - count: { for: { in: '\${ [range(2500)] }' }, do: [{ add: { set: { n: '\${ (.n // 0) + 1 }' } } }] }
`,
    input: {},
  },
  'faults-uncaught': {
    body: `
do:
  - ask: { call: http, with: { method: get, endpoint: '$SERVICES/nothing-here' } }
`,
    input: {},
  },
  'waits-long-enough-to-show': {
    body: `
do:
  - pause: { wait: { seconds: 6 } }
`,
    input: {},
  },
  functions: {
    body: `
use:
  functions:
    price: { input: { schema: { document: { type: object, required: [sku] } } }, call: http, with: { method: get, endpoint: '\${ .services + "/stock/" + .sku }' }, output: { as: .price } }
    both: { do: [{ first: { call: price, with: { services: '\${ .services }', sku: teapot }, output: { as: '\${ $input + { first: . } }' } } }, { pause: { wait: { milliseconds: 20 } } }, { second: { call: price, with: { services: '\${ .services }', sku: whisk }, output: { as: '\${ $input.first + . }' } } }] }
do:
  - sum: { call: both, with: { services: '$SERVICES' } }
  - check: { call: 'http-health:1.0.0@default', with: { url: '$SERVICES/nothing-here' } }
`,
    input: {},
  },
  extensions: {
    body: `
use:
  extensions:
    - slow: { extend: call, before: [{ pause: { wait: { milliseconds: 20 } } }], after: [{ rest: { wait: { milliseconds: 20 } } }] }
    - stand-in: { extend: emit, before: [{ instead: { set: { emitted: false }, then: exit } }] }
do:
  - ask: { call: http, with: { method: get, endpoint: '$SERVICES/stock/teapot' } }
  - tell: { emit: { event: { with: { type: test.told, source: 'https://x.test' } } } }
`,
    input: {},
  },
  locks: {
    body: `
do:
  - guarded:
      metadata: { lock: { key: 'histories/\${ .name }', ttl: { seconds: 20 }, wait: PT1M } }
      for: { in: '\${ [1, 2] }' }
      do: [{ ask: { call: http, with: { method: get, endpoint: '$SERVICES/stock/teapot' } } }, { pause: { wait: { milliseconds: 20 } } }]
      output: { as: '\${ { held: ($task.lock.token != null) } }' }
  - outer:
      metadata: { lock: { key: histories/outer } }
      try:
        - inner: { metadata: { lock: { key: histories/outer, wait: { milliseconds: 500 } } }, set: { n: 1 } }
      catch: { errors: { with: { status: 408 } }, do: [{ late: { set: '\${ . + { late: true } }' } }] }
`,
    input: { name: 'one' },
  },
};
