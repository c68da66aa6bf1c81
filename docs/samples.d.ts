/*
 * What the samples in these documents use and do not show. They are compiled with it, each under the
 * path that its first line names; what a document shows itself comes before what is declared here.
 */

interface User {
  id: string;
}
declare function checkPassword(form: FormData): Promise<User>;

declare const getSession: typeof import("@/lib/session").getSession;

declare module "@/lib/session" {
  import type { GetSession } from "next-signed-session";
  export const getSession: GetSession<{
    userId: string;
    user: User;
    name: string;
    visits: number;
    cart: Record<string, number>;
  }>;
}

declare module "@/lib/session" {
  export function getPublicSession(): Promise<{ name?: string; expiresAt?: Date; readAt: Date }>;
}

declare module "@/lib/session-context" {
  import type { ReactNode } from "react";
  import type { getPublicSession } from "@/lib/session";

  type Public = Awaited<ReturnType<typeof getPublicSession>>;
  export function useSession(): Public;
  export function SessionProvider(props: {
    session: Promise<Public>;
    children?: ReactNode;
  }): ReactNode;
}

declare module "@/lib/users" {
  export function findUser(email: string, password: string): Promise<User | undefined>;
  export function setPassword(userId: string, password: string): Promise<void>;
  export function revokedBefore(userId: string): Promise<Date | undefined>;
  export function setRevokedBefore(userId: string, time: Date): Promise<void>;
  export function userByEmail(email: string): Promise<User | undefined>;
}

declare module "@/lib/database" {
  import type { SessionStore } from "next-signed-session";
  export const store: SessionStore;
  export const sql: {
    text(query: string, ...parameters: unknown[]): Promise<string | undefined>;
    texts(query: string, ...parameters: unknown[]): Promise<string[]>;
    /** How many rows it changed. */
    run(query: string, ...parameters: unknown[]): Promise<number>;
  };
}

/** A database that a test has for itself. */
declare module "@/test/database" {
  export const database: { start(): Promise<void>; stop(): Promise<void> };
}

declare module "@/app/cart/actions" {
  export function addToCart(form: FormData): Promise<void>;
}

declare module "@/app/login/actions" {
  export function login(form: FormData): Promise<void>;
}

declare module "@opentelemetry/api" {
  export const metrics: {
    getMeter(name: string): {
      createCounter(name: string): {
        add(value: number, attributes?: Record<string, string>): void;
      };
    };
  };
}

/** Of Auth.js. */
declare module "@/auth" {
  export function auth(): Promise<{ user?: { id?: string } } | null>;
}
