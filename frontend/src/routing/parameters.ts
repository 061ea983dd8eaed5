/**
 * What is asked stands after `#`: browsers send that part to nobody, so that no log on the way holds it. Parameters
 * after `?` are read as well.
 */
export function readParameters(search: string, hash: string): URLSearchParams {
  const parameters = new URLSearchParams(search);
  for (const [name, value] of new URLSearchParams(hash.replace(/^#/, ''))) parameters.append(name, value);
  return parameters;
}
