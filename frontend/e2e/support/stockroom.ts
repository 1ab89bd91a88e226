import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Whether a test may do what no page and no route can do yet. */
export async function hasStockroom(): Promise<boolean> {
  if (process.env.DATABASE_URL === undefined) return false;
  return ask("SELECT 1").then(
    () => true,
    () => false,
  );
}

/** Changes the price of a variant by so many cents. */
export async function changePrice(variant: string, by: number): Promise<void> {
  await ask(
    `UPDATE price SET amount_minor = amount_minor + ${by}
     WHERE variant_id = '${uuid(variant)}' AND currency = 'EUR' AND min_quantity = 1`,
  );
}

/** Lets an old address lead to a new one. */
export async function redirect(path: string, target: string): Promise<void> {
  await ask(`INSERT INTO slug_redirect (path, target) VALUES ('${path}', '${target}') ON CONFLICT DO NOTHING`);
}

/** How many orders name an address, paid or not. */
export async function ordersOf(email: string): Promise<number> {
  return Number(await ask(`SELECT count(*) FROM orders WHERE email = '${email}'`));
}

function uuid(id: string): string {
  return id.slice(id.indexOf("_") + 1);
}

async function ask(sql: string): Promise<string> {
  const url = process.env.DATABASE_URL ?? "";
  const { stdout } = await promisify(execFile)("psql", [url, "-v", "ON_ERROR_STOP=1", "-qtAc", sql]);
  return stdout.trim();
}
