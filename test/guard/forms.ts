/** Ways to write a destination that definitions must not reach, each with whether it leads to this machine without the guard. */
import type { LookupAddress } from 'node:dns';

interface Form {
  readonly host: string;
  /** Whether a connection to it reaches a server of this machine. */
  readonly isRouted: boolean;
}

const routed = [
  // Literals.
  '127.0.0.1',
  '127.8.8.8',
  '127.255.255.254',
  '0.0.0.0',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000::0001]',
  '[::]',
  // IPv4 inside of IPv6.
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[::ffff:0.0.0.0]',
  // Shortened, decimal, hexadecimal, octal and mixed.
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0x7f.1',
  '0177.0.0.1',
  '0177.0x0.0.1',
  '017700000001',
  '00000177.0.0.1',
  '0',
  '0x0',
  // Names.
  'localhost',
  'LOCALHOST',
  'a.guard.test',
  'aaaa.guard.test',
  'both.guard.test',
  'mapped.guard.test',
  'unspecified.guard.test',
];

const unrouted = [
  '10.0.0.1',
  '167772161',
  '0xa000001',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '192.168.65535',
  '100.64.0.1',
  '100.100.100.200',
  '169.254.169.254',
  '2852039166',
  '0251.0376.0251.0376',
  '168.63.129.16',
  '192.0.0.192',
  '198.18.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '224.0.0.1',
  '[::ffff:10.0.0.1]',
  '[::ffff:169.254.169.254]',
  '[fe80::1]',
  '[fd00:ec2::254]',
  '[fc00::1]',
  '[ff02::1]',
  '[fec0::1]',
  '[2001:db8::1]',
  // NAT64, 6to4, Teredo and other embeddings.
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::a9fe:a9fe]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2002:a9fe:a9fe::1]',
  '[2001:0:7f00:1::]',
  '[::127.0.0.1]',
  '[::ffff:0:127.0.0.1]',
  'private.guard.test',
  'metadata.guard.test',
  'nat64.guard.test',
];

/** At least 60. */
export const forms: readonly Form[] = [
  ...routed.map((host) => ({ host, isRouted: true })),
  ...unrouted.map((host) => ({ host, isRouted: false })),
];

/** Forms that only a URL's parser reads as addresses. */
export const urlForms: readonly string[] = ['１２７.０.０.１', '①②⑦.⓪.⓪.①', '%31%32%37.0.0.1', '127.0.0.1.'];

/** What the names under guard.test lead to. */
export const zone: Readonly<Record<string, readonly LookupAddress[]>> = {
  'a.guard.test': [{ address: '127.0.0.1', family: 4 }],
  'aaaa.guard.test': [{ address: '::1', family: 6 }],
  'both.guard.test': [
    { address: '::1', family: 6 },
    { address: '127.0.0.1', family: 4 },
  ],
  'mapped.guard.test': [{ address: '::ffff:127.0.0.1', family: 6 }],
  'unspecified.guard.test': [{ address: '0.0.0.0', family: 4 }],
  'private.guard.test': [{ address: '10.1.2.3', family: 4 }],
  'metadata.guard.test': [{ address: '169.254.169.254', family: 4 }],
  'nat64.guard.test': [{ address: '64:ff9b::7f00:1', family: 6 }],
};
