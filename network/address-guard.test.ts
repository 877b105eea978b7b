import { createAddressGuard, specialRange } from './address-guard.ts';

/** The host as a request would see it: the WHATWG URL parser turns every spelling of an address into one. */
function hostOf(form: string): string {
  return new URL(`http://${form}/`).hostname.replace(/^\[(.*)\]$/, '$1');
}

const forbidden: Record<string, readonly string[]> = {
  loopback: [
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '127.255.255.254',
    '2130706433',
    '0x7f000001',
    '0x7f.0.0.1',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '0177.0x0.0.1',
    '00000177.0.0.1',
    '127.0.0.1.',
    '１２７.０.０.１',
    '①②⑦.⓪.⓪.①',
    '%31%32%37.0.0.1',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[0000::0001]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b::7f00:1]',
  ],
  unspecified: ['0.0.0.0', '0', '0x0', '0.1.2.3', '[::]', '[::ffff:0.0.0.0]'],
  private: [
    '10.0.0.1',
    '10.255.255.255',
    '167772161',
    '0xa000001',
    '012.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '192.168.65535',
    '0xc0a80001',
    '[::ffff:10.0.0.1]',
    '[::ffff:c0a8:1]',
    '[64:ff9b::192.168.0.1]',
  ],
  linkLocal: [
    '169.254.0.1',
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '169.254.43518',
    '[::ffff:169.254.169.254]',
    '[::ffff:a9fe:a9fe]',
    '[64:ff9b::a9fe:a9fe]',
    '[fe80::1]',
    '[febf::1]',
  ],
  carrierGradeNat: ['100.64.0.1', '100.100.100.200', '100.127.255.255', '[::ffff:100.64.0.1]'],
  uniqueLocal: ['[fc00::1]', '[fd00:ec2::254]', '[fdff::1]'],
  multicast: ['224.0.0.1', '239.255.255.255', '[ff02::1]', '[ff0e::1]'],
  broadcast: ['255.255.255.255', '4294967295'],
  reserved: [
    '192.0.0.192',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '240.0.0.1',
    '[2001:db8::1]',
  ],
  '6to4': ['[2002:7f00:1::]', '[2002:a9fe:a9fe::1]', '[2002:808:808::]'],
  teredo: ['[2001:0:7f00:1::]', '[2001::1]'],
  metadata: ['168.63.129.16', '[::ffff:168.63.129.16]'],
  'not global': ['[::7f00:1]', '[::127.0.0.1]', '[4000::1]', '[8000::1]'],
  rfc6052: ['[64:ff9b:1::7f00:1]'],
  rfc6145: ['[::ffff:0:127.0.0.1]'],
  deprecatedSiteLocal: ['[fec0::1]'],
  discard: ['[100::1]'],
};

describe('the outgoing address guard', () => {
  for (const [range, forms] of Object.entries(forbidden)) {
    it.each(forms)(`takes %s as ${range}`, (form) => {
      expect(specialRange(hostOf(form))).toBe(range);
    });
  }

  it.each([
    '8.8.8.8',
    '134744072',
    '1.1.1.1',
    '172.32.0.1',
    '100.128.0.1',
    '[2606:4700::1111]',
    '[64:ff9b::8.8.8.8]',
  ])('takes %s as public', (form) => {
    expect(specialRange(hostOf(form))).toBeUndefined();
  });

  it.each(['', 'localhost', 'example.com', '1.2.3.4.5', ':::'])('takes "%s" as not public', (text) => {
    expect(specialRange(text)).toBe('not an IP address');
  });

  it('takes an address with a zone as what it is', () => {
    expect(specialRange('fe80::1%eth0')).toBe('linkLocal');
  });
});

describe('the allow list', () => {
  const allows = (entry: string, host: string, port: number, address: string): boolean =>
    createAddressGuard([entry]).refusal({ host, port }, address) === undefined;

  it.each([
    ['localhost', 'localhost', 8080, '127.0.0.1'],
    ['LocalHost', 'localhost', 8080, '::1'],
    ['localhost:8080', 'localhost.', 8080, '127.0.0.1'],
    ['stock.internal:80', 'stock.internal', 80, '10.1.2.3'],
    ['127.0.0.1', '127.0.0.1', 99, '127.0.0.1'],
    ['127.0.0.1:99', 'alias.internal', 99, '127.0.0.1'],
    ['127.1', '127.0.0.1', 99, '127.0.0.1'],
    ['127.0.0.1', '::ffff:7f00:1', 99, '::ffff:7f00:1'],
    ['::1', '::1', 99, '::1'],
    ['[::1]', '::1', 99, '::1'],
    ['[::1]:99', '0:0::1', 99, '::1'],
    [' localhost ', 'localhost', 1, '127.0.0.1'],
  ])('%s lets %s:%d at %s through', (entry, host, port, address) => {
    expect(allows(entry, host, port, address)).toBe(true);
  });

  it.each([
    ['localhost:8080', 'localhost', 8081, '127.0.0.1'],
    ['localhost', 'localhost.evil.example', 80, '127.0.0.1'],
    ['localhost', 'evil.localhost', 80, '127.0.0.1'],
    ['example.com', '127.0.0.1', 80, '127.0.0.1'],
    ['127.0.0.1', '127.0.0.2', 80, '127.0.0.2'],
    ['[::1]:99', '::1', 98, '::1'],
  ])('%s does not let %s:%d at %s through', (entry, host, port, address) => {
    expect(allows(entry, host, port, address)).toBe(false);
  });

  it.each(['', 'a b', 'http://localhost', 'localhost:99999', 'localhost:port', '10.0.0.0/8'])(
    'refuses the entry "%s" and names it',
    (entry) => {
      expect(() => createAddressGuard([entry])).toThrow(`"${entry}" is not a host, host:port or IP address`);
    },
  );
});
