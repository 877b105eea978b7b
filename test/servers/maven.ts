import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureTools, systemCache, type Tool } from '../system/packages.ts';
import { runCommand } from '../system/run-command.ts';

export const java: Tool = { program: 'java', package: 'openjdk-17-jre-headless' };

/**
 * The folder with an artifact's jar and those that it needs: `artifacts` are `group:name:version`. Maven fetches them
 * once into the user's cache.
 */
export async function mavenJars(name: string, artifacts: readonly string[]): Promise<string> {
  const folder = join(await systemCache(), name);
  const complete = join(folder, 'complete');
  const isThere = await access(complete).then(
    () => true,
    () => false,
  );
  if (isThere) return folder;
  await ensureTools([{ program: 'mvn', package: 'maven' }]);
  console.log(`  fetching ${name} with Maven into ${folder}`);
  await mkdir(folder, { recursive: true });
  const pom = join(folder, 'pom.xml');
  const dependencies = artifacts.map((artifact) => {
    const [group, id, version] = artifact.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${id}</artifactId><version>${version}</version></dependency>`;
  });
  await writeFile(
    pom,
    `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>perdure.test</groupId><artifactId>servers</artifactId><version>1</version><dependencies>
${dependencies.join('\n')}
</dependencies></project>
`,
  );
  const args = ['-q', '-B', 'dependency:copy-dependencies', '-f', pom, `-DoutputDirectory=${folder}`];
  await runCommand('mvn', args, { timeoutMs: 400_000 });
  await writeFile(complete, '');
  return folder;
}
