/** A shop that keeps its sessions with iron-session in each of the ways that iron-session's own examples have. */
export const SHOP: Record<string, string> = {
  "app/basket/lib.ts": `import { SessionOptions } from "iron-session";

export interface Basket {
  owner: string;
  isOpen: boolean;
  items: number;
}

export const emptyBasket: Basket = { owner: "", isOpen: false, items: 0 };

// Lasts a week.
export const basketOptions: SessionOptions = {
  cookieName: "basket",
  password: process.env.BASKET_PASSWORD as string,
  ttl: 60 * 60 * 24 * 7,
  cookieOptions: {
    secure: process.env.NODE_ENV === "production",
    sameSite: "strict",
  },
};
`,
  "app/basket/use-basket.ts": `"use client";
import { useState } from "react";
import { type Basket, emptyBasket } from "./lib";

export const useBasket = () => useState<Basket>(emptyBasket);
`,
  "app/basket/empty.ts": `import { basketOptions, emptyBasket } from "./lib";

export const empty = emptyBasket;
`,
  "app/basket/api/route.ts": `import { cookies } from "next/headers";
import { getIronSession } from "iron-session";
import { redirect } from "next/navigation";
import { type Basket, basketOptions, emptyBasket } from "../lib";

export async function PATCH() {
  const session = await getIronSession<Basket>(await cookies(), basketOptions);
  session.items++;
  await session.save();
  return Response.json(session);
}

export async function POST(request: Request) {
  const session = await getIronSession<Basket>(await cookies(), basketOptions);
  const { owner } = await request.json();
  session.owner = owner;
  session.isOpen = true;
  await session.save();
  return Response.json(session);
}

export async function GET(request: Request) {
  const session = await getIronSession<Basket>(await cookies(), basketOptions);
  if (new URL(request.url).searchParams.has("close")) {
    session.destroy();
    redirect("/basket");
  }
  return Response.json(session.isOpen ? session : emptyBasket);
}
`,
  "app/basket/page.tsx": `import { cookies } from "next/headers";
import { getIronSession, IronSession } from "iron-session";
import { Basket, basketOptions } from "@/app/basket/lib";

async function getSession() {
  const session = await getIronSession<Basket>(await cookies(), basketOptions);
  return session;
}

const nameOf = (session: IronSession<Basket>) => session.owner;

export default async function Page() {
  const session = await getSession();
  return <p>{nameOf(session)}</p>;
}
`,
  "app/login/session.ts": `import { cookies } from "next/headers";
import { getIronSession, type SessionOptions } from "iron-session";

export type Login = { user: string };

const options: SessionOptions = {
  cookieName: "login",
  password: { 1: process.env.OLD_PASSWORD!, 2: process.env.NEW_PASSWORD! },
  cookieOptions: { maxAge: undefined },
};

export async function getLogin() {
  const store = await cookies();
  return getIronSession<Login>(store, options);
}
`,
  "app/login/actions.ts": `"use server";
import { revalidatePath } from "next/cache";
import { getLogin } from "./session";

export async function logIn(form: FormData) {
  const session = await getLogin();
  session.user = String(form.get("user"));
  await session.save();
  revalidatePath("/");
}

export async function logOut() {
  const session = await getLogin();
  if (session.user) session.destroy();
  revalidatePath("/");
}
`,
  "lib/visitor.ts": `import type { SessionOptions } from "iron-session";

export interface Visitor {
  name: string;
}

export const visitorOptions: SessionOptions = {
  cookieName: "visitor",
  password: process.env.VISITOR_PASSWORD!,
};
`,
  "pages/api/visitor.ts": `import type { NextApiRequest, NextApiResponse } from "next";
import { getIronSession } from "iron-session";
import { type Visitor, visitorOptions } from "../../lib/visitor";

export default async function handler(req: NextApiRequest, res: NextApiResponse) {
  const session = await getIronSession<Visitor>(
    req,
    res,
    visitorOptions,
  );
  switch (req.method) {
    case "POST":
      session.name = req.body.name;
      await session.save();
      break;
    case "DELETE":
      await session.destroy();
  }
  res.json(session);
}
`,
  "pages/visitor.tsx": `import type { GetServerSideProps } from "next";
import { getIronSession } from "iron-session";
import { type Visitor, visitorOptions } from "@/lib/visitor";

export const getServerSideProps: GetServerSideProps = async ({ req, res }) => {
  const session = await getIronSession<Visitor>(req, res, visitorOptions);
  return { props: { session } };
};

export default function Page({ session }: { session: Visitor }) {
  return <p>{session.name}</p>;
}
`,
};

