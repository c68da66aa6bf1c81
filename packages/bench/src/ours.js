/** What is ours among the contenders, and the floor that is nobody's. */
const ours = ["floor", "signed", "signed, compressed", "sealed", "flask"];

export function isPeer(name) {
  return !ours.includes(name);
}
