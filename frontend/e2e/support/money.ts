import { expect, type Locator } from "@playwright/test";

/** `€1,234.50` as 123450; `Free` as 0. */
export function minor(text: string): number {
  if (/free/i.test(text)) return 0;
  const digits = /(\d[\d,]*)\.(\d\d)/.exec(text);
  expect(digits, `an amount in “${text}”`).not.toBeNull();
  const amount = Number(digits?.[1]?.replaceAll(",", "")) * 100 + Number(digits?.[2]);
  return /[−-]/.test(text) ? -amount : amount;
}

/** 123450 as `€1,234.50`. */
export function euros(amount: number): string {
  return new Intl.NumberFormat("en-US", { style: "currency", currency: "EUR" }).format(amount / 100);
}

/** The rows of a sum: name and amount. */
export async function rowsOf(summary: Locator): Promise<[string, number][]> {
  const names = await summary.getByRole("term").allInnerTexts();
  const amounts = await summary.getByRole("definition").allInnerTexts();
  return names.map((name, at) => [name, minor(amounts[at] ?? "")]);
}

/** Expects goods, discount and delivery to make the total, and the tax inside it to be 19 %; gives the total. */
export async function expectAddsUp(summary: Locator): Promise<number> {
  const rows = await rowsOf(summary);
  const total = rows.find(([name]) => name === "Total")?.[1] ?? Number.NaN;
  const parts = rows.filter(([name]) => name !== "Total" && !name.startsWith("of which"));
  expect(parts.reduce((sum, [, amount]) => sum + amount, 0), JSON.stringify(rows)).toBe(total);
  const tax = rows.filter(([name]) => name.startsWith("of which")).reduce((sum, [, amount]) => sum + amount, 0);
  expect(Math.abs(tax - (total * 19) / 119), JSON.stringify(rows)).toBeLessThanOrEqual(rows.length);
  return total;
}
