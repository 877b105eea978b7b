/** Servers whose programs come as jars, which Maven fetches once into the user's cache. */
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureTools, systemCache } from '../system/packages.ts';
import { runCommand } from '../system/run-command.ts';

const tools = [
  { program: 'java', package: 'openjdk-17-jre-headless' },
  { program: 'mvn', package: 'maven' },
];

/** A folder with these artifacts (`GROUP:NAME:VERSION`) and all that they need, by the name of the server's version. */
export async function jarsOf(name: string, artifacts: readonly string[]): Promise<string> {
  await ensureTools(tools);
  const folder = join(await systemCache(), name);
  const complete = join(folder, 'complete');
  const isThere = await access(complete).then(
    () => true,
    () => false,
  );
  if (isThere) return folder;
  console.log(`  fetching ${name} with Maven into ${folder}`);
  await mkdir(folder, { recursive: true });
  const pom = join(folder, 'pom.xml');
  await writeFile(pom, project(artifacts));
  const args = ['-q', '-B', 'dependency:copy-dependencies', '-f', pom, `-DoutputDirectory=${folder}`];
  await runCommand('mvn', args, { timeoutMs: 400_000 });
  await writeFile(complete, '');
  return folder;
}

function project(artifacts: readonly string[]): string {
  const dependencies = artifacts.map((artifact) => {
    const [group, name, version] = artifact.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>perdure.test</groupId><artifactId>server</artifactId><version>1</version><dependencies>
${dependencies.join('\n')}
</dependencies></project>
`;
}