/** What only a person can move. */
export const BY_HAND: Record<string, string> = {
  "app/lib.ts": `import { SessionOptions } from "iron-session";

export interface Data {
  user: string;
}

export const options: SessionOptions = {
  cookieName: "plain",
  password: process.env.PASSWORD!,
};
`,
  "app/read.ts": `import { cookies } from "next/headers";
import { getIronSession } from "iron-session";
import { type Data, options } from "./lib";

export const read = async () => getIronSession<Data>(await cookies(), options);

export const end = (session: Awaited<ReturnType<typeof read>>) => session.destroy();
`,
  "app/remember/route.ts": `import { cookies } from "next/headers";
import { getIronSession } from "iron-session";
import { type Data, options } from "../lib";

export async function POST() {
  const session = await getIronSession<Data>(await cookies(), options);
  session.updateConfig({ ...options, cookieOptions: { maxAge: undefined } });
  await session.save();
}
`,
  "app/taken/route.ts": `import { cookies } from "next/headers";
import { getIronSession } from "iron-session";
import { type Data, options } from "../lib";

export async function POST() {
  const { save } = await getIronSession<Data>(await cookies(), options);
  await save();
}
`,
  "app/link/route.ts": `import { sealData, unsealData } from "iron-session";
import { options } from "../lib";

export const seal = (email: string) => sealData({ email }, { password: options.password });
export const unseal = (link: string) => unsealData(link, { password: options.password });
`,
  "proxy.ts": `import { cookies } from "next/headers";
import { getIronSession } from "iron-session";
import { type Data, options } from "./app/lib";
import { read } from "./app/read";

export async function proxy() {
  const session = await getIronSession<Data>(await cookies(), options);
  if (!session.user) return new Response(null, { status: 401 });
  return (await read()) && undefined;
}
`,
  "app/chosen/route.ts": `import { cookies } from "next/headers";
import { getIronSession } from "iron-session";
import { type Data, options } from "../lib";

const all = { one: options };

const read = async (isOne: boolean) => {
  if (isOne) return getIronSession<Data>(await cookies(), all.one);
  return getIronSession<Data>(await cookies(), options);
};

export async function DELETE() {
  const session = await read(true);
  session.destroy();
}
`,
  "app/star/route.ts": `import { cookies } from "next/headers";
import * as iron from "iron-session";
import { options } from "../lib";

export async function DELETE() {
  const session = await iron.getIronSession(await cookies(), options);
  session.destroy();
}
`,
  "app/old/route.js": `import { withIronSessionApiRoute } from "iron-session/next";
const { getIronSession } = require("iron-session");

export default withIronSessionApiRoute(() => getIronSession);
`,
};

/** Options that have no certain equivalent, each with the words that say why. */
export const UNCLEAR_OPTIONS: readonly (readonly [options: string, why: string])[] = [
  ["{ ...shared, password: PASSWORD }", "not in sight"],
  ["{ cookieName: 'a', password: PASSWORD, onUnsealError() {} }", "not in sight"],
  ["{ cookieName: 'a', password: PASSWORD, onUnsealError: console.warn }", "onReject"],
  [
    "{ cookieName: 'a', password: PASSWORD, cookieOptions: { expires: new Date() } }",
    "idleTimeout",
  ],
  ["{ cookieName: 'a', password: PASSWORD, cookieOptions: { encode: String } }", "equivalent"],
  ["{ cookieName: 'a', password: PASSWORD, cookieOptions: { maxAge: WEEK() } }", "shorter one"],
  ["{ cookieName: 'a', password: PASSWORD, cookieOptions: { sameSite: false } }", "lax"],
  ["{ cookieName: 'a', password: PASSWORD, cookieOptions: WEEK() }", "not in sight"],
  ["{ cookieName: 'a', password: secretOf() }", "export it"],
  ["{ cookieName: 'a' } as never", "password"],
  ["{ cookieName: 'a', password: PASSWORD }; options.ttl = 60", "changed here"],
];

/** One route that reads, with these options. */
export const routeWith = (options: string, more = "") => ({
  "route.ts": `import { cookies } from "next/headers";
import { getIronSession } from "iron-session";
${more}
export async function GET() {
  return Response.json(await getIronSession(await cookies(), ${options}));
}
`,
});
