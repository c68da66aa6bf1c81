import type { Metadata } from "next";
import { Suspense } from "react";
import { LoginForm } from "./login-form";

export const metadata: Metadata = { title: "Log in" };

interface Props {
  searchParams: Promise<{ next?: string | string[] }>;
}

export default function LoginPage(props: Props) {
  return (
    <>
      <h1>Log in</h1>
      <Suspense>
        <Form {...props} />
      </Suspense>
      <p className="quiet">
        Two accounts to try: <code>ada@example.com</code> with the password{" "}
        <code>analytical engine</code>, and <code>grace@example.com</code> with{" "}
        <code>flow-matic 1955</code>.
      </p>
    </>
  );
}

async function Form({ searchParams }: Props) {
  const { next = "/" } = await searchParams;
  return <LoginForm next={String(next)} />;
}
