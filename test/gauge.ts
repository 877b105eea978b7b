/** The value of a metric on the `/metrics` page of a process of the service; NaN where it has none of that name. */
export async function gauge(url: string, name: string): Promise<number> {
  const page = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(page)?.[1]);
}
