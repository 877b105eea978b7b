/** Small definitions that listen, one for each way to consume events, with what is sent to them while they wait. */
import type { Json } from '../../dsl/json.ts';

interface Sent {
  readonly type: string;
  readonly data: Json;
  readonly [attribute: string]: Json;
}

export const listeners: Readonly<Record<string, { readonly body: string; readonly events: readonly Sent[] }>> = {
  'listen-all-correlated': {
    body: `
do:
  - both:
      listen:
        to:
          all:
            - { with: { type: h.temperature }, correlate: { room: { from: .roomid } } }
            - { with: { type: h.humidity, data: '\${ . > 40 }' }, correlate: { room: { from: .roomid } } }
        read: envelope
`,
    events: [
      { type: 'h.temperature', data: 20, roomid: 'kitchen' },
      { type: 'h.humidity', data: 50, roomid: 'bath' },
      { type: 'h.humidity', data: 60, roomid: 'kitchen' },
    ],
  },
  'listen-foreach-until-consumed': {
    body: `
do:
  - each:
      listen:
        to: { any: [{ with: { type: h.reading } }], until: { one: { with: { type: h.end } } } }
      foreach:
        item: reading
        do:
          - pause: { wait: { milliseconds: 20 } }
          - double: { set: { n: '\${ $reading * 2 }' } }
        output: { as: .n }
        export: { as: '\${ { last: $reading } }' }
  - tell: { set: { all: '\${ . }', last: '\${ $context.last }' } }
`,
    events: [
      { type: 'h.reading', data: 1 },
      { type: 'h.reading', data: 2 },
      { type: 'h.end', data: null },
    ],
  },
  'listen-in-branches-and-timeout': {
    body: `
do:
  - both:
      fork:
        branches:
          - hears: { listen: { to: { one: { with: { type: h.branch } } } } }
          - tries:
              try:
                - late: { timeout: { after: { milliseconds: 300 } }, listen: { to: { any: [{ with: { type: h.never } }] } } }
              catch: { errors: { with: { status: 408 } }, do: [{ gaveUp: { set: { late: true } } }] }
`,
    events: [{ type: 'h.branch', data: 'heard' }],
  },
};
