/** A container image of one layer, as a registry hands it out: OCI image manifest, configuration, layer. */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { busybox, pathOf } from '../../../system/packages.ts';
import { runCommand } from '../../../system/run-command.ts';

/** Content by its digest. */
export interface Blob {
  readonly digest: string;
  readonly content: Buffer;
}

export interface Image {
  readonly manifest: Blob;
  readonly blobs: readonly Blob[];
}

export const manifestType = 'application/vnd.oci.image.manifest.v1+json';

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Packs one static program with the names of a few. */
export async function packLayer(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'perdure-image-'));
  try {
    await mkdir(join(folder, 'bin'));
    await copyFile((await pathOf(busybox.program)) ?? busybox.program, join(folder, 'bin/busybox'));
    for (const name of ['sh', 'cat', 'echo']) await symlink('busybox', join(folder, 'bin', name));
    const archive = join(folder, 'layer.tar');
    await runCommand('tar', ['--create', '--file', archive, '--directory', folder, 'bin']);
    return await readFile(archive);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An image with this layer that runs `command` unless told otherwise. */
export function imageOf(layer: Buffer, command: readonly string[]): Image {
  const packed = blob(gzipSync(layer));
  const config = blob(
    JSON.stringify({
      architecture: architectures[process.arch] ?? process.arch,
      os: 'linux',
      config: { Cmd: command },
      rootfs: { type: 'layers', diff_ids: [blob(layer).digest] },
    }),
  );
  const manifest = {
    schemaVersion: 2,
    mediaType: manifestType,
    config: described('application/vnd.oci.image.config.v1+json', config),
    layers: [described('application/vnd.oci.image.layer.v1.tar+gzip', packed)],
  };
  return { manifest: blob(JSON.stringify(manifest)), blobs: [packed, config] };
}

function blob(content: Buffer | string): Blob {
  const bytes = Buffer.from(content);
  return { digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, content: bytes };
}

function described(mediaType: string, { digest, content }: Blob): object {
  return { mediaType, digest, size: content.length };
}
