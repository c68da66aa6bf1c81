"use client";
import { useSession } from "./context";

export function Greeting() {
  const { name } = useSession();
  return <p>{name === undefined ? "Signed out" : `Signed in as ${name}`}</p>;
}
