import { expect } from "@playwright/test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** A letter as its reader sees it. */
export interface Letter {
  subject: string;
  text: string;
}

/** All letters to an address that lie in the development mail box. */
export async function lettersTo(address: string): Promise<Letter[]> {
  const folder = process.env.MAIL_DIR ?? "../../.data/mail";
  const names = (await readdir(folder)).filter((name) => name.endsWith(".eml"));
  const letters = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return letters.filter((letter) => header(letter, "To").includes(address)).map(read);
}

/** The letter to an address whose subject fits, once it has come. */
export async function letterTo(address: string, subject: RegExp): Promise<Letter> {
  let letter: Letter | undefined;
  await expect(async () => {
    letter = (await lettersTo(address)).find((one) => subject.test(one.subject));
    expect(letter, `a letter about ${subject} to ${address}`).toBeDefined();
  }).toPass({ timeout: 20_000 });
  return letter as Letter;
}

/** The link of a letter that leads to the order. */
export function orderLink(letter: Letter): string {
  const link = /https?:\/\/\S+\/orders\/\S+/.exec(letter.text);
  expect(link, letter.text).not.toBeNull();
  return link?.[0] ?? "";
}

/** The path of the link in a letter that leads to that page. */
export function pathIn(letter: Letter, page: string): string {
  const link = /https?:\/\/\S+/g;
  const found = (letter.text.match(link) ?? []).map((one) => new URL(one)).find((url) => url.pathname === page);
  expect(found, letter.text).toBeDefined();
  return found === undefined ? "/" : found.pathname + found.search;
}

function header(text: string, name: string): string {
  const head = (text.split(/\r?\n\r?\n/, 1)[0] ?? "").replace(/\r?\n[ \t]+/g, " ");
  return new RegExp(`^${name}: *(.*)$`, "im").exec(head)?.[1] ?? "";
}

function read(letter: string): Letter {
  const boundary = /boundary="?([^";\r\n]+)"?/i.exec(letter)?.[1];
  const parts = boundary === undefined ? [letter] : letter.split(`--${boundary}`).map((part) => part.trimStart());
  const plain = parts.find((part) => /^text\/plain/i.test(header(part, "Content-Type"))) ?? letter;
  const body = plain.split(/\r?\n\r?\n/).slice(1).join("\n\n");
  return { subject: header(letter, "Subject"), text: decoded(body, header(plain, "Content-Transfer-Encoding")) };
}

function decoded(body: string, encoding: string): string {
  if (/base64/i.test(encoding)) return Buffer.from(body, "base64").toString("utf8");
  if (!/quoted-printable/i.test(encoding)) return body;
  const joined = body.replace(/=\r?\n/g, "");
  const bytes = joined.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
