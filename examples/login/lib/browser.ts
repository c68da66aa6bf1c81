const browsers = { Firefox: "Firefox", Edg: "Edge", Chrome: "Chrome", Safari: "Safari" };
const systems = {
  Android: "Android",
  iPhone: "an iPhone",
  iPad: "an iPad",
  "Mac OS": "a Mac",
  Windows: "Windows",
  Linux: "Linux",
};

/** “Chrome on Android”: enough for people to know their own devices by. */
export function browserOf(userAgent: string | null) {
  const nameIn = (names: Record<string, string>) =>
    Object.entries(names).find(([part]) => userAgent?.includes(part))?.[1];
  return `${nameIn(browsers) ?? "A browser"} on ${nameIn(systems) ?? "a device"}`;
}
