const format = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "long",
  timeStyle: "medium",
  timeZone: "UTC",
});

export function longDate(date: Date) {
  return `${format.format(date)} UTC`;
}
