import type { SessionOptions } from "next-signed-session";

export const options: SessionOptions = {
  ...(process.env.FIXTURE_FORMAT === "sealed" && { format: "sealed" }),
};
