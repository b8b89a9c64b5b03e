/** The page that AEM answers to a form. Clients look at its status alone. */
export function presentCreatedAsset(path: string): string {
  const shown = path.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
  return `<!DOCTYPE html>\n<title>OK</title>\n<dl><dt>Status</dt><dd id="Status">200</dd><dt>Path</dt><dd id="Path">${shown}</dd></dl>\n`
}
