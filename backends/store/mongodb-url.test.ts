import { parseMongoUrl } from './mongodb-url.ts';

test('the name tells hosts and database, nothing confidential; a database that is not named is ours', () => {
  expect(parseMongoUrl('mongodb://ann:p%40ss@a:1,b:2/shop?replicaSet=rs')).toMatchObject({
    name: 'mongodb://a:1,b:2/shop',
    database: 'shop',
  });
  expect(parseMongoUrl('mongodb+srv://ann:p@ss@cluster.example')).toMatchObject({
    name: 'mongodb+srv://cluster.example',
    database: 'perdure',
  });
});

test('what the URL says goes before our defaults, in whatever case it is written', () => {
  const { connection, deadlineMs } = parseMongoUrl('mongodb://a/x?serverselectiontimeoutms=100&tls=true');
  expect(connection).toMatch(/^mongodb:\/\/a\/x\?serverselectiontimeoutms=100&tls=true&appName=perdure&/);
  expect(connection.match(/serverselectiontimeoutms/gi)).toHaveLength(1);
  expect(deadlineMs).toBe(12_100);
});
