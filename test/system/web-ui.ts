import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium as playwright } from 'playwright-core';
import type { Page } from 'playwright-core';
import { startServices } from '../../examples/services/server.ts';
import { startService } from '../service-process.ts';
import type { Service } from '../service-process.ts';
import { chromium, ensureTools, pathOf, systemCache } from './packages.ts';

/** The calls of examples/order-fulfilment as the timeline names them: activity and task. */
const activities = [
  'callHttp • registerOrder',
  'callHttp • reserveStock',
  'callOpenapi • quoteShipping',
  'callHttp • chargeCard',
  'callHttp • tellCustomer',
  'callHttp • tellWarehouse',
  'callHttp • shipParcel',
];

// Chromium's own traffic would only wait for a network that is not there; its sandbox does not work for root.
const chromiumArguments = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A person finds an execution in the Temporal Web UI by its definition's name, and its tasks by theirs. */
export async function checkWebUi(root: string): Promise<void> {
  await ensureTools([chromium]);
  const shop = await startServices(0);
  const service = await startService(root, { PERDURE_OUTGOING_ALLOW: new URL(shop.url).host });
  try {
    const id = await runOrder(root, service, shop.url);
    await inBrowser((page) => findInWebUi(page, service.uiUrl, id));
  } finally {
    await service.stop();
    await shop.close();
  }
}

/** Resolves to the id of an execution of examples/order-fulfilment that has completed. */
async function runOrder(root: string, service: Service, shopUrl: string): Promise<string> {
  const folder = join(root, 'examples/order-fulfilment');
  const deployed = await fetch(`${service.url}/v1/definitions`, {
    method: 'POST',
    headers: { 'content-type': 'application/yaml' },
    body: await readFile(join(folder, 'definition.yaml'), 'utf8'),
  });
  assert.equal(deployed.status, 201, await deployed.text());
  const input = JSON.parse(await readFile(join(folder, 'input.json'), 'utf8')) as object;
  const started = await fetch(`${service.url}/v1/executions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'wait=30' },
    body: JSON.stringify({
      workflow: 'shop/order-fulfilment',
      input: { ...input, services: shopUrl },
    }),
  });
  const execution = (await started.json()) as { readonly id: string; readonly status: string };
  assert.equal(execution.status, 'completed', JSON.stringify(execution));
  return execution.id;
}

async function findInWebUi(page: Page, uiUrl: string, id: string): Promise<void> {
  await page.goto(`${uiUrl}/namespaces/perdure/workflows`);
  const row = page.getByRole('row').filter({ hasText: id });
  await row.getByText('shop.order-fulfilment').waitFor();
  await row.getByRole('link', { name: id }).click();
  // The page of the execution: its type, then its activities.
  await page.getByRole('heading', { name: id }).waitFor();
  await page.getByRole('link', { name: 'shop.order-fulfilment' }).waitFor();
  await page.getByRole('tab', { name: 'Timeline' }).click();
  for (const activity of activities) await page.getByText(activity, { exact: true }).first().waitFor();
}

/** Runs `visit` on a page; keeps a picture of it when that fails. */
async function inBrowser(visit: (page: Page) => Promise<void>): Promise<void> {
  const browser = await playwright.launch({
    executablePath: await pathOf(chromium.program),
    args: chromiumArguments,
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 1600 } });
    await visit(page).catch(async (error: unknown) => {
      const path = join(await systemCache(), 'web-ui.png');
      await page.screenshot({ path });
      throw new Error(`The Temporal Web UI does not show what it should; see ${path}`, { cause: error });
    });
  } finally {
    await browser.close();
  }
}
