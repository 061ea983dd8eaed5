const BROWSERS: [RegExp, string][] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/(Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: [RegExp, string][] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

/** Enough to recognise one's own: "Firefox, Windows". Most browsers name others as well; the first of the list counts. */
export function browserOf(agent: string): string {
  const first = (among: [RegExp, string][]) => among.find(([pattern]) => pattern.test(agent))?.[1];
  const known = [first(BROWSERS), first(SYSTEMS)].filter((one) => one !== undefined);
  return known.length > 0 ? known.join(', ') : agent;
}
